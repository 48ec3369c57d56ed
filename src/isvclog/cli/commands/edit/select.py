"""The choice of services in files and folders for an edit."""

import os
from collections.abc import Callable, Sequence

from isvclog.cli.options.installation import sentence
from isvclog.cli.terminal.files import read_files
from isvclog.cli.terminal.messages import error, note
from isvclog.edit.review import ServiceFilter, services_in
from isvclog.errors import UsageError
from isvclog.findings import Finding, enumerated
from isvclog.lint.results import FileResult
from isvclog.manifest import Object, Source

_SHOWN = 5


def select_services(
    places: Sequence[str], choice: ServiceFilter, kept: Callable[[str], str]
) -> tuple[list[Source], int]:
    """Find the files with a selected service, and count the files that cannot be read.

    Failures are printed on standard error, with the text of `kept` about the state of the file. Raises UsageError if no
    service is selected, or if several services of one file are.
    """
    sources: list[Source] = []
    unclear: list[str] = []
    seen: set[str] = set()
    others: list[str] = []
    failures = found = 0
    for source in read_files(places):
        if isinstance(source, FileResult):
            error(source.failure)
            failures += 1
            continue
        if (real := os.path.realpath(source.name)) in seen:
            continue  # a link to a file that is edited already
        seen.add(real)
        meant, broken = _meant(source, choice, others)
        found += len(meant)
        if broken:
            for finding in broken:
                error(f"{sentence(finding)}{kept(source.name)}")
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
        raise UsageError(_absence(places, choice, others))
    return sources, failures


def _absence(places: Sequence[str], choice: ServiceFilter, others: list[str]) -> str:
    """Describe that no service is selected, and which services exist instead."""
    where = enumerated(places, _SHOWN)
    name, namespace = choice
    if name is None and namespace is None:
        return f"there is no InferenceService in {where}; name a file that has one."
    wanted = " ".join(filter(None, (name and f"--name {name}", namespace and f"--namespace {namespace}")))
    if name is not None and "-" not in places:  # of other names nothing was read
        for source in read_files(places):
            if isinstance(source, Source):
                _meant(source, ServiceFilter("", ""), others)
    labels = list(dict.fromkeys(others))
    known = f"; there is {enumerated(labels, _SHOWN)}" if labels else ""
    return f"no InferenceService in {where} is meant by {wanted}{known}."


def _meant(source: Source, choice: ServiceFilter, others: list[str]) -> tuple[list[Object], list[Finding]]:
    """Find the selected services and the findings about unreadable documents.

    The labels of all other services are added to `others`.
    """
    meant: list[Object] = []
    broken: list[Finding] = []
    for item in services_in(source, choice):
        if isinstance(item, Finding):
            broken.append(item)
        elif choice.matches(item):
            meant.append(item)
        else:
            others.append(item.label)
    return meant, broken
