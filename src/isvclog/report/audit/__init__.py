"""Output formats for an audit, for people and programs: one module per format, rows in, text out."""
