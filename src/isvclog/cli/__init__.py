"""The command line: one module per command, options in, exit code out."""
