"""Formats of the shape of events: a module with a function `write` each. They have names of keys, and never values."""
