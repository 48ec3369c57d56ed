"""Entries below `ignores` in the project file: the findings each one matches, and whether it has expired."""

from datetime import date
from fnmatch import fnmatchcase

from isvclog.filenames import matches_glob
from isvclog.findings import Finding, Span
from isvclog.records import NamedTuple


class SuppressionEntry(NamedTuple):
    """One suppression in the project file.

    `path` is a glob relative to the folder of the project file; `kind`, `namespace` and `name` are shell patterns. An
    empty field matches everything. `span` is the position of the entry's rule in the project file. `expires` is the
    last day on which the entry applies, None if it has no end.
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
        """Return True if the day on which it expires is over."""
        return self.expires is not None and today > self.expires

    def is_about_one_file(self) -> bool:
        """Return True if the path can only be that of a single manifest."""
        return self.path.endswith((".yaml", ".yml", ".json")) and not any(char in self.path for char in "*?[")

    def matches_file(self, name: str) -> bool:
        """Check whether it applies to a file, whose name is relative to the folder of the project file."""
        return not self.path or matches_glob(name, self.path)

    def matches_object(self, label: str) -> bool:
        """Check whether it applies to an object, `Kind/namespace/name` as in findings; an empty label is no object."""
        parts = label.split("/")
        kind, namespace, name = parts[0], "/".join(parts[1:-1]), parts[-1] if len(parts) > 1 else ""
        wanted = ((kind, self.kind), (namespace, self.namespace), (name, self.name))
        return all(not pattern or fnmatchcase(text, pattern) for text, pattern in wanted)

    def matches(self, finding: Finding, name: str) -> bool:
        """Check whether it applies to a finding in the file of that relative name."""
        return finding.rule == self.rule and self.matches_object(finding.object) and self.matches_file(name)
