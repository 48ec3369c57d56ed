"""The commands: a module or folder each, which reads options, calls an engine and prints its result."""
