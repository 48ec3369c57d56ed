"""What makes a finding the same one in the next run, wherever its line has moved to."""

from isvclog.findings import Finding
from isvclog.keypath import pointer
from isvclog.report.location import in_repository


class Identities:
    """Gives each finding of a run a name of 64 hex digits that no other has.

    It is made of the file, the object, the place in it, the rule and the value's fingerprint. Findings that share all
    of these are counted, in the order they are asked for.
    """

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def of(self, finding: Finding) -> str:
        """The identity of the finding; another one when it is asked again."""
        file = in_repository(finding.file) or finding.file
        return self.of_parts(file, finding.object, pointer(finding.path), finding.rule, finding.fingerprint)

    def of_parts(self, *parts: str) -> str:
        """The identity of something that is told from others by these texts."""
        from hashlib import sha256

        key = "\0".join(parts)
        count = self._seen[key] = self._seen.get(key, 0) + 1
        return sha256(f"{key}\0{count}".encode("utf-8", "surrogatepass")).hexdigest()
