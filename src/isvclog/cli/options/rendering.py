"""Options for charts and overlays, which are rendered before they are checked."""

from typing import TYPE_CHECKING, Annotated

import typer

from isvclog.errors import UsageError
from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from isvclog.manifest import Source
    from isvclog.rendering.programs import Rendering

ChartRoot = Annotated[
    str | None,
    typer.Option(
        metavar="DIR",
        help="Where to look for the chart or overlay of rendered text; default the whole repository.",
    ),
]

ValuesMatrix = Annotated[
    str | None,
    typer.Option(
        "--values-matrix",
        metavar="GLOB",
        help="Render the chart with each of these values files, such as 'ci/*-values.yaml'; show equal results once.",
    ),
]


class RenderingOptions(NamedTuple):
    """The options that name a chart or an overlay to render."""

    helm: Annotated[
        str | None,
        typer.Option("--helm", metavar="DIR", help="Render the chart in DIR with helm, and read the result."),
    ] = None
    values: Annotated[
        list[str] | None,
        typer.Option("--values", metavar="FILE", help="A values file for --helm; repeatable, the last one wins."),
    ] = None
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A value for --helm; repeatable.")
    ] = None
    kustomize: Annotated[
        str | None,
        typer.Option("-k", "--kustomize", metavar="DIR", help="Build the overlay in DIR with kustomize or kubectl."),
    ] = None

    @property
    def given(self) -> bool:
        """True if something is to be rendered."""
        return self.helm is not None or self.kustomize is not None

    @property
    def words(self) -> list[str]:
        """The options as words of a command line."""
        options = {"--helm": [self.helm], "--values": self.values, "--set": self.set_, "-k": [self.kustomize]}
        return [word for name, given in options.items() for value in given or () if value for word in (name, value)]

    def check(self, others: "Iterable[object]", purpose: str = "check") -> None:
        """Raise UsageError for options that do not go together; `others` are those that name other input.

        `purpose` is a verb: what is done to the input.
        """
        if self.helm is None and (self.values or self.set_):
            raise UsageError("--values and --set are for a chart; name its folder with --helm.")
        if self.helm is not None and self.kustomize is not None:
            raise UsageError("--helm and --kustomize exclude each other.")
        if self.given and any(others):
            option = "--helm" if self.helm is not None else "--kustomize"
            raise UsageError(f"{option} names what to {purpose}; leave out files, names of services and --live.")

    def check_matrix(self, matrix: str | None) -> None:
        """Raise UsageError for `--values-matrix` without a chart."""
        if matrix is not None and self.helm is None:
            raise UsageError("--values-matrix is for a chart; name its folder with --helm.")

    def render(self, root: str | None = None) -> "Rendering":
        """Render the chart or the overlay. Raises IsvclogError if the program is missing or fails."""
        from isvclog.rendering.programs import build_overlay, render_chart

        if self.kustomize is not None:
            return build_overlay(self.kustomize, root)
        return render_chart(self.helm or "", self.values or (), self.set_ or (), root)

    def render_in(self, folder: str, located: "Callable[[str], str]") -> "Source":
        """Render another state of the chart or the overlay; `located` returns where the values files are in it."""
        from isvclog.rendering.programs import build_overlay, render_chart

        if self.kustomize is not None:
            return build_overlay(folder).source
        return render_chart(folder, [located(file) for file in self.values or ()], self.set_ or ()).source

    def is_source(self, folder: str) -> bool:
        """Check whether a folder has what the option that is given renders."""
        import os

        from isvclog.manifest.kustomize.nearby import find_kustomization
        from isvclog.rendering.folders import CHART

        if self.kustomize is not None:
            return find_kustomization(folder) is not None
        return os.path.isfile(os.path.join(folder, CHART))

    def render_all(self, matrix: str | None, root: str | None) -> "list[Rendering]":
        """Render what is to be rendered, with `matrix` once for each values file. The list is empty if nothing is.

        Without a rendering, sources of rendered text are looked for below `root`. Raises UsageError if that is no
        folder.
        """
        import os

        if root is not None and not os.path.isdir(root):
            raise UsageError(f"--chart-root {root!a} is not a folder.")
        self.check_matrix(matrix)
        if matrix is not None:
            from isvclog.rendering.programs import render_variants

            return render_variants(self.helm or "", matrix, self.values or (), self.set_ or (), root)
        if self.given:
            return [self.render(root)]
        _trace_below(root)
        return []


def _trace_below(root: str | None) -> None:
    from isvclog.lint.files import trace_to

    if root is None:
        trace_to(None)
    else:
        from isvclog.rendering.trace import RenderedFrom

        trace_to(RenderedFrom(root))
