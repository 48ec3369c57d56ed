"""A journey whose sensitive values are masked, for formats that people look at."""

from collections.abc import Mapping
from dataclasses import replace

from isvclog.kserve.dispatcher import dispatch
from isvclog.kserve.fate import Trace
from isvclog.kserve.golang.url import URL
from isvclog.kserve.journey import Journey
from isvclog.sensitive import has_sensitive_shape, is_sensitive, is_sensitive_header, masked

HIDDEN = "…"


def concealed(journey: Journey) -> Journey:
    """The same journey with masked annotations, headers and credentials of the sink, dispatched anew."""
    startup = journey.prediction.startup
    if startup is None or startup.settings is None:
        return journey
    annotations = {key: shown(key, value) for key, value in startup.settings.annotations.items()}
    settings = replace(startup.settings, annotations=annotations, url=_without_password(startup.settings.url))
    logged = tuple(
        replace(item, settings=settings, metadata=item.metadata and _headers(item.metadata)) for item in journey.logged
    )
    recorded = max((item.occurred_ns for item in logged), default=0)
    return replace(journey, logged=logged, outcome=dispatch(settings, logged, recorded_ns=recorded))


def concealed_trace(trace: Trace, *, header: bool = False) -> Trace:
    """The trace with its values masked where they look sensitive."""
    if trace.value is None:
        return trace
    if header:
        return replace(trace, value=_header(trace.name, trace.value))
    sources = tuple((source, shown(trace.name, value)) for source, value in trace.sources)
    return replace(trace, value=shown(trace.name, trace.value), sources=sources)


def shown(key: str, value: str) -> str:
    return masked(value) if is_sensitive(key, value) else value


def shown_url(url: URL) -> str:
    """The URL without password, and without its query where that looks like a signature."""
    text = _without_password(url).string()
    return text.partition("?")[0] + f"?{HIDDEN}" if has_sensitive_shape(text) else text


def _headers(metadata: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(_header(name, value) for value in values) for name, values in metadata.items()}


def _header(name: str, value: str) -> str:
    return masked(value) if is_sensitive_header(name) or has_sensitive_shape(value) else value


def _without_password(url: URL) -> URL:
    if url.user is None or url.user.password is None:
        return url
    return url._replace(user=url.user._replace(password="***"))
