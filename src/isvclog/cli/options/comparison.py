"""The two states that `preview --diff` compares, as arguments name them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from isvclog.cli.options.files import only_name
from isvclog.cli.options.rendering import RenderingOptions
from isvclog.errors import UsageError
from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from isvclog.kserve.apis.installation import Installation
    from isvclog.preview.comparison import PreviewComparison, PreviewedState
    from isvclog.preview.model import PreviewRequest


class DiffSides(NamedTuple):
    """The old state, the places of the new one (none: what is rendered, or the current files), and a service."""

    old: str
    new: Sequence[str]
    name: str | None
    rendering: RenderingOptions

    def compare(self, known: "Installation", request: "PreviewRequest") -> "PreviewComparison":
        """Read both states and compare them. Raises IsvclogError if a state cannot be read at all."""
        from isvclog.preview.comparison import compare_states
        from isvclog.preview.states import RenderedFolder, preview_both, read_new, read_old

        rendered = None
        if self.rendering.given:
            folder = self.rendering.kustomize or self.rendering.helm or ""
            rendered = RenderedFolder(folder, self.rendering.render_in, self.rendering.is_source)
        old, new = read_old(self.old, rendered), read_new(self.new, self.old, rendered)
        everything = request._replace(canary=None, with_canaries=True)
        states = preview_both(old, new, self.name, known, everything)
        _check_canary(request.canary, states)
        _check_component(request.component, states)
        return compare_states(*states, request.canary)


def _check_canary(canary: str | None, states: "Sequence[PreviewedState]") -> None:
    """Raise UsageError if no service of a state has the canary predictor."""
    services = [item.service for state in states for item in state.preview.services if item.service is not None]
    if canary is not None and not any(canary in service.canaries for service in services):
        raise UsageError(f"no service has a canary {canary[:63]!a} in either state.")


def _check_component(component: str | None, states: "Sequence[PreviewedState]") -> None:
    """Raise UsageError if there are services in the states, and none of them has the component."""
    services = [item for state in states for item in state.preview.services]
    if component is not None and services and not any(item.shows_component for item in services):
        raise UsageError(f"no service has a component {component} in either state.")


def diff_sides(
    old: str, arguments: Sequence[str], filenames: Sequence[str] | None, rendering: RenderingOptions
) -> DiffSides:
    """Read the arguments of a comparison: NEW, unless -f or something to render is given, and the name of a service."""
    rendering.check([filenames])
    new, names = list(filenames or ()), list(arguments)
    if not new and not rendering.given and names:
        new = [names.pop(0)]
    if [old, *new].count("-") > 1:
        raise UsageError("standard input (-) can be read only once.")
    return DiffSides(old, new, only_name(names, "preview --diff"), rendering)
