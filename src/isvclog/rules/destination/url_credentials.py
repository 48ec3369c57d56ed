"""Credentials in the `url`.

The agent sends the part before an `@` as `Authorization: Basic …` with every event. It sends a secret key in a query
parameter in the request line, which proxies and sinks write to their logs. Everybody who can read InferenceServices or
pods can also read the credentials: the URL is a field of the InferenceService, and an annotation and an argument of the
pod. For object storage the credentials are not even used. Kubernetes replaces `$(NAME)` with a variable of the agent,
which may be the secret key of the pod's storage.

Instead: Send events to a broker or a proxy inside the cluster that adds the credentials from a Secret. For object
storage, set a `serviceAccountName` whose secret contains them.

    # before
    logger:
      mode: all
      url: https://logger:change-me@events.example.com/ingest

    # after
    logger:
      mode: all
      url: http://broker-ingress.knative-eventing.svc.cluster.local/research/default
"""

from collections.abc import Iterator

from isvclog.diagnosis.lineage import expanded_secrets
from isvclog.diagnosis.sink_check import Sink, SinkProblem
from isvclog.findings import Severity, code
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_name, url_path

_REMEDY = "Send to a broker or proxy in the cluster that adds the credentials from a Secret, and renew these."
_READERS = "everybody who can read InferenceServices or pods can read"


@rule("url-credentials", Severity.WARNING, security=6.5)
def url_credentials(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink = logger.sink
        if sink is None:
            yield from _expanded(logger)
        elif sink.may_hold_secret and (problem := _login(sink) or _parameters(sink)):
            yield Issue(url_path(logger), f"{url_name(logger)} contains {problem}", _REMEDY)


def _expanded(logger: LoggerContext) -> Iterator[Issue]:
    written = logger.context.value(url_path(logger))
    secrets = expanded_secrets(written) if isinstance(written, str) and logger.prediction.args else ()
    for name in secrets:
        variable = code(f"$({name})")
        effect = "Kubernetes replaces it with the secret, and every request to the sink shows it"
        message = f"{url_name(logger)} contains {variable}: {effect}."
        yield Issue(url_path(logger), message, f"Remove {variable}.", severity=Severity.ERROR)


def _login(sink: Sink) -> str:
    """Describe the user name and password in the URL; empty if there are none to report."""
    user = sink.url.user
    if user is None:
        return ""
    if any(user) and sink.kind == CLOUDEVENTS and sink.problem is not SinkProblem.BLOB_SCHEME:
        return f"credentials: they leave the cluster with every event, and {_READERS} them."
    return "" if user.password is None else f"a password, which object storage does not use, and {_READERS} it."


def _parameters(sink: Sink) -> str:
    """Describe the parameters of the URL that look secret; empty if there are none."""
    names = _secret_parameters(sink)
    if not names:
        return ""
    where = f"the parameter{'' if len(names) == 1 else 's'} {', '.join(map(code, names))}"
    sent = ": it leaves the cluster with every event" if sink.kind == CLOUDEVENTS else ""
    return f"what looks secret in {where}{sent}, and {_READERS} it."


def _secret_parameters(sink: Sink) -> list[str]:
    from urllib.parse import parse_qsl

    from isvclog.redact.places.urls import is_secret_parameter
    from isvclog.redact.values import has_sensitive_shape

    pairs = [pair for text in (sink.url.raw_query, sink.url.fragment) for pair in parse_qsl(text)]
    found = {name: None for name, value in pairs if not has_sensitive_shape(name) and is_secret_parameter(name, value)}
    return list(found)
