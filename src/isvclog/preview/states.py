"""The two states that are compared: files, folders, revisions of git, or what is rendered from them."""

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from isvclog.errors import IsvclogError, UsageError
from isvclog.findings import counted
from isvclog.kserve.apis.installation import Installation
from isvclog.manifest import Source
from isvclog.preview.comparison import PreviewedState
from isvclog.preview.inputs import PreviewInputs, inputs_of, read_inputs
from isvclog.preview.model import PreviewRequest, preview_chosen
from isvclog.records import NamedTuple
from isvclog.rendering.revisions import Checkout, checked_out, repository_path, revision_place, top_folder

Render: TypeAlias = Callable[[str, Callable[[str], str]], Source]
"""A function that renders the chart or overlay in a folder. It calls the second argument for the names of other files,
which returns where they are in the same state."""


class RenderedFolder(NamedTuple):
    """A chart or an overlay that the user renders, and the file that makes a folder one (`is_source`)."""

    folder: str
    render: Render
    is_source: Callable[[str], bool]


class WrittenState(NamedTuple):
    """The manifests of one state. `base` is the folder or the only file that they are in, or empty.

    `exists` is False if there is nothing at the place, as before a file was added and after it was removed.
    """

    name: str
    inputs: PreviewInputs
    base: str
    shown: Callable[[str], str] = str
    """Converts names of files in sentences to what the user knows them as."""
    notes: tuple[str, ...] = ()
    exists: bool = True

    def preview(self, name: str | None, known: Installation, request: PreviewRequest) -> PreviewedState:
        """Preview the services that are called `name`, or all if it is None."""
        inputs = self.inputs
        chosen = inputs.services if name is None else inputs.named(name)
        found = preview_chosen(inputs, chosen, known, request)
        places = [item.file.removeprefix(self.base) for item in found.services]
        unread = [sentence.removeprefix(self.base) for sentence in found.failures]
        shown = found._replace(
            services=[item._replace(file=self.shown(item.file)) for item in found.services],
            failures=[self.shown(sentence) for sentence in found.failures],
            patches={self.shown(file): self._folder(folder) for file, folder in found.patches.items()},
        )
        return PreviewedState(self.name, shown, places, unread, self.notes)

    def _folder(self, folder: str) -> str:
        shown = self.shown(folder)
        return os.path.relpath(folder) if shown == folder else shown


def read_old(place: str, rendered: RenderedFolder | None) -> WrittenState:
    """Read the old state. With `rendered`, a revision or a folder with a chart or overlay is rendered as the new one.

    Raise UsageError for an unknown revision, and IsvclogError if nothing can be read.
    """
    found = revision_place(place)
    if found is None and not os.path.lexists(place) and place != "-":
        raise IsvclogError(f"There is no file or folder {place}; a revision of git is written REV: or REV:PATH.")
    if found is None:
        is_rendered = rendered is not None and rendered.is_source(place)
        return _rendered(place, rendered) if rendered and is_rendered else _written(place, [place])
    if rendered is None:
        with checked_out(found) as checkout:
            return _at_revision(found.name, checkout)
    with checked_out(found, whole=True) as checkout:
        folder = found.path and checkout.place
        return _rendered_revision(found.name, checkout, rendered, folder)


def read_new(places: Sequence[str], old: str, rendered: RenderedFolder | None) -> WrittenState:
    """Read the new state: files and folders, one revision, what is rendered, or the current files of an old revision.

    Raise UsageError if there is no new state.
    """
    if rendered is not None:
        return _rendered(rendered.folder, rendered)
    if not places:
        return _written(*_current(old))
    found = revision_place(places[0]) if len(places) == 1 else None
    if found is None:
        return _written(", ".join(places), places)
    with checked_out(found) as checkout:
        return _at_revision(found.name, checkout)


def preview_both(
    old: WrittenState, new: WrittenState, name: str | None, known: Installation, request: PreviewRequest
) -> tuple[PreviewedState, PreviewedState]:
    """Preview both states.

    Raise IsvclogError if neither exists, and UsageError if neither has a service that is called `name`.
    """
    if not old.exists and not new.exists:
        raise IsvclogError(
            f"There is no file or folder at {old.name}, and none at {new.name}; check the path, which begins at the "
            "root of the repository after REV:."
        )
    states = old.preview(name, known, request), new.preview(name, known, request)
    if name is not None and not any(state.preview.services for state in states):
        new.inputs.choose(name)
    return states


def _current(old: str) -> tuple[str, list[str]]:
    """Return the name and the path of the current files that the old revision is one of."""
    found = revision_place(old)
    if found is None:
        raise UsageError(f"--diff {old} needs a second state to compare with: isvclog preview --diff OLD NEW.")
    path = os.path.join(top_folder(), *filter(None, repository_path(found.path, found.name).split("/")))
    shown = os.path.relpath(path)
    return shown, [shown] if os.path.lexists(path) else []


def _written(name: str, places: Sequence[str]) -> WrittenState:
    base = places[0].rstrip(os.sep) if len(places) == 1 else ""
    notes = () if places else (f"there is no file or folder {name} now.",)
    return WrittenState(name, read_inputs(places), base, notes=notes, exists=bool(places))


def _at_revision(name: str, checkout: Checkout) -> WrittenState:
    notes = tuple(_unread(name, checkout))
    exists = os.path.lexists(checkout.place)
    try:
        inputs = read_inputs([checkout.place] if exists else [])
    except IsvclogError as error:
        raise type(error)(checkout.renamed(str(error))) from None
    if not exists:
        notes = (f"{checkout.revision} has no file or folder {checkout.path}.", *notes)
    return WrittenState(name, inputs, checkout.place, checkout.renamed, notes, exists)


def _unread(name: str, checkout: Checkout) -> Iterator[str]:
    if checkout.modules:
        number = len(checkout.modules)
        yield f"{name} has {counted(number, 'submodule')}, which {'is' if number == 1 else 'are'} not read."


def _rendered(folder: str, rendered: RenderedFolder) -> WrittenState:
    return WrittenState(folder, inputs_of(rendered.render(folder, str)), "")


def _rendered_revision(name: str, checkout: Checkout, rendered: RenderedFolder, folder: str) -> WrittenState:
    """Render a folder of a revision: the one that is named, or that which is rendered for the new state."""
    top = os.path.realpath(top_folder())

    def located(file: str) -> str:
        path = os.path.relpath(os.path.realpath(file), top).replace(os.sep, "/")
        return file if path.startswith("../") or os.path.isabs(path) else checkout.inside(path)

    folder = folder or located(rendered.folder)
    if not os.path.isdir(folder):
        note = f"{checkout.revision} has no folder {checkout.renamed(folder).removeprefix(f'{checkout.revision}:')}."
        return WrittenState(name, PreviewInputs(), "", notes=(note,))
    try:
        source = rendered.render(folder, located)
        return WrittenState(name, inputs_of(source._replace(name=checkout.renamed(source.name))), "")
    except IsvclogError as error:
        raise type(error)(f"{name}: {checkout.renamed(str(error))}") from None
