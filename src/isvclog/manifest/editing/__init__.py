"""Edits of a manifest's text: changes become splices, and the result is parsed again and verified."""
