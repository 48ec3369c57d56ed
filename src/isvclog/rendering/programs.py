"""The user's own `helm` and `kustomize`, run to render a folder."""

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from glob import escape as glob_escape
from glob import glob

from isvclog.errors import IsvclogError, UsageError
from isvclog.manifest.kustomize.nearby import find_kustomization
from isvclog.manifest.syntax.files import Source
from isvclog.records import NamedTuple
from isvclog.rendering.folders import CHART, root_for
from isvclog.rendering.processes import find_program, run_program
from isvclog.rendering.trace import RenderedFrom

_OVERLAY = "resources: [{}]\nbuildMetadata: [originAnnotations, transformerAnnotations]\n"


class Rendering(NamedTuple):
    """A rendered text, whose name is the folder, and where its lines come from.

    `variant` is the values file that makes it different from other renderings of the chart. `again` renders another
    folder with the same options, such as a copy of this one.
    """

    source: Source
    rendered: RenderedFrom
    again: "Callable[[str], Rendering]"
    variant: str = ""


def render_chart(
    folder: str, values: Sequence[str] = (), settings: Sequence[str] = (), root: str | None = None
) -> Rendering:
    """Run `helm template` for the chart in a folder, with values files and with `--set` for each of `settings`.

    Raise UsageError if there is no chart, and IsvclogError if helm is missing or fails.
    """
    chart = os.path.join(folder, CHART)
    if not os.path.isfile(chart):
        raise UsageError(f"--helm {folder!a}: there is no {CHART} in it; name the folder of a chart.")
    program = find_program(
        "helm", "install it, or pipe what it renders into isvclog: helm template CHART | isvclog lint -"
    )
    options = [part for file in values for part in ("--values", _as_item(file))]
    options += [part for setting in settings for part in ("--set", setting)]
    data = run_program([program, "template", os.path.abspath(folder), *options], "helm template")
    rendered = RenderedFrom(root_for(root, folder), folder, tuple(map(os.path.realpath, values)), fallback=chart)
    again = partial(render_chart, values=values, settings=settings, root=root)
    return Rendering(Source(os.path.normpath(folder), data), rendered, again)


def _as_item(file: str) -> str:
    """Quote the name of a file for an option of helm that takes a list of names, separated by commas."""
    return '"' + file.replace('"', '""') + '"' if os.path.exists(file) and set(file) & set(',"') else file


def render_variants(
    folder: str, pattern: str, values: Sequence[str] = (), settings: Sequence[str] = (), root: str | None = None
) -> list[Rendering]:
    """Render a chart once for each values file that a pattern matches, after the other `values`.

    The pattern is relative to the chart, as in `ci/*-values.yaml`, or else to the working directory. Raise UsageError
    if it matches nothing.
    """
    found = sorted(glob(os.path.join(glob_escape(folder), pattern), recursive=True)) or sorted(
        glob(pattern, recursive=True)
    )
    files = [os.path.normpath(file) for file in found if os.path.isfile(file)]
    if not files:
        raise UsageError(f"--values-matrix {pattern!a} matches no file, neither in {folder} nor in the current folder.")
    return [render_chart(folder, [*values, file], settings, root)._replace(variant=file) for file in files]


def build_overlay(folder: str, root: str | None = None) -> Rendering:
    """Run `kustomize build` for a folder, or `kubectl kustomize` where kustomize is not installed.

    The folder is the only resource of another kustomization, in a temporary folder, that asks for the origin of each
    object: no option of kustomize does. Where that cannot be built, the folder is built without origins.

    Raise UsageError if there is no kustomization, and IsvclogError if both programs are missing or fail.
    """
    kustomization = find_kustomization(folder)
    if kustomization is None:
        raise UsageError(
            f"--kustomize {folder!a}: there is no kustomization.yaml in it; name the folder of an overlay."
        )
    command = _kustomize()
    root = root_for(root, folder)
    with tempfile.TemporaryDirectory(prefix="isvclog-") as outer:
        outer = os.path.realpath(outer)
        try:
            with open(os.path.join(outer, "kustomization.yaml"), "w", encoding="utf-8") as file:
                file.write(_OVERLAY.format(_quoted(os.path.relpath(os.path.realpath(folder), outer))))
            data = run_program([*command, outer], "kustomize build")
            rendered = RenderedFrom(root, built=outer, fallback=kustomization)
        except (IsvclogError, ValueError):
            data = run_program([*command, os.path.abspath(folder)], "kustomize build")
            rendered = RenderedFrom(root, built=folder, fallback=kustomization)
    return Rendering(Source(os.path.normpath(folder), data), rendered, build_overlay)


def _quoted(path: str) -> str:
    return "'" + path.replace(os.sep, "/").replace("'", "''") + "'"


def _kustomize() -> list[str]:
    hint = "install it or kubectl, or pipe what it builds into isvclog: kustomize build FOLDER | isvclog lint -"
    if shutil.which("kustomize") is None and shutil.which("kubectl"):
        return [find_program("kubectl", hint), "kustomize"]
    return [find_program("kustomize", hint), "build"]
