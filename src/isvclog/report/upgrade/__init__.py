"""Formats of what an upgrade of KServe changes: those of a comparison, with the releases and what they can do."""
