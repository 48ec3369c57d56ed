"""Output formats of `isvclog preview`: exchange results in, text out."""
