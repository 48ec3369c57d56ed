"""Formats of a comparison of two audits: `audit --compare`."""
