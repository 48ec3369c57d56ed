"""Formats of the amount of events: a module with a function `write` each."""
