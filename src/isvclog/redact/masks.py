"""The placeholder for what is hidden."""

REDACTED = "***"
"""Placeholder for text that is hidden because it is secret or may be.

It is what Go's HTTP client, and so the agent, writes for a password. It is ASCII, valid in a URL, needs no escape in
JSON and begins no formula in a spreadsheet. Unlike an ellipsis, it does not look like text that was cut for its length.
"""
