"""The check of each file by `lint`: rules, suppressions, the baseline and fixes, in this order."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from isvclog.cli.options.project import suppressions_of
from isvclog.cli.terminal.files import check_source, failed_file, read_files
from isvclog.errors import IsvclogError
from isvclog.filenames import STDIN
from isvclog.findings import Finding
from isvclog.lint.engine import LintSettings, lint_object
from isvclog.lint.results import FileResult, position
from isvclog.manifest import Source

if TYPE_CHECKING:
    from isvclog.config import Config
    from isvclog.lint.baseline import Baseline

_MARK = b"isvclog:"


class Fixing(NamedTuple):
    """The choice of fixes: `unsafe` adds the unsafe ones.

    With `write`, files are written; otherwise the changes are shown as a `diff`, or not at all. A finding that is
    suppressed or in the baseline is not fixed.
    """

    unsafe: bool = False
    write: bool = False
    diff: bool = False


class FixedFile(NamedTuple):
    """A file that fixes would change: its bytes before and after."""

    name: str
    old: bytes
    new: bytes


class Linter:
    """A checker of files for one run, which counts the findings that are not reported.

    `ignored` and `known` count findings that are suppressed or in the baseline. `fixed` counts findings that are fixed,
    or would be, and `mended` the files with them. `refused` are sentences about fixes that were not made, because they
    would have changed something else. `fixable` and `fixable_unsafely` count the fixes that are left. `diffs` are files
    that somebody has to take out and show. `stdin` is standard input after its fixes.
    """

    def __init__(
        self,
        settings: LintSettings,
        config: "Config",
        *,
        suppressing: bool = True,
        baseline: "Baseline | None" = None,
        fixing: Fixing | None = None,
    ) -> None:
        self.settings = settings
        self.baseline = baseline
        self.fixing = fixing
        self.ignored = self.known = self.fixed = self.mended = self.fixable = self.fixable_unsafely = 0
        self.diffs: list[FixedFile] = []
        self.refused: list[str] = []
        self.stdin = b""
        self._config = config
        self._suppressing = suppressing
        self._suppressions = suppressions_of(config, settings.names) if suppressing and config.suppressions else None

    def results(self, paths: Iterable[str]) -> Iterator[FileResult]:
        """Check every file, and yield its result."""
        for source in read_files(paths):
            if isinstance(source, FileResult):
                yield source
                continue
            try:
                yield self._check(source)
            except IsvclogError as error:
                yield failed_file(source.name, error)

    def objects(self, results: Iterable[FileResult]) -> Iterator[FileResult]:
        """Apply suppressions and the baseline to objects of a cluster that were checked already.

        They contain no comments, and nothing is fixed.
        """
        for checked in results:
            if checked.failure:
                yield checked
                continue
            checked, ignored = self._silenced(Source(checked.file, b""), checked)
            findings, known = checked.findings, list[Finding]()
            if self.baseline is not None:
                findings, known = self.baseline.apply(checked.file, findings)
            yield self._counted(checked._replace(findings=findings), ignored, known)

    def unused_suppressions(self, paths: Iterable[str]) -> list[Finding]:
        """Return the findings about suppressions in the project file; call this after all files of `paths` are done."""
        if self._suppressions is None:
            return []
        return self._suppressions.unused(covers_project=any(_covers(path, self._config.file) for path in paths))

    def _check(self, source: Source) -> FileResult:
        if self.fixing and self.fixing.write and source.name == STDIN:
            self.stdin = source.data
        checked, ignored = self._lint(source)
        findings, known = checked.findings, list[Finding]()
        if self.baseline is not None:
            findings, known = self.baseline.apply(source.name, findings)
        if self.fixing is not None and any(finding.fix for finding in findings):
            mended = self._fix(source, findings, known, self.fixing)
            if mended is not source:
                checked, ignored = self._lint(mended)
                findings = _without(known, checked.findings)
        return self._counted(checked._replace(findings=findings), ignored, known)

    def _counted(self, checked: FileResult, ignored: int, known: Sequence[Finding]) -> FileResult:
        self.ignored += ignored
        self.known += len(known)
        for finding in checked.findings:
            if finding.fix:
                self.fixable += finding.fix.safe
                self.fixable_unsafely += not finding.fix.safe
        return checked

    def _lint(self, source: Source) -> tuple[FileResult, int]:
        """Check a file; return the result without suppressed findings, and their number."""
        return self._silenced(source, check_source(source, lambda obj: lint_object(obj, self.settings)))

    def _silenced(self, source: Source, checked: FileResult) -> tuple[FileResult, int]:
        """Remove suppressed findings from a result, and count them."""
        if not self._suppressing or not (self._suppressions or _MARK in source.data):
            return checked, 0
        self._suppressions = self._suppressions or suppressions_of(self._config, self.settings.names)
        labels = frozenset(seen.object for seen in checked.objects)
        kept, suppressed = self._suppressions.apply(source, checked.findings, labels)
        return checked._replace(findings=sorted(kept, key=position)), len(suppressed)

    def _fix(self, source: Source, findings: Sequence[Finding], known: Sequence[Finding], fixing: Fixing) -> Source:
        """Fix a file and return it as it is afterwards: the same `source` if nothing is fixed or written."""
        from isvclog.lint.fixes import fix_until_done
        from isvclog.manifest.editing.write import write_file

        def again(source: Source) -> list[Finding]:
            return _without(known, self._lint(source)[0].findings)

        done = fix_until_done(source, findings, again, unsafe=fixing.unsafe)
        for finding, reason in done.refused:
            line, column, *_ = finding.span
            self.refused.append(f"{finding.file}:{line}:{column}: {finding.rule} is not fixed: {reason}")
        if done.data == source.data:
            return source
        if fixing.write and source.name == STDIN:
            self.stdin = done.data
        elif fixing.write:
            write_file(source.name, source.data, done.data)
        elif fixing.diff:
            self.diffs.append(FixedFile(source.name, source.data, done.data))
        self.fixed += len(done.applied)
        self.mended += 1
        return Source(source.name, done.data) if fixing.write else source


def _without(known: Iterable[Finding], findings: Iterable[Finding]) -> list[Finding]:
    """Drop the known findings, even if they have moved to another line."""
    left = Counter(map(_identity, known))
    kept: list[Finding] = []
    for finding in findings:
        identity = _identity(finding)
        if left[identity]:
            left[identity] -= 1
        else:
            kept.append(finding)
    return kept


def _identity(finding: Finding) -> tuple[Any, ...]:
    return finding.rule, finding.object, finding.path, finding.fingerprint


def _covers(path: str, file: str) -> bool:
    """Check whether a path is the folder of the file or a folder above it."""
    outer, inner = (os.path.join(os.path.realpath(folder), "") for folder in (path, os.path.dirname(file)))
    return inner.startswith(outer)
