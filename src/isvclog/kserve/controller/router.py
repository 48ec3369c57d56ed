"""The router of an InferenceGraph: the request headers that it forwards to the services of its steps.

Source: callService and compilePatterns of cmd/router/main.go. The patterns come from the ConfigMap's key `router`; the
controller joins them with commas into an environment variable.
"""

import json
import re
from collections.abc import Mapping

from isvclog.keypath import list_at

# The router's HTTP client sends these itself.
_OWN = frozenset(("Accept-Encoding", "Content-Length", "Content-Type", "User-Agent"))


def is_propagated(header: str, config: Mapping[str, str]) -> bool:
    """Check whether the router forwards a header, which must be spelled as Go does, to the services of a graph."""
    return header in _OWN or any(_matches(pattern, header) for pattern in _patterns(config))


def _patterns(config: Mapping[str, str]) -> list[str]:
    try:
        written = list_at(json.loads(config.get("router", "{}")), ("headers", "propagate"))
    except ValueError:
        return []
    return ",".join(pattern for pattern in written if isinstance(pattern, str)).split(",") if written else []


def _matches(pattern: str, header: str) -> bool:
    """Check whether a regular expression is found in the header, as Go does; a pattern that is none matches nothing."""
    try:
        return re.search(pattern, header) is not None
    except re.error:
        return False
