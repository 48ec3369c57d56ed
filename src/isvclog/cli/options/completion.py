"""Completion of names from clusters and files. If there are none in time, nothing is offered and nothing is printed."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import typer

from isvclog.keypath import list_at, strings_at

if TYPE_CHECKING:
    from isvclog.manifest import Object

_SECONDS = 0.18
"""The time for one completion: 0.3 seconds, which a person does not notice, without the start of the program."""


def complete_context(ctx: typer.Context, incomplete: str) -> list[str]:
    """List the contexts of the kubeconfig that begin with `incomplete`."""

    def find() -> list[str]:
        from isvclog.cluster.kubeconfig import list_contexts

        return list(list_contexts(ctx.params.get("kubeconfig")).names)

    return _in_time(find, incomplete)


def complete_namespace(ctx: typer.Context, incomplete: str) -> list[str]:
    """List the namespaces of the cluster that begin with `incomplete`."""
    return _in_time(lambda: _names(ctx, "namespaces"), incomplete)


def complete_service(ctx: typer.Context, incomplete: str) -> list[str]:
    """List the InferenceServices that begin with `incomplete`: those in the files of -f, or else of the cluster.

    None if the command is about files.
    """
    parameters = ctx.params
    if parameters.get("filename"):
        return [] if "paths" in parameters else complete_service_in_files(ctx, incomplete)
    if parameters.get("live") is False:
        return []
    return _in_time(lambda: _names(ctx, "inferenceservices"), incomplete)


def complete_service_in_files(ctx: typer.Context, incomplete: str) -> list[str]:
    """List the InferenceServices in the files of -f that begin with `incomplete`."""
    files = ctx.params.get("filename") or ()
    return _in_time(lambda: [name for obj in _services(files) if (name := obj.name)], incomplete)


def complete_new_key(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete a service of the cluster or, with -f, an annotation of its files that no logger lists."""
    if not ctx.params.get("filename"):
        return complete_first_service(ctx, incomplete)
    return _complete_key(
        ctx, incomplete, lambda obj: strings_at(obj.data, ("metadata", "annotations")).keys() - _listed(obj)
    )


def complete_listed_key(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete a service of the cluster or, with -f, an annotation that a logger in its files lists."""
    if not ctx.params.get("filename"):
        return complete_first_service(ctx, incomplete)
    return _complete_key(ctx, incomplete, _listed)


def _complete_key(ctx: typer.Context, incomplete: str, keys_of: "Callable[[Object], Iterable[str]]") -> list[str]:
    files, given = ctx.params["filename"], ctx.params.get("arguments") or ()
    return _in_time(lambda: list({key for obj in _services(files) for key in keys_of(obj)} - set(given)), incomplete)


def _listed(obj: "Object") -> set[str]:
    from isvclog.kserve.apis.constants import COMPONENTS

    paths = (("spec", component, "logger", "metadataAnnotations") for component in COMPONENTS)
    return {key for path in paths for key in list_at(obj.data, path) if isinstance(key, str)}


def _services(files: Iterable[str]) -> "Iterator[Object]":
    """Yield the InferenceServices in files. Standard input is not read: it is the terminal."""
    from isvclog.kserve.apis.kinds import SERVICE
    from isvclog.lint.files import read_files
    from isvclog.lint.reading import KEYWORDS
    from isvclog.manifest import Object, Source, load

    for source in read_files(name for name in files if name != "-"):
        for item in load(source, KEYWORDS) if isinstance(source, Source) else ():
            if isinstance(item, Object) and item.kind == SERVICE:
                yield item


def complete_first_service(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete a service as the first argument only, because the arguments after it are keys."""
    return [] if ctx.params.get("arguments") else complete_service(ctx, incomplete)


def complete_release(incomplete: str) -> list[str]:
    """List the releases of KServe that begin with `incomplete`, the newest first."""
    from isvclog.kserve.apis.releases import ALL_RELEASES

    prefix = "v" if incomplete.startswith("v") else ""
    names = (prefix + str(release) for release in reversed(ALL_RELEASES))
    return [name for name in names if name.startswith(incomplete)]


def complete_component(incomplete: str) -> list[str]:
    """List the components that begin with `incomplete`."""
    from isvclog.kserve.apis.constants import COMPONENTS

    return [name for name in (*COMPONENTS, "all") if name.startswith(incomplete)]


def complete_sink_profile(incomplete: str) -> list[str]:
    """List the kinds of sinks that begin with `incomplete`."""
    from isvclog.rules.policy import SINK_LIMITS

    return [name for name in (*SINK_LIMITS, "custom=") if name.startswith(incomplete)]


def _names(ctx: typer.Context, plural: str) -> list[str]:
    from isvclog.cluster.quick import complete_names
    from isvclog.cluster.resources import INFERENCE_SERVICES, NAMESPACES
    from isvclog.cluster.selection import Access

    resource = NAMESPACES if plural == NAMESPACES.plural else INFERENCE_SERVICES
    parameters = ctx.params
    context = parameters.get("context")
    access = Access(
        parameters.get("kubeconfig"),
        context[-1] if isinstance(context, list | tuple) and context else context or None,
        parameters.get("namespace") or None,
        parameters.get("as_") or None,
        tuple(parameters.get("as_group") or ()),
    )
    return complete_names(access, resource, _SECONDS)


def _in_time(find: Callable[[], list[str]], incomplete: str) -> list[str]:
    """Call `find` and keep the names that begin with `incomplete`; none if it is too slow.

    A thread that is too slow ends with the process.
    """
    found: list[str] = []

    def collect() -> None:
        with suppress(Exception):  # a shell cannot show an error while it completes
            found.extend(find())

    thread = threading.Thread(target=collect, daemon=True)
    thread.start()
    thread.join(_SECONDS)
    return sorted(name for name in list(found) if name.startswith(incomplete))
