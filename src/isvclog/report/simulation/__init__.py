"""Formats of what a simulation reports besides events: a module with a function `write` for one item each."""
