"""Rows of an audit as people and programs read them: one file per format."""
