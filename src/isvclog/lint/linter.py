"""The check of each file by `lint`: rules, suppressions, the baseline and fixes, in this order."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

from isvclog.config.suppressions import suppressions_of
from isvclog.errors import IsvclogError
from isvclog.filenames import is_stdin
from isvclog.findings import Finding, Suppression
from isvclog.lint.beside import RunFiles
from isvclog.lint.engine import LintSettings, lint_object
from isvclog.lint.files import check_source, redaction_of, rendered_from
from isvclog.lint.processes import check_in_processes, choose_jobs
from isvclog.lint.reading import FileReader, Unread, failed_file
from isvclog.lint.results import COMMENT, FileResult, position
from isvclog.manifest import Source
from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from isvclog.config import Config
    from isvclog.lint.baseline import Baseline
    from isvclog.rendering.programs import Rendering
    from isvclog.rendering.source_edits import SourceChange


_IN_BASELINE = Suppression("baseline")


class Fixing(NamedTuple):
    """The choice of fixes: `unsafe` adds the unsafe ones.

    With `write`, files are written; otherwise the changes are shown as a `diff`, or not at all. A finding that is
    suppressed or in the baseline is not fixed, nor a file to which a link leads out of `places`, the named files and
    folders.
    """

    unsafe: bool = False
    write: bool = False
    diff: bool = False
    places: Sequence[str] = ()


class Linter:
    """A checker of files for one run, which counts the findings that are not reported.

    With `shows_suppressed`, the results have these findings, too. `suppressed` and `known` count findings that are
    suppressed or in the baseline. `fixed` counts findings that are fixed, or would be, and `fixed_files` the files with
    them. `rejected` are sentences about fixes that were not made, because they would have changed something else.
    `fixable` and `fixable_unsafely` count the fixes that are left. `stdin` is standard input after its fixes.
    `rendered` counts the findings of rendered files, which are not fixed; `unmade` counts the fixes of other rendered
    text that are not made, because a template makes the text, and `fixable_in_sources` those that may be made.
    `overlays` counts the files that are parts of an overlay, by its folder.
    """

    def __init__(
        self,
        settings: LintSettings,
        config: "Config",
        *,
        suppressing: bool = True,
        shows_suppressed: bool = False,
        baseline: "Baseline | None" = None,
        fixing: Fixing | None = None,
        jobs: int | None = 1,
    ) -> None:
        self.settings = settings
        self.baseline = baseline
        self.fixing = fixing
        self.suppressed = self.known = self.fixed = self.fixed_files = self.fixable = self.fixable_unsafely = 0
        self.rendered = self.unmade = self.fixable_in_sources = 0
        self.rejected: list[str] = []
        self.overlays: Counter[str] = Counter()
        self.stdin = b""
        self._rendering: Rendering | None = None
        self._config = config
        self._files = RunFiles()
        self._jobs = jobs
        self._suppressing = suppressing
        self.shows_suppressed = shows_suppressed
        self._suppressions = suppressions_of(config, settings.names) if suppressing and config.suppressions else None

    @property
    def would_change(self) -> bool:
        """True if fixes that are not written would change a file."""
        return self.fixing is not None and not self.fixing.write and self.fixed_files > 0

    def results(self, reader: FileReader) -> Iterator[FileResult]:
        """Check every file, and yield its result."""
        self._files = files = RunFiles(reader)
        items = files.read_ahead()
        waiting = [item for item in items if isinstance(item, Source | Unread)]
        jobs = 1 if reader.has_streams else choose_jobs(self._jobs, len(waiting))
        found = check_in_processes(waiting, partial(self._first_check, files), jobs)
        with closing(found):
            for item in items:
                if isinstance(item, FileResult):
                    yield item
                elif isinstance(item, str):
                    yield self._complete(FileResult(item))
                else:
                    yield self._complete(next(found))

    def source_results(self, sources: Sequence[Source]) -> Iterator[FileResult]:
        """Check texts that are in memory as `results` checks files, and yield the result of each."""
        self._files = files = RunFiles()
        for source in sources:
            files.add(source)
        for source in sources:
            yield self._complete(self._first_check(files, source))

    def rendering_results(self, renderings: "Sequence[Rendering]") -> Iterator[FileResult]:
        """Check what a chart or an overlay renders, and yield the result of each rendering."""
        from isvclog.lint.rendered import check_renderings

        self._files = files = RunFiles()
        for rendering in renderings[:1]:  # the others have the same objects
            files.add(rendering.source)
            self._rendering = rendering
        for checked in check_renderings(renderings, partial(self._first_check, files)):
            yield self._complete(checked)

    def _first_check(self, files: RunFiles, item: Source | Unread) -> FileResult:
        source = files.read(item)
        if isinstance(source, FileResult):
            return source
        checked = self._check_rules(source, files)
        return checked._replace(overlay=files.overlays.folder(source.name)) if checked.services else checked

    def _check_rules(self, source: Source, files: RunFiles) -> FileResult:
        settings = self.settings._replace(beside=files.beside(source.name), parts=files.overlays.parts)
        return check_source(source, lambda obj: lint_object(obj, settings))

    def _complete(self, checked: FileResult) -> FileResult:
        if checked.overlay:
            self.overlays[checked.overlay] += 1
        if checked.failure or not (checked.data or self.baseline or self._suppressions):
            return checked
        try:
            return self._check(Source(checked.file, checked.data), checked)
        except IsvclogError as error:
            return failed_file(checked.file, error)

    def objects(self, results: Iterable[FileResult]) -> Iterator[FileResult]:
        """Apply suppressions and the baseline to objects of a cluster that were checked already.

        They contain no comments, and nothing is fixed.
        """
        for checked in results:
            if checked.failure:
                yield checked
                continue
            checked = self._without_suppressed(Source(checked.file, b""), checked)
            findings, known = self._split(checked)
            yield self._counted(checked._replace(findings=findings), known)

    def unused_suppressions(self, paths: Iterable[str]) -> list[Finding]:
        """Return the findings about suppressions in the project file; call this after all files of `paths` are done."""
        if self._suppressions is None:
            return []
        return self._suppressions.unused(covers_project=any(_covers(path, self._config.file) for path in paths))

    def _check(self, source: Source, checked: FileResult) -> FileResult:
        """Complete the result of a file by what depends on other files of the run, and fix it."""
        if self.fixing and self.fixing.write and is_stdin(source.name):
            self.stdin = source.data
        checked = self._without_suppressed(source, checked)
        findings, known = self._split(checked)
        checked = checked._replace(findings=findings)
        if self.fixing is not None:
            if any(finding.origin for finding in findings):
                source, checked, known = self._fix_rendered(source, checked, known, self.fixing)
            if fixed := self._fix(source, checked, known, self.fixing):
                checked, known = self._after_fixes(fixed, checked, known, self.fixing)
        return self._counted(checked, known)

    def _after_fixes(
        self, fixed: Source, checked: FileResult, known: Sequence[Finding], fixing: Fixing
    ) -> tuple[FileResult, Sequence[Finding]]:
        """Check a file again if its fixes are written; return its result and the known findings, where they are now."""
        if not fixing.write:
            return checked._replace(fixed=fixed.data if fixing.diff else None), known
        again = self._lint(fixed)
        findings, known = _split_known(known, again.findings)
        # A fix may change how a secret is written, but adds none.
        return again._replace(findings=findings, redaction=checked.redaction), known

    def _split(self, checked: FileResult) -> tuple[Sequence[Finding], Sequence[Finding]]:
        """Split the findings of a result into new ones and those in the baseline."""
        if self.baseline is None:
            return checked.findings, ()
        return self.baseline.apply(checked.file, checked.findings, checked.redaction)

    def _counted(self, checked: FileResult, known: Sequence[Finding]) -> FileResult:
        """Count the findings of a completed result, and keep those that are not reported only if they are shown."""
        self.suppressed += len(checked.suppressed)
        self.known += len(known)
        hidden = (*checked.suppressed, *(finding._replace(suppression=_IN_BASELINE) for finding in known))
        checked = checked._replace(suppressed=sorted(hidden, key=position) if self.shows_suppressed else ())
        for finding in checked.findings:
            if finding.origin and finding.origin.fix and self._has_sources(checked.file):
                self.fixable_in_sources += finding.origin.fix.safe
            if finding.fix:
                self.fixable += finding.fix.safe
                self.fixable_unsafely += not finding.fix.safe
        return checked

    def _lint(self, source: Source) -> FileResult:
        """Check a file, and separate the suppressed findings."""
        return self._without_suppressed(source, self._check_rules(source, self._files))

    def _without_suppressed(self, source: Source, checked: FileResult) -> FileResult:
        """Separate the suppressed findings of a result from the others."""
        if not self._suppressing or not (self._suppressions or checked.origins or COMMENT in source.data):
            return checked
        self._suppressions = self._suppressions or suppressions_of(self._config, self.settings.names)
        labels = frozenset(seen.object for seen in checked.objects)
        kept, suppressed = self._suppressions.apply(source, checked.findings, labels, checked.origins)
        return checked._replace(findings=sorted(kept, key=position), suppressed=suppressed)

    def _has_sources(self, file: str) -> bool:
        """Check whether fixes may be made in sources: a file with rendered text may be older than its chart."""
        return self._rendering is not None or is_stdin(file)

    def _fix_rendered(
        self,
        source: Source,
        checked: FileResult,
        known: Sequence[Finding],
        fixing: Fixing,
    ) -> tuple[Source, FileResult, Sequence[Finding]]:
        """Fix a rendered text in its sources; return it as it is then, its result, and the known findings."""
        findings = checked.findings
        if not self._has_sources(source.name):
            self.rendered += sum(finding.origin is not None for finding in findings)
            return source, checked, known
        from isvclog.lint.source_fixes import fix_sources
        from isvclog.rendering.source_edits import SourceEditor, write_changes

        editor = SourceEditor(source, rendered_from(), self._rendering)
        done = fix_sources(source, findings, editor, unsafe=fixing.unsafe)
        if fixing.write:
            write_changes(done.changes)
        self.unmade += done.unmade
        self.fixed += len(done.applied)
        self.fixed_files += len(done.changes)
        if not (fixing.write and done.changes):
            return source, _with_diff(checked, source, done.changes) if fixing.diff else checked, known
        self.stdin = done.data if is_stdin(source.name) else b""
        source = Source(source.name, done.data)
        again = self._lint(source)
        findings, known = _split_known(known, again.findings)
        return source, again._replace(findings=findings, redaction=checked.redaction), known

    def _fix(self, source: Source, checked: FileResult, known: Sequence[Finding], fixing: Fixing) -> Source | None:
        """Fix a file, write it if files are written, and return it with its fixes; None if it has none."""
        if not any(finding.fix for finding in checked.findings):
            return None
        from isvclog.lint.fixes import fix_until_done
        from isvclog.manifest.editing.write import leads_outside, write_file

        if fixing.places and not is_stdin(source.name) and (target := leads_outside(source.name, fixing.places)):
            self.rejected.append(f"{source.name} is not fixed: it is a link to {target}; name that file to fix it.")
            return None

        def again(source: Source) -> list[Finding]:
            return _split_known(known, self._lint(source).findings)[0]

        done = fix_until_done(source, checked.findings, again, unsafe=fixing.unsafe)
        for finding, reason in done.rejected:
            line, column, *_ = finding.span
            shown = checked.redaction.sentence(reason)
            self.rejected.append(f"{finding.file}:{line}:{column}: {finding.rule} is not fixed: {shown}")
        if done.data == source.data:
            return None
        if fixing.write and is_stdin(source.name):
            self.stdin = done.data
        elif fixing.write:
            write_file(source.name, source.data, done.data)
        self.fixed += len(done.applied)
        self.fixed_files += 1
        return Source(source.name, done.data)


def _with_diff(checked: FileResult, source: Source, changes: "Sequence[SourceChange]") -> FileResult:
    """Add the changes of sources to a result. These files may have secrets that are not rendered."""
    old = [Source(change.file, change.old) for change in changes]
    return checked._replace(sources=changes, redaction=redaction_of([source, *old]))


def _split_known(known: Iterable[Finding], findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Split findings into new and known ones, even if these have moved to another line."""
    left = Counter(map(_identity, known))
    new: list[Finding] = []
    found: list[Finding] = []
    for finding in findings:
        identity = _identity(finding)
        is_known = left[identity] > 0
        left[identity] -= is_known
        (found if is_known else new).append(finding)
    return new, found


def _identity(finding: Finding) -> tuple[Any, ...]:
    return finding.rule, finding.object, finding.path, finding.fingerprint


def _covers(path: str, file: str) -> bool:
    """Check whether a path is the folder of the file or a folder above it."""
    outer, inner = (os.path.join(os.path.realpath(folder), "") for folder in (path, os.path.dirname(file)))
    return inner.startswith(outer)
