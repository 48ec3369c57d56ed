"""Output formats of `isvclog preview --diff`: a comparison of two states in, text out."""
