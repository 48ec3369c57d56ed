"""Recognition of reports that were written before: only these may be replaced by new ones."""

import json
import re
from typing import Any

_LINE = re.compile(rb"[^\n]+: (?:error|warning|info)(?: \([a-z ]+\))?: [^\n]+ \[[a-z0-9-]+\]$", re.MULTILINE)
_SUMMARY = rb"Checked [0-9,]+ InferenceService"
_TEXT = {
    # The first finding is below the name of its service.
    "text": re.compile(rb"(?:(?:[^\n]+\n)?%s|%s)" % (_LINE.pattern, _SUMMARY), re.MULTILINE),
    "concise": _LINE,
    "github": re.compile(rb"(?:::(?:error|warning|notice) |%s)" % _SUMMARY),
    "junit": re.compile(rb"(?:<\?xml[^>]*>\s*)?<testsuites?[\s>]"),
}


def is_report(name: str, data: bytes) -> bool:
    """Check whether the bytes of a file look like a report of findings in this format.

    Reports for people are known by their first lines. A report of another tool in the same format is one, too.
    """
    if name in _TEXT:
        return _TEXT[name].match(data.lstrip()) is not None
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return _has_form(name, content)


def _has_form(name: str, content: Any) -> bool:
    if name == "gitlab":
        return isinstance(content, list) and all(isinstance(item, dict) and "check_name" in item for item in content)
    needed = {"sarif": {"version", "runs"}, "rdjson": {"source", "diagnostics"}}
    return isinstance(content, dict) and content.keys() >= needed.get(name, {"schemaVersion", "findings", "summary"})
