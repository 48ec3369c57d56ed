"""The way of an event whose sink is a service that logs, too."""

from collections.abc import Iterator

from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.apis.constants import COMPONENTS, PREDICTOR, TRANSFORMER
from isvclog.records import NamedTuple
from isvclog.rules.beside import ServiceKey
from isvclog.rules.context import LintContext, LoggerContext

_MOST_PLACES = 20


class _Place(NamedTuple):
    """A component of a service. Without a component, it is the service's own address."""

    service: ServiceKey
    component: str = ""


def find_loop(logger: LoggerContext) -> str | None:
    """Follow an event of a component; return None if it never comes back.

    Otherwise return the name of the service through which it comes back, empty if there is none.
    """
    own = logger.context.key
    start = _Place(own, logger.name)
    waiting = [(place, "") for place in _sinks(logger, own)]
    seen: set[_Place] = set()
    while waiting and len(seen) < _MOST_PLACES:
        place, way = waiting.pop()
        way = way or ("" if place.service == own else place.service[1])
        for component in _served(logger.context, place) if place not in seen else ():
            if _Place(place.service, component.name) == start:
                return way
            waiting += [(sink, way) for sink in _sinks(component, place.service)]
        seen.add(place)
    return None


def _served(context: LintContext, place: _Place) -> Iterator[LoggerContext]:
    """Yield the components that get a request to a place, as far as they are known: a transformer calls the predictor.

    `context` is that of the service whose event is followed.
    """
    if place.service != context.key:
        data = context.beside.find_service(place.service)
        if data is None:
            return
        context = LintContext(data, context.installation, context.policy)
    names = {component.name for component in context.components}
    first = place.component or (TRANSFORMER if TRANSFORMER in names else PREDICTOR)
    yield from (component for component in context.components if component.name in (first, PREDICTOR))


def _sinks(logger: LoggerContext, own: ServiceKey) -> Iterator[_Place]:
    """Yield the places that the host of a component's sink may be, by the names that KServe gives to Services."""
    if not _posts_requests(logger) or logger.sink is None:
        return
    first, *rest = logger.sink.url.hostname().lower().rstrip(".").split(".")
    if len(rest) > 1 and rest[1] != "svc":
        if _is_outside_address(first, rest[0], own):
            yield _Place(own)
        return
    there = rest[0] if rest else own[0]
    yield _Place((there, first))
    for component in COMPONENTS:
        before, found, after = first.rpartition(f"-{component}")
        if found and after in ("", "-default"):
            yield _Place((there, before), component)


def _is_outside_address(first: str, second: str, own: ServiceKey) -> bool:
    """Check whether labels of a host begin an address outside of the cluster, by KServe's domainTemplate."""
    namespace, name = own
    return bool(namespace and name) and (first == f"{name}-{namespace}" or (first, second) == (name, namespace))


def _posts_requests(logger: LoggerContext) -> bool:
    """Check whether a component posts an event for each request, whatever the answer to the request is.

    A response is logged only if the model answers the event with 200, which it normally does not.
    """
    sink, settings = logger.sink, logger.prediction.settings
    if sink is None or sink.problem or sink.kind != CLOUDEVENTS or logger.prediction.blocked_by is not None:
        return False
    return settings is not None and settings.mode != "response"
