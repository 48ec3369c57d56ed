"""Completion of names from clusters. If there are no names in time, nothing is offered and nothing is printed."""

import threading
from collections.abc import Callable
from contextlib import suppress

import typer

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
    """List the InferenceServices that begin with `incomplete`; none if the command is about files."""
    parameters = ctx.params
    if parameters.get("filename") or parameters.get("live") is False:
        return []
    return _in_time(lambda: _names(ctx, "inferenceservices"), incomplete)


def complete_first_service(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete a service as the first argument only, because the arguments after it are keys."""
    return [] if ctx.params.get("arguments") else complete_service(ctx, incomplete)


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
