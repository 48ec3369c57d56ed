"""JSON that is printed into the logs of CI systems."""

import json
import re

_COMMAND = re.compile("##|::")


def escape_commands(text: str) -> str:
    """Escape in JSON what a CI system would read as a command in its log: `##vso[...]`, `##[...]`, `::error ...::`.

    The values do not change. Both characters occur in strings only.
    """
    return _COMMAND.sub(lambda match: f"\\u{ord(match[0][0]):04x}" * 2, text)


def dumps(value: object, indent: int | None = None) -> str:
    """Encode the value as printable ASCII JSON in which no CI system finds a command; one line without `indent`."""
    return escape_commands(json.dumps(value, indent=indent).replace("\x7f", "\\u007f"))
