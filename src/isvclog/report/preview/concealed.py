"""A journey whose sensitive values are masked, for formats that people look at."""

import re
from collections.abc import Mapping

from isvclog.kserve.dispatcher import dispatch
from isvclog.kserve.fate import Trace
from isvclog.kserve.golang.url import URL
from isvclog.kserve.journey import Journey
from isvclog.kserve.webhook import logged_pairs
from isvclog.sensitive import has_sensitive_name, has_sensitive_shape, is_sensitive, is_sensitive_header, masked

HIDDEN = "…"
_ARGUMENT = re.compile(r'invalid argument ".*" for "', re.DOTALL)
_PARAMETER = re.compile(r"(?P<start>[?&](?P<name>[^=&#]*)=)[^&#]*")
_PAIR = re.compile(r"got key: .*", re.DOTALL)


def concealed(journey: Journey) -> Journey:
    """The same journey with masked annotations, headers and credentials of the sink, dispatched anew."""
    settings = journey.prediction.settings
    if settings is None:
        return journey
    annotations = {key: shown(key, value) for key, value in settings.annotations.items()}
    settings = settings._replace(annotations=annotations, url=_without_password(settings.url))
    logged = tuple(
        item._replace(settings=settings, metadata=item.metadata and _headers(item.metadata)) for item in journey.logged
    )
    recorded = max((item.occurred_ns for item in logged), default=0)
    return journey._replace(logged=logged, outcome=dispatch(settings, logged, recorded_ns=recorded))


def concealed_trace(trace: Trace, *, header: bool = False) -> Trace:
    """The trace with its values masked where they look sensitive."""
    if trace.value is None:
        return trace
    if header:
        return trace._replace(value=_header(trace.name, trace.value))
    sources = tuple((source, shown(trace.name, value)) for source, value in trace.sources)
    return trace._replace(value=shown(trace.name, trace.value), sources=sources)


def concealed_log(journey: Journey) -> str:
    """The agent's last words, without the argument they repeat and without parts of a sensitive annotation."""
    startup, pod = journey.prediction.startup, journey.prediction.pod
    if startup is None or pod is None or startup.runs:
        return ""
    if any(is_sensitive(key, value) for key, value in logged_pairs(pod.annotations)):
        message = _PAIR.sub(rf"got key: {HIDDEN}", startup.message)
    else:
        message = startup.message
    return without_url(_ARGUMENT.sub(rf'invalid argument "{HIDDEN}" for "', message), journey)


def without_url(message: str, journey: Journey) -> str:
    """The message with the sink's URL as it may be shown."""
    settings = journey.prediction.settings
    if settings is None:
        return HIDDEN if has_sensitive_shape(message) else message
    shown_text = shown_url(settings.url)
    for text in (settings.url.string(), _without_password(settings.url).string()):
        message = message.replace(text, shown_text)
    return message


def shown(key: str, value: str) -> str:
    return masked(value) if is_sensitive(key, value) else value


def shown_url(url: URL) -> str:
    """The URL without its password and without parameters that look like a secret or a signature."""
    return shown_target(_without_password(url).string())


def shown_target(target: str) -> str:
    """A URL or request target whose secret parameters are hidden."""
    return _PARAMETER.sub(_shown_parameter, target)


def _shown_parameter(match: re.Match[str]) -> str:
    secret = has_sensitive_name(match["name"]) or has_sensitive_shape(match[0])
    return f"{match['start']}{HIDDEN}" if secret else match[0]


def _headers(metadata: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(_header(name, value) for value in values) for name, values in metadata.items()}


def _header(name: str, value: str) -> str:
    return masked(value) if is_sensitive_header(name) or has_sensitive_shape(value) else value


def _without_password(url: URL) -> URL:
    if url.user is None or url.user.password is None:
        return url
    return url._replace(user=url.user._replace(password="***"))
