"""Objects that a logger needs and that do not exist in the cluster.

These are the Service or the Broker behind the sink's URL, the ConfigMap with the authority of an https sink, and the
service account with the credentials of object storage.
"""

from collections.abc import Iterator

from isvclog.cluster import (
    BROKERS,
    CONFIG_MAPS,
    SERVICE_ACCOUNTS,
    SERVICES,
    ClusterError,
    MissingKind,
    NotFound,
    Resource,
    Unauthorized,
    Unreachable,
)
from isvclog.diagnosis.sink_check import Sink, SinkProblem
from isvclog.findings import Finding, Severity, code
from isvclog.keypath import KeyPath
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.apis.constants import BROKER_INGRESSES, LOGGER_ACCOUNT
from isvclog.kserve.logger.tls import is_private_host
from isvclog.kserve.webhook.environment import storage_secret_annotation
from isvclog.live.reader import FactReader, reason_for
from isvclog.manifest import Object
from isvclog.records import NamedTuple
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.manifest import MISSING_OBJECT
from isvclog.rules.rule import Issue, locate
from isvclog.rules.sink_url import url_path

RULE = MISSING_OBJECT.name

_LOST = "every event is lost, and no metric or status shows it."


class _Need(NamedTuple):
    """An object that a logger needs: where it is named, and the effect and the remedy if it does not exist."""

    resource: Resource
    namespace: str
    name: str
    path: KeyPath
    effect: str
    remedy: str
    severity: Severity = Severity.ERROR


class Existence:
    """Checks of whether objects exist in a cluster, each made once. What cannot be read is reported once."""

    def __init__(self, reader: FactReader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, str, str], bool | None] = {}
        self._denied: set[tuple[str, str]] = set()

    def missing(self, obj: Object, context: LintContext) -> Iterator[Finding]:
        """Find the objects that the loggers of a service need and that do not exist.

        Raises Unauthorized and Unreachable.
        """
        for logger in context.loggers:
            for need in _needs(logger):
                if self._exists(need.resource, need.namespace, need.name) is False:
                    what = f"The {need.resource.kind} {code(f'{need.namespace}/{need.name}')} does not exist"
                    issue = Issue(need.path, f"{what}: {need.effect}", need.remedy, severity=need.severity)
                    yield locate(obj, MISSING_OBJECT, issue)

    def _exists(self, resource: Resource, namespace: str, name: str) -> bool | None:
        """Check whether an object exists; None if that cannot be told."""
        key = (resource.plural, namespace, name)
        if key not in self._known and key[:2] not in self._denied:
            self._known[key] = self._read(resource, namespace, name)
        return self._known.get(key)

    def _read(self, resource: Resource, namespace: str, name: str) -> bool | None:
        try:
            self._reader.cluster.get(resource, name, namespace)
        except MissingKind:  # a NotFound, too
            return None
        except NotFound:
            return False
        except (Unauthorized, Unreachable):
            raise
        except ClusterError as error:
            self._denied.add((resource.plural, namespace))
            kinds = f"{resource.kind}s of namespace {namespace}"
            self._reader.notify(f"{kinds} cannot be read ({reason_for(error)}): whether they exist is not checked.")
            return None
        return True


def _needs(logger: LoggerContext) -> Iterator[_Need]:
    sink = logger.sink
    if sink is None or sink.problem not in (None, SinkProblem.UNTRUSTED):
        return
    if sink.kind != CLOUDEVENTS:
        yield from _account(logger)
        return
    namespace = logger.service.namespace
    if service := _service_of(sink.url.hostname(), namespace):
        remedy = "Create it, or write the URL of a sink that exists."
        broker = _broker_of(sink) if service[1] in BROKER_INGRESSES else None
        for resource, found in ((SERVICES, service), (BROKERS, broker)):
            if found:
                yield _Need(resource, *found, url_path(logger), _LOST, remedy)
    if sink.url.scheme == "https":
        yield from _authority(logger, sink)


def _authority(logger: LoggerContext, sink: Sink) -> Iterator[_Need]:
    """Yield the ConfigMap with the authority of an https sink, if the installation names one."""
    namespace, injection = logger.service.namespace, logger.prediction.injection
    if injection is None or not injection.ca_bundle:
        return
    effect, severity = "the agent trusts only certificates of public authorities.", Severity.WARNING
    if is_private_host(sink.url.hostname(), namespace):
        effect, severity = f"the agent trusts only certificates of public authorities, and {_LOST}", Severity.ERROR
    remedy = "Create the ConfigMap that `caBundle` names in the namespace of the service."
    yield _Need(CONFIG_MAPS, namespace, injection.ca_bundle, url_path(logger), effect, remedy, severity)


def _service_of(host: str, own: str) -> tuple[str, str] | None:
    """Return namespace and name of the Service that a host is the name of; None if it may be another host."""
    first, *rest = host.lower().rstrip(".").split(".")
    if not rest:
        return None if first in ("", "localhost") or ":" in first else (own, first)
    if len(rest) == 1:
        return (rest[0], first) if rest[0] != "local" and is_private_host(host, own) else None
    return (rest[0], first) if rest[1] == "svc" else None


def _broker_of(sink: Sink) -> tuple[str, str] | None:
    """Return namespace and name of the Broker in the path of an ingress of Knative."""
    steps = sink.url.path.strip("/").split("/")
    return (steps[0], steps[1]) if len(steps) == 2 and all(steps) else None


def _account(logger: LoggerContext) -> Iterator[_Need]:
    """Yield the service account whose secrets have the credentials of the store, if a manifest says which one it is.

    An annotation that names a secret applies to the pod's own account as well, which always exists.
    """
    written, pod = logger.context.predictor_logger, logger.prediction.pod
    named = storage_secret_annotation(logger.context.installation.config)
    if written is None or written.storage is None or (pod is not None and named in pod.annotations):
        return
    name = written.storage.service_account_name or LOGGER_ACCOUNT
    effect = "the agent has only the storage credentials of the pod's own service account."
    remedy = "Create it with the secret of the storage, or name another one in `storage.serviceAccountName`."
    yield _Need(SERVICE_ACCOUNTS, logger.service.namespace, name, url_path(logger), effect, remedy, Severity.WARNING)
