"""What `lint` does with each file: rules, ignores, fixes and the baseline, in this order."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from isvclog.cli.files import check_source, failed, read_files
from isvclog.errors import IsvclogError
from isvclog.findings import Finding
from isvclog.lint import Lint, lint
from isvclog.manifest import Source
from isvclog.report.result import Checked, position
from isvclog.rules.registry import all_rules

if TYPE_CHECKING:
    from isvclog.baseline import Baseline
    from isvclog.config import Config
    from isvclog.ignores import Ignores

_MARK = b"isvclog:"


class Fixing(NamedTuple):
    """Whether files are fixed, with `unsafe` fixes too, and whether they are written or only compared."""

    unsafe: bool = False
    write: bool = False


class Changed(NamedTuple):
    """A file that fixes change: its bytes before and after."""

    name: str
    old: bytes = b""
    new: bytes = b""


class Linter:
    """Checks files for one run, and keeps count of what is not reported.

    `fixed` counts fixes that were made, or would be; `changed` are the files they change, without their bytes once
    they are written; `refused` are sentences about fixes that would have changed something else. `fixable` and
    `fixable_unsafely` count what is left to fix. `stdin` is what came in by standard input.
    """

    def __init__(
        self,
        settings: Lint,
        config: "Config",
        *,
        ignoring: bool = True,
        baseline: "Baseline | None" = None,
        fixing: Fixing | None = None,
    ) -> None:
        self.settings = settings
        self.baseline = baseline
        self.fixing = fixing
        self.ignored = self.known = self.fixed = self.fixable = self.fixable_unsafely = 0
        self.changed: list[Changed] = []
        self.refused: list[str] = []
        self.stdin = b""
        self._config = config
        self._ignoring = ignoring
        self._ignores = _ignores(config, settings) if ignoring and config.ignores else None

    def results(self, paths: Iterable[str]) -> Iterator[Checked]:
        """Every file, checked."""
        for source in read_files(paths):
            if isinstance(source, Checked):
                yield source
                continue
            try:
                yield self._check(source)
            except IsvclogError as error:
                yield failed(source.name, error)

    def leftover(self) -> list[Finding]:
        """When all files are done: what is wrong with the ignores of the project file."""
        return self._ignores.leftover() if self._ignores else []

    def _check(self, source: Source) -> Checked:
        if source.name == "<stdin>":
            self.stdin = source.data
        checked, ignored = self._lint(source)
        if self.fixing is not None and any(finding.fix for finding in checked.findings):
            mended = self._fix(source, self.fixing)
            if mended is not source:
                checked, ignored = self._lint(mended)
        self.ignored += ignored
        findings = checked.findings
        if self.baseline is not None:
            findings, known = self.baseline.apply(source.name, findings)
            self.known += len(known)
        for finding in findings:
            if finding.fix:
                self.fixable += finding.fix.safe
                self.fixable_unsafely += not finding.fix.safe
        return checked._replace(findings=findings)

    def _lint(self, source: Source) -> tuple[Checked, int]:
        """What is to be reported of a file, and how many findings are ignored in it."""
        checked = check_source(source, lambda obj: lint(obj, self.settings))
        if not self._ignoring or not (self._ignores or _MARK in source.data):
            return checked, 0
        self._ignores = self._ignores or _ignores(self._config, self.settings)
        labels = frozenset(seen.object for seen in checked.objects)
        kept, suppressed = self._ignores.apply(source, checked.findings, labels)
        return checked._replace(findings=sorted(kept, key=position)), len(suppressed)

    def _fix(self, source: Source, fixing: Fixing) -> Source:
        from isvclog.fixing import fix_until_done
        from isvclog.manifest.write import write_file

        done = fix_until_done(source, lambda again: self._lint(again)[0].findings, unsafe=fixing.unsafe)
        for finding, reason in done.refused:
            line, column, *_ = finding.span
            self.refused.append(f"{finding.file}:{line}:{column}: {finding.rule} is not fixed: {reason}")
        if done.data == source.data:
            return source
        if fixing.write and source.name != "<stdin>":
            write_file(source.name, source.data, done.data)
            self.changed.append(Changed(source.name))
        else:
            self.changed.append(Changed(source.name, source.data, done.data))
        self.fixed += len(done.applied)
        return Source(source.name, done.data) if fixing.write else source


def _ignores(config: "Config", settings: Lint) -> "Ignores":
    from datetime import date

    from isvclog.ignores import Ignores

    return Ignores(config.ignores, config.file, all_rules(), settings.names, date.today())
