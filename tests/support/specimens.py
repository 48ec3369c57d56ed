"""Names and values that must be found or must not, from `tests/sensitive`; all values are made up."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "redact"


def names(kind: str, sensitive: bool) -> list[str]:
    """The lines of a list of names; `kind` is `keys` or `headers`."""
    return _lines(kind, sensitive)


def plain_values() -> list[str]:
    """Values that look like nothing, one of which is empty."""
    return _lines("values", False)


def shaped_values() -> list[tuple[str, str]]:
    """What a value looks like, and the value.

    In the file a bar parts what scanners of repositories would take for a real key, and `\\n` is a line break.
    """
    parts = (line.split("\t") for line in _lines("values", True))
    return [(shape, value.replace("|", "").replace("\\n", "\n")) for shape, value in parts]


def _lines(kind: str, sensitive: bool) -> list[str]:
    name = "true.txt" if sensitive else "false.txt"
    return (FOLDER / kind / name).read_text(encoding="utf-8").removesuffix("\n").split("\n")
