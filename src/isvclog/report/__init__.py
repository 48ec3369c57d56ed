"""Output formats: one module for each format of findings, audits, previews and rules; results in, text out."""
