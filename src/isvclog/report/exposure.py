"""What of a manifest a report may repeat: values of annotations and variables may be secret, and logs are kept."""

import re

from isvclog.findings import Edit, Fix
from isvclog.keypath import KeyPath

CUT = "..."
"""Stands for what is not shown."""

# Also where the URL is broken: a slash in a password, no scheme at all.
_CREDENTIALS = re.compile(r"//\S*@|(?<![^\s\"'])[^\s\"':/@]+:(?!//)[^\s@]+@")
_PARAMETER = re.compile(r"([?&;#][^\s=?&;#]+=)[^\s&;#\"']+")


def is_harmless(path: KeyPath) -> bool:
    """Whether what stands at the path is no secret: a logger's own fields and the API, with no annotation in it."""
    return path[:1] in (("apiVersion",), ("kind",)) or ("logger" in path and "annotations" not in path)


def without_credentials(text: str) -> str:
    """The text with `CUT` for the user and password of each URL in it, and for the values of its parameters."""
    text = _CREDENTIALS.sub(lambda found: f"{'//' * found[0].startswith('//')}{CUT}@", text)
    return _PARAMETER.sub(rf"\1{CUT}", text)


def edit_text(fix: Fix, edit: Edit) -> str | None:
    """The text one of the fix's edits writes, or None where it may repeat a secret; taking text out repeats nothing."""
    if not edit.text:
        return ""
    harmless = bool(fix.changes) and all(is_harmless(change.path) for change in fix.changes)
    return edit.text if harmless and not _CREDENTIALS.search(edit.text) else None
