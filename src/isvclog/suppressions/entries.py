"""The `ignores` of the project file: which finding one is about, and which of them have had their day."""

from datetime import date
from fnmatch import fnmatchcase
from typing import NamedTuple

from isvclog.filenames import matches_glob
from isvclog.findings import Finding, Span


class SuppressionEntry(NamedTuple):
    """An entry. `path` is a glob from the folder of the project file, the next three are shell patterns.

    What is empty matches everything. `span` is where the entry's rule stands in the project file. `expires` is the
    last day on which it counts.
    """

    rule: str
    reason: str
    span: Span
    path: str = ""
    kind: str = ""
    namespace: str = ""
    name: str = ""
    expires: date | None = None

    def is_expired(self, today: date) -> bool:
        """Whether the day it expires is over."""
        return self.expires is not None and today > self.expires

    def is_about_one_file(self) -> bool:
        """Whether the path can only be that of a single manifest."""
        return self.path.endswith((".yaml", ".yml", ".json")) and not any(char in self.path for char in "*?[")

    def matches_file(self, name: str) -> bool:
        """Whether it is about a file, whose name is relative to the folder of the project file."""
        return not self.path or matches_glob(name, self.path)

    def matches_object(self, label: str) -> bool:
        """Whether it is about an object, `Kind/namespace/name` as in findings; no object at all has an empty label."""
        parts = label.split("/")
        kind, namespace, name = parts[0], "/".join(parts[1:-1]), parts[-1] if len(parts) > 1 else ""
        wanted = ((kind, self.kind), (namespace, self.namespace), (name, self.name))
        return all(not pattern or fnmatchcase(text, pattern) for text, pattern in wanted)

    def matches(self, finding: Finding, name: str) -> bool:
        """Whether it is about a finding in the file of that relative name."""
        return finding.rule == self.rule and self.matches_object(finding.object) and self.matches_file(name)
