"""Formats of what a sink receives: a module with a function `write` for one item each."""
