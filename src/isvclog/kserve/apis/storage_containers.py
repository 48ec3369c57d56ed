"""ClusterStorageContainers: which other storage URIs a cluster can fetch models from.

Source: pkg/apis/serving/v1alpha1/storage_container_types.go.
"""

from collections.abc import Mapping
from typing import Any

from isvclog.keypath import mappings_at, string_at
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

_LITERAL = late_pattern(r"\^?([A-Za-z0-9:/_-]*)")


class UriFormat(NamedTuple):
    """One format of storage URIs: those that begin with `prefix`, or else those that `regex` finds something in."""

    prefix: str = ""
    regex: str = ""

    def may_fit(self, uri: str) -> bool:
        """Check whether a URI has this format, or may have it.

        Of an expression only the literal beginning is compared: Go's run in linear time on any text, Python's do not.
        """
        literal = _LITERAL.match(self.regex)
        beginning = self.prefix or (literal[1] if literal else "")
        return bool(self.prefix or self.regex) and uri.startswith(beginning)


def is_storage_container(data: Mapping[str, Any]) -> bool:
    """Check whether an object is a ClusterStorageContainer."""
    return data.get("kind") == "ClusterStorageContainer"


def read_uri_formats(data: Mapping[str, Any]) -> tuple[UriFormat, ...]:
    """Read the formats that a ClusterStorageContainer supports; none if it is disabled."""
    if data.get("disabled") is True:
        return ()
    formats = mappings_at(data, ("spec", "supportedUriFormats"))
    return tuple(UriFormat(string_at(item, ("prefix",)), string_at(item, ("regex",))) for item in formats)
