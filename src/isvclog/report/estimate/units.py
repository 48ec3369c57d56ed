"""Sizes and durations for people."""

_BINARY = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_STEPS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def shown_size(size: float) -> str:
    """Format a number of bytes: `512 bytes`, `4.1 KiB`."""
    for unit in _BINARY:
        if size < 1024 or unit == _BINARY[-1]:
            break
        size /= 1024
    return f"{_shown(size)} {unit}"


def shown_rate(rate: float) -> str:
    """Format a number of things a second: `400/s`, `0.05/s`."""
    return f"{_shown(rate)}/s"


def shown_duration(seconds: float) -> str:
    """Format a duration by its two largest units: `2 min 45 s`, `12.5 ms`."""
    if seconds < 1:
        return f"{_shown(seconds * 1000)} ms"
    if seconds < 60:
        return f"{_shown(seconds)} s"
    whole = round(seconds)
    first = next(index for index, (length, _) in enumerate(_STEPS) if whole >= length)
    parts = []
    for length, unit in _STEPS[first : first + 2]:
        count, whole = divmod(whole, length)
        if count:
            parts.append(f"{count:,} {unit}")
    return " ".join(parts)


def _shown(number: float) -> str:
    """Format a number with three digits at least, and without zeros at the end."""
    digits = 0 if number >= 100 else 1 if number >= 10 else 2
    text = f"{number:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
