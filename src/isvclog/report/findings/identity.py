"""Identities of findings, which stay the same from run to run when lines move."""

from isvclog.findings import Finding
from isvclog.keypath import pointer
from isvclog.report.findings.location import in_repository, reported_place


class Identities:
    """The identities given to the findings of one run: each is a text of 64 hex digits that no other finding has.

    An identity depends on the file (of rendered text: its source), the object, the path in it, the rule and the value's
    fingerprint. Findings that share all of these are numbered in the order in which they are asked for.
    """

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def of(self, finding: Finding) -> str:
        """Compute the identity of the finding. Asking again for the same finding gives another one."""
        file = reported_place(finding)[0]
        file = in_repository(file) or file
        return self.of_parts(file, finding.object, pointer(finding.path), finding.rule, finding.fingerprint)

    def of_parts(self, *parts: str) -> str:
        """Compute the identity of something that these texts distinguish from everything else."""
        from hashlib import sha256

        key = "\0".join(parts)
        count = self._seen[key] = self._seen.get(key, 0) + 1
        return sha256(f"{key}\0{count}".encode("utf-8", "surrogatepass")).hexdigest()
