"""The command line: one module for each command. Options go in, an exit code comes out."""
