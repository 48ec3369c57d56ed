"""Formats of admission policies."""
