"""The choice of services in files and folders for an edit."""

import os
from collections.abc import Sequence

from isvclog.edit.review import ServiceFilter, services_in
from isvclog.errors import UsageError
from isvclog.findings import Finding, enumerated
from isvclog.lint.files import read_files
from isvclog.lint.results import FileResult
from isvclog.manifest import Object, Source
from isvclog.records import NamedTuple

_SHOWN = 5


class UnreadableSource(NamedTuple):
    """A sentence about what cannot be read: a document of the file `name`, or a whole file if `name` is empty."""

    name: str
    sentence: str


class ServiceSelection:
    """The services that an edit is about.

    `sources` are the files with exactly one of them, or with any if every one is selected. `ambiguous` has the position
    and label of each service in files with several. `others` are the labels of the services that are not selected, as
    far as they were read.
    """

    def __init__(self) -> None:
        self.sources: list[Source] = []
        self.unreadable: list[UnreadableSource] = []
        self.ambiguous: list[str] = []
        self.others: list[str] = []

    def add(self, source: Source, choice: ServiceFilter) -> None:
        """Add a file that may have selected services."""
        selected, broken = self._split(source, choice)
        if broken:
            self.unreadable += [UnreadableSource(source.name, finding.sentence) for finding in broken]
        elif len(selected) == 1 or (selected and choice.every):
            self.sources.append(source)
        else:
            self.ambiguous += [f"{source.name}:{obj.span(()).line}: {obj.label}" for obj in selected]

    def add_others(self, source: Source) -> None:
        """Add a file whose services are not selected, to name them in an error."""
        self._split(source, ServiceFilter("", ""))

    def _split(self, source: Source, choice: ServiceFilter) -> tuple[list[Object], list[Finding]]:
        """Find the selected services, and the findings about documents that cannot be read."""
        selected: list[Object] = []
        broken: list[Finding] = []
        for item in services_in(source, choice):
            if isinstance(item, Finding):
                broken.append(item)
            elif choice.matches(item):
                selected.append(item)
            else:
                self.others.append(item.label)
        return selected, broken


def select_services(places: Sequence[str], choice: ServiceFilter) -> ServiceSelection:
    """Find the selected services. Raise UsageError if there is none although everything can be read."""
    selection = ServiceSelection()
    seen: set[str] = set()
    for source in read_files(places):
        if isinstance(source, FileResult):
            selection.unreadable.append(UnreadableSource("", source.failure))
        elif (path := os.path.realpath(source.name)) not in seen:  # else a link to a file that is edited already
            seen.add(path)
            selection.add(source, choice)
    if not (selection.sources or selection.ambiguous or selection.unreadable):
        raise UsageError(_absence(places, choice, selection, enumerated(places, _SHOWN)))
    return selection


def select_services_in(source: Source, choice: ServiceFilter) -> ServiceSelection:
    """Find the selected services of a text that is no file. Raise UsageError as `select_services` does."""
    selection = ServiceSelection()
    selection.add(source, choice)
    if not (selection.sources or selection.ambiguous or selection.unreadable):
        if choice.name is not None:
            selection.add_others(source)
        raise UsageError(_absence(["-"], choice, selection, source.name))
    return selection


def _absence(places: Sequence[str], choice: ServiceFilter, selection: ServiceSelection, where: str) -> str:
    """Describe that no service is selected, and which services exist instead."""
    name, namespace, _ = choice
    if name is None and namespace is None:
        return f"there is no InferenceService in {where}; name a file that has one."
    wanted = " ".join(filter(None, (name and f"--name {name}", namespace and f"--namespace {namespace}")))
    if name is not None and "-" not in places:  # documents without this name were not read
        for source in read_files(places):
            if isinstance(source, Source):
                selection.add_others(source)
    labels = list(dict.fromkeys(selection.others))
    found = f"; found {enumerated(labels, _SHOWN)} instead" if labels else ""
    return f"no InferenceService in {where} matches {wanted}{found}."
