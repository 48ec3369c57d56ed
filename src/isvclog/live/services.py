"""The InferenceServices of a cluster as objects, page by page, so that memory use does not grow with their number."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from isvclog.cluster import INFERENCE_SERVICES, Cluster, ClusterError, MissingKind, NotFound
from isvclog.filenames import live_name
from isvclog.findings import code, enumerated
from isvclog.keypath import string_at
from isvclog.manifest import Object, live_object
from isvclog.records import NamedTuple
from isvclog.redact.gate import SecretRedaction

_SEARCHED = 5000
"""The maximum number of services among which similar names are searched."""
_SHOWN = 5


class UnreadableService(NamedTuple):
    """A service, or a list of services, that could not be read.

    `file` is its name in the form of `live_name`, and `reason` is a sentence.
    """

    file: str
    reason: str


def find_services(
    cluster: Cluster, names: Sequence[str] = (), namespace: str = "", selector: str = ""
) -> Iterator[Object | UnreadableService]:
    """Yield the services with these names (see `find_service`), or those of a namespace, or of all if it is empty.

    Raises nothing: an UnreadableService is yielded for what cannot be read, so that it does not hide the rest.
    """
    # `a` and `ns/a` may be the same.
    for name in {name if "/" in name else f"{cluster.namespace}/{name}": name for name in names}.values():
        try:
            yield find_service(cluster, name)
        except ClusterError as error:
            place, _, short = name.rpartition("/")
            yield UnreadableService(live_name(place or cluster.namespace, short), str(error))
    if not names:
        yield from _listed(cluster, namespace, selector)


def find_service(cluster: Cluster, name: str) -> Object:
    """Read one service: `namespace/name`, or `name` in the namespace of the cluster.

    Raises ClusterError; NotFound suggests similar names.
    """
    namespace, short = _parts(cluster, name)
    try:
        found = _object(cluster.get(INFERENCE_SERVICES, short, namespace))
    except MissingKind:
        raise
    except NotFound:
        raise _missing(cluster, short, namespace) from None
    if isinstance(found, UnreadableService):
        raise ClusterError(found.reason)
    return found


def _listed(cluster: Cluster, namespace: str, selector: str) -> Iterator[Object | UnreadableService]:
    try:
        yield from map(_object, cluster.list(INFERENCE_SERVICES, namespace, selector))
    except ClusterError as error:
        yield UnreadableService(live_name(namespace or "*", "*"), str(error))


def _object(data: dict[str, Any]) -> Object | UnreadableService:
    namespace, name = (string_at(data, ("metadata", key)) for key in ("namespace", "name"))
    if not (namespace and name):
        shown = live_name(namespace or "?", name or "?")
        return UnreadableService(
            shown, "an InferenceService has no name or namespace; check it with `kubectl get -o yaml`."
        )
    return live_object(live_name(namespace, name), data)


def _parts(cluster: Cluster, name: str) -> tuple[str, str]:
    namespace, _, short = name.rpartition("/")
    return namespace or cluster.namespace, short


def _missing(cluster: Cluster, name: str, namespace: str) -> NotFound:
    where = f"namespace {code(namespace)} of context {code(cluster.context)}"
    message = f"there is no InferenceService {code(name)} in {where}"
    try:
        found = _names(islice(cluster.list(INFERENCE_SERVICES, namespace), _SEARCHED))
        known = [SecretRedaction([each]).text(each) for each in found]  # before long ones are cut
    except ClusterError:
        return NotFound(f"{message}; check the name, or give another --namespace or --context.", 404)
    if not known:
        return NotFound(f"{message}, and no other; give another --namespace or --context.", 404)
    similar = _similar(name, known)
    if similar:
        return NotFound(f"{message}; did you mean {' or '.join(map(code, similar))}?", 404)
    return NotFound(f"{message}; there are {enumerated(list(map(code, sorted(known))), _SHOWN)}.", 404)


def _similar(name: str, known: Sequence[str]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(name, known, 3, 0.7)


def _names(items: Iterable[dict[str, Any]]) -> list[str]:
    found = (_object(item) for item in items)
    return [item.name for item in found if isinstance(item, Object)]
