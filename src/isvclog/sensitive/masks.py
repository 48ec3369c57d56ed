"""What may be shown of a value that should not be."""


def mask(value: str) -> str:
    """What may be shown of a sensitive value: its first and last two characters, where it is long, and its length."""
    shown = f"{value[:2]}…{value[-2:]}" if len(value) >= 12 else "…"
    return f"{shown} ({len(value)} characters)"
