"""The input of every format: the files of a run, one by one as they are checked, and the totals so far."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from isvclog.filenames import is_live
from isvclog.findings import Finding, Severity, counted, shorten_names
from isvclog.kserve.apis.kinds import LLM_SERVICE
from isvclog.records import NamedTuple
from isvclog.redact.gate import NoRedaction, Redaction, SecretRedaction, redaction_for

if TYPE_CHECKING:
    from isvclog.rendering.source_edits import SourceChange


class CheckedObject(NamedTuple):
    """One thing that was checked: an InferenceService with its label, or an unreadable document with an empty one."""

    object: str
    document: int = 1
    line: int = 1


COMMENT = b"isvclog:"
"""The word that begins a comment for isvclog, such as one that ignores a finding."""
_UNKNOWN = SecretRedaction()


class FileResult(NamedTuple):
    """One file: its findings in order of position, the number of InferenceServices checked, and its bytes.

    `unlogged` is the number of LLMInferenceServices, which have no logger.

    `failure` is one sentence if the file could not be read or written; there are no findings then. `objects` are in the
    order of the text. `fixed` are the bytes after fixes that are shown and not written, None if there are none.
    `redaction` knows the secrets of the objects; nothing else is printed. `overlay` is the folder of the kustomization
    that builds something of a part in the file; empty if there is none. `sources` are the files that fixes of a
    rendered text would change, if that is shown. `origins` are the files that objects of a rendered text come from, as
    far as they have comments of isvclog, each with True for a template. `suppressed` are findings that are not
    reported, each with its `suppression`, if these are shown.
    """

    file: str
    findings: Sequence[Finding] = ()
    services: int = 0
    data: bytes = b""
    failure: str = ""
    objects: Sequence[CheckedObject] = ()
    fixed: bytes | None = None
    redaction: Redaction = _UNKNOWN
    unlogged: int = 0
    overlay: str = ""
    sources: "Sequence[SourceChange]" = ()
    origins: Sequence[tuple[str, bool]] = ()
    suppressed: Sequence[Finding] = ()

    def shown(self, reveal: bool) -> "FileResult":
        """Return the result as it is printed: secrets are masked, unless `reveal` is true.

        The labels of `objects` are left to those formats that print them.
        """
        gate = NoRedaction() if reveal else self.redaction
        if not (self.findings or self.suppressed or self.failure) and not is_live(self.file):
            return self._replace(redaction=gate) if reveal else self
        return self._replace(
            file=gate.text(self.file) if is_live(self.file) else self.file,
            findings=list(map(gate.finding, self.findings)),
            suppressed=list(map(gate.finding, self.suppressed)),
            failure=shorten_names(gate.text(self.failure)),
            redaction=gate,
        )

    def all_findings(self) -> list[Finding]:
        """Return the findings and the suppressed ones, in order of position."""
        return sorted([*self.findings, *self.suppressed], key=position) if self.suppressed else list(self.findings)


class RunResult:
    """The files of a run, to be iterated once; the totals cover the files taken so far.

    `failures` has one sentence for each file that could not be read or written. `severities` counts the findings of
    each severity, worst first. `cluster` names the cluster if the run is about one instead of files: then each result
    is one of its objects. `basis` is the release that was assumed, with its source. `is_interrupted` tells, after the
    last result, that it is not the last one of the run. Secrets are masked in what is yielded, unless `reveal` is true.
    """

    def __init__(
        self,
        results: Iterable[FileResult],
        cluster: str = "",
        *,
        basis: str = "",
        is_interrupted: Callable[[], bool] = lambda: False,
        reveal: bool = False,
    ) -> None:
        self.results = results
        self.cluster = redaction_for(reveal).text(cluster) if cluster else ""
        self.basis = basis
        self.is_interrupted = is_interrupted
        self.reveal = reveal
        self.files = self.services = self.unlogged = 0
        self.failures: list[str] = []
        self.severities = dict.fromkeys(reversed(Severity), 0)

    def __iter__(self) -> Iterator[FileResult]:
        for result in self.results:
            checked = result.shown(self.reveal)
            self.files += not self.cluster
            self.services += checked.services
            self.unlogged += checked.unlogged
            if checked.failure:
                self.failures.append(checked.failure)
            for finding in checked.findings:
                self.severities[finding.severity] += 1
            yield checked

    def of(self, results: Iterable[FileResult]) -> "RunResult":
        """Create the same run with other results, from its start."""
        same = RunResult(results, basis=self.basis, is_interrupted=self.is_interrupted, reveal=self.reveal)
        same.cluster = self.cluster
        return same

    def worst(self) -> Severity | None:
        """Return the worst severity found, or None."""
        return next((severity for severity, count in self.severities.items() if count), None)


def run_summary(run: RunResult) -> str:
    """Summarize in one sentence what was checked, for which release, and found. Call this after the run has ended.

    The name of the cluster is not escaped.
    """
    found = [counted(count, str(severity)) for severity, count in run.severities.items() if count]
    if run.failures:
        found.append(counted(len(run.failures), "failure" if run.cluster else "failed file"))
    checked = f"Checked {counted(run.services, 'InferenceService')} in {run.cluster or counted(run.files, 'file')}"
    checked += f" for {run.basis}" if run.basis else ""
    if run.is_interrupted():
        return f"{checked} until the run was interrupted{': ' * bool(found)}{', '.join(found)}."
    others = f" {unlogged_sentence(run)}" if run.unlogged else ""
    return f"{checked}: {', '.join(found) or _nothing(run)}.{others}"


def _nothing(run: RunResult) -> str:
    return "no problems found" if run.services else "nothing was checked"


def unlogged_sentence(run: RunResult) -> str:
    """Say how many LLMInferenceServices a run has seen, which have no logger."""
    verb = "has" if run.unlogged == 1 else "have"
    return f"{counted(run.unlogged, LLM_SERVICE)} {verb} no logger; see isvclog explain {LLM_SERVICE.lower()}."


def position(finding: Finding) -> tuple[int, int]:
    """Return line and column where a finding starts: the key by which findings of one file are sorted."""
    return finding.span.line, finding.span.column
