"""What of a manifest a report may repeat: values of annotations and variables may be secret, and logs are kept."""

import re

from isvclog.findings import Edit, Fix
from isvclog.keypath import KeyPath

CUT = "..."
"""Stands for what is not shown."""

_WORD = re.compile(r"\S+")
# Without any scheme.
_BARE = re.compile(r"(?<![^\"'])[^\"':/@]+:(?!//)[^@]+@")
_PARAMETER = re.compile(r"([?&;#][^\s=?&;#]+=)[^\s&;#\"']+")


def is_harmless(path: KeyPath) -> bool:
    """Whether what stands at the path is no secret: a logger's own fields and the API, with no annotation in it."""
    return path[:1] in (("apiVersion",), ("kind",)) or ("logger" in path and "annotations" not in path)


def without_credentials(text: str) -> str:
    """The text with `CUT` for the user and password of each URL in it, and for the values of its parameters."""
    return _PARAMETER.sub(rf"\1{CUT}", _WORD.sub(_without_user, text) if "@" in text else text)


def _without_user(word: re.Match[str]) -> str:
    """A word without what stands before its last `@`, also where the URL is broken: by a slash in a password."""
    text = word[0]
    start, end = text.find("//"), text.rfind("@")
    if 0 <= start < end:
        text = f"{text[:start]}//{CUT}{text[end:]}"
    return _BARE.sub(f"{CUT}@", text) if end >= 0 else text


def edit_text(fix: Fix, edit: Edit) -> str | None:
    """The text one of the fix's edits writes, or None where it may repeat a secret; taking text out repeats nothing."""
    if not edit.text:
        return ""
    harmless = bool(fix.changes) and all(is_harmless(change.path) for change in fix.changes)
    return edit.text if harmless and without_credentials(edit.text) == edit.text else None
