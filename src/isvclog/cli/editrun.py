"""A run of `add-annotation` or `remove-annotation`: which services are meant, and what becomes of their files."""

import os
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from isvclog.cli.files import read_files
from isvclog.cli.installation import sentence
from isvclog.cli.output import complain, note
from isvclog.edit import Plan, What
from isvclog.errors import IsvclogError, UsageError
from isvclog.filenames import STDIN
from isvclog.findings import Finding, code, enumerated
from isvclog.ignores import Ignores
from isvclog.lint import Lint
from isvclog.manifest import Object, Source
from isvclog.manifest.refusal import CannotEdit
from isvclog.report.concise import line
from isvclog.report.escape import printable
from isvclog.report.result import Checked
from isvclog.verdict import Choice, Edited, Planning, edited, services

_DONE = {
    What.LISTED: "lists",
    What.UNLISTED: "no longer lists",
    What.VALUE_SET: "sets the value of",
    What.VALUE_REMOVED: "removes the annotation",
    What.LOGGER_CREATED: "creates the logger",
    What.LOGGER_EMPTIED: "leaves the logger empty, as it had nothing else",
    What.UNSHARED: "writes out what was shared",
    What.ALREADY_LISTED: "lists already",
    What.NOT_LISTED: "does not list",
    What.VALUE_THERE: "has the value already:",
    What.NO_VALUE: "has no annotation",
    What.URL_LEFT: "keeps the url it has",
    What.URL_ABSENT: "has no url, and --url is for loggers that are created",
    What.FIELD_DROPPED: "has a list that this release of KServe drops",
}

_SHOWN = 5


class Manner(NamedTuple):
    """What is done with a result: it is written, shown as a `diff`, printed to standard output, or only checked."""

    diff: bool = False
    check: bool = False
    stdout: bool = False
    force: bool = False
    quiet: bool = False
    color: str = "auto"

    @property
    def writes(self) -> bool:
        return not (self.diff or self.check or self.stdout)


class Run(NamedTuple):
    """What a run is about: files and folders, the services that are meant in them, and how they are judged."""

    places: Sequence[str]
    choice: Choice
    settings: Lint
    ignores: Ignores
    manner: Manner


def run_edits(run: Run, planning: Planning) -> int:
    """Edit the files; the exit code is 1 if an edit is refused for an error, or with --check would be made."""
    manner = run.manner
    sources, failures = _choose(run)
    if manner.stdout and len(sources) > 1:
        raise UsageError("--stdout prints one file, and there are several; name the one.")
    refused = changed = False
    for source in sources:
        try:
            result = edited(source, run.choice, planning, run.settings, run.ignores)
            blocked = bool(result.refusing) and not manner.force
            for finding in result.unwritten if blocked or manner.diff or manner.check else result.verdict:
                print(line(finding), file=sys.stderr)
            refused |= blocked
            changed |= result.data != source.data
            _finish(source, result, manner, blocked)
        except CannotEdit as error:
            place = f":{error.span.line}:{error.span.column}" if error.span else ""
            complain(f"{source.name}{place}: {error}{_kept(source.name, manner)}")
            failures += 1
        except IsvclogError as error:
            complain(str(error))
            failures += 1
    if failures:
        return IsvclogError.exit_code
    return 1 if refused or (changed and manner.check) else 0


def _kept(name: str, manner: Manner) -> str:
    """What became of a file, or of what is printed instead, where an edit is not made."""
    if not (manner.writes or manner.stdout):
        return ""
    return " Nothing is printed." if manner.stdout or name == STDIN else " The file is as it was."


def _choose(run: Run) -> tuple[list[Source], int]:
    """The files with a service that is meant, and how many could not be read; UsageError where it is unclear."""
    sources: list[Source] = []
    unclear: list[str] = []
    seen: set[str] = set()
    others: list[str] = []
    failures = found = 0
    for source in read_files(run.places):
        if isinstance(source, Checked):
            complain(source.failure)
            failures += 1
            continue
        if (real := os.path.realpath(source.name)) in seen:
            continue  # a link to a file that is edited already
        seen.add(real)
        meant, broken = _meant(source, run.choice, others)
        found += len(meant)
        if broken:
            for finding in broken:
                complain(f"{sentence(finding)}{_kept(source.name, run.manner)}")
            failures += 1
        elif len(meant) == 1:
            sources.append(source)
        elif meant:
            unclear += [f"{source.name}:{obj.span(()).line}: {obj.label}" for obj in meant]
    if unclear:
        for candidate in unclear:
            note(f"could be meant: {candidate}")
        raise UsageError("several services could be meant, and nothing was written; choose with --name or --namespace.")
    if not found and not failures:
        raise UsageError(_absence(run, others))
    return sources, failures


def _absence(run: Run, others: list[str]) -> str:
    """That no service is meant, with what there is instead."""
    where = enumerated(run.places, _SHOWN)
    name, namespace = run.choice
    if name is None and namespace is None:
        return f"there is no InferenceService in {where}; name a file that has one."
    wanted = " ".join(filter(None, (name and f"--name {name}", namespace and f"--namespace {namespace}")))
    if name is not None and "-" not in run.places:  # of other names nothing was read
        for source in read_files(run.places):
            if isinstance(source, Source):
                _meant(source, Choice("", ""), others)
    labels = list(dict.fromkeys(others))
    known = f"; there is {enumerated(labels, _SHOWN)}" if labels else ""
    return f"no InferenceService in {where} is meant by {wanted}{known}."


def _meant(source: Source, choice: Choice, others: list[str]) -> tuple[list[Object], list[Finding]]:
    """The services that are meant, and what cannot be read; the labels of all the rest are added to `others`."""
    meant: list[Object] = []
    broken: list[Finding] = []
    for item in services(source, choice):
        if isinstance(item, Finding):
            broken.append(item)
        elif choice.matches(item):
            meant.append(item)
        else:
            others.append(item.label)
    return meant, broken


def _finish(source: Source, edited: Edited, manner: Manner, blocked: bool) -> None:
    """Show, print or write the result of one file; of an edit that is refused, only what it would be."""
    where = sys.stderr if manner.stdout or manner.diff or source.name == STDIN else sys.stdout
    if manner.diff:
        from isvclog.report.color import painter, wants_color
        from isvclog.report.diff import diff

        for text in diff(source.name, source.data, edited.data, painter(wants_color(manner.color, sys.stdout))):
            sys.stdout.write(text)
    if blocked:
        kept = _kept(source.name, manner)
        note(f"{source.name}: the edit is refused, as it would be an error; --force makes it all the same.{kept}")
        return
    if manner.stdout or (source.name == STDIN and manner.writes):
        sys.stdout.flush()
        sys.stdout.buffer.write(edited.data)
    elif manner.writes:
        from isvclog.manifest.write import write_file

        write_file(source.name, source.data, edited.data)
    if not manner.quiet:
        for text in summary(source.name, edited.plans, "would change: " * (manner.diff or manner.check)):
            print(text, file=where)


def summary(name: str, plans: Sequence[Plan], would: str) -> Iterator[str]:
    """What was done to each service of a file, or of a cluster if `name` is empty; `would` stands before changes."""
    for plan in plans:
        steps: dict[tuple[str, What], list[str]] = {}
        for step in plan.notes:
            steps.setdefault((step.component, step.what), []).append(step.key)
        said = []
        for (component, what), keys in steps.items():
            names = ", ".join(code(key) for key in keys if key)
            said.append(" ".join(filter(None, (component, _DONE[what], names))))
        lead = would if plan.changes else ""
        place = f"{printable(name)}: " if name else ""
        yield f"{place}{printable(plan.obj.label)}: {lead}{'; '.join(said) or 'nothing to do'}"
