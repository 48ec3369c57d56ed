"""Masking of sensitive values."""


def mask(value: str) -> str:
    """Mask a sensitive value: show its length and, if it is long, its first and last two characters."""
    shown = f"{value[:2]}…{value[-2:]}" if len(value) >= 12 else "…"
    return f"{shown} ({len(value)} characters)"
