"""Selection of what a report may repeat from a manifest: values of annotations and variables may be secret.

Logs are kept, so no secret may get into them.
"""

import re

from isvclog.findings import Edit, Fix
from isvclog.keypath import KeyPath
from isvclog.redact.masks import REDACTED

_WORD = re.compile(r"\S+")
# Without any scheme.
_BARE = re.compile(r"(?<![^\"'])[^\"':/@]+:(?!//)[^@]+@")
_PARAMETER = re.compile(r"([?&;#][^\s=?&;#]+=)[^\s&;#\"']+")


def is_harmless(path: KeyPath) -> bool:
    """Return True if the value at the path is no secret: `apiVersion`, `kind`, or a logger's own field.

    Anything at or below `annotations` may be one.
    """
    return path[:1] in (("apiVersion",), ("kind",)) or ("logger" in path and "annotations" not in path)


def without_credentials(text: str) -> str:
    """Replace the user and password of each URL in the text, and the values of its parameters, by `REDACTED`."""
    return _PARAMETER.sub(rf"\1{REDACTED}", _WORD.sub(_without_user, text) if "@" in text else text)


def _without_user(word: re.Match[str]) -> str:
    """Hide what is before the last `@` of a word, even if the URL is broken by a slash in a password."""
    text = word[0]
    start, end = text.find("//"), text.rfind("@")
    if 0 <= start < end:
        text = f"{text[:start]}//{REDACTED}{text[end:]}"
    return _BARE.sub(f"{REDACTED}@", text) if end >= 0 else text


def edit_text(fix: Fix, edit: Edit) -> str | None:
    """Return the text that an edit of the fix writes, or None if it may repeat a secret.

    The text of a deletion is empty: it repeats nothing.
    """
    if not edit.text:
        return ""
    harmless = bool(fix.changes) and all(is_harmless(change.path) for change in fix.changes)
    return edit.text if harmless and without_credentials(edit.text) == edit.text else None
