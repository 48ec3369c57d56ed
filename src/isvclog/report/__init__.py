"""Output formats for findings: one module per format, findings in, text out."""
