"""Formats of a check of the surroundings."""
