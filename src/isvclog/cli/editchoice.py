"""Which services of files and folders an edit is about."""

import os
from collections.abc import Callable, Sequence

from isvclog.cli.files import read_files
from isvclog.cli.installation import sentence
from isvclog.cli.output import error, note
from isvclog.errors import UsageError
from isvclog.findings import Finding, enumerated
from isvclog.manifest import Object, Source
from isvclog.report.result import FileResult
from isvclog.verdict import ServiceFilter, services_in

_SHOWN = 5


def select_services(
    places: Sequence[str], choice: ServiceFilter, kept: Callable[[str], str]
) -> tuple[list[Source], int]:
    """The files with a service that is meant, and how many could not be read; UsageError where it is unclear.

    Of what cannot be read standard error tells, with what `kept` says became of the file.
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
    """That no service is meant, with what there is instead."""
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
    """The services that are meant, and what cannot be read; the labels of all the rest are added to `others`."""
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
