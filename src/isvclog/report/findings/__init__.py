"""Formats of findings: each module turns the results of a run into lines of text."""
