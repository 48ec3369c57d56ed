"""The context of a rule: an InferenceService, its loggers as written, and the prediction of what KServe will do."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from isvclog.diagnosis.lineage import KeyStatus, annotation_statuses
from isvclog.diagnosis.sink_check import Sink, sink_of
from isvclog.keypath import KeyPath, mapping_at, value_at
from isvclog.kserve.agent.pairs import Reading, read_all_pairs
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.apis.admission import is_complete
from isvclog.kserve.apis.constants import KNATIVE, METADATA_ANNOTATIONS, PREDICTOR
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.object_meta import ObjectMeta, name_refusal
from isvclog.kserve.apis.refusals import find_refusals
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.spec import Component, InferenceService, Logger
from isvclog.kserve.controller.deployment import Obstacle, Undeployed, list_obstacles
from isvclog.kserve.prediction import Prediction, predict
from isvclog.kserve.webhook.environment import agent_environment
from isvclog.kserve.webhook.inject import listed_keys, logged_pairs
from isvclog.rules.beside import NOTHING_BESIDE, Beside, ServiceKey, key_of
from isvclog.rules.lazily import lazily
from isvclog.rules.policy import Policy
from isvclog.rules.recovery import recover_service

ANNOTATIONS = ("metadata", "annotations")

_STORING = frozenset(("storage", "marshallerUrl", "batchSize", "batchInterval"))
_SETTINGS = ("storage", "marshaller", "batch")

AppliesTo = Literal["annotations", "headers", "storage"]
"""Subject that a logger may be about: lists of names, or object storage and batches."""


class LintContext:
    """One InferenceService in an installation, as a rule sees it.

    `data` is the object as written; `is_patch` says that it is a patch even though it may look complete. `service` is
    the intended object, None if it cannot be determined; then there are no components and no loggers.
    """

    def __init__(
        self,
        data: Mapping[str, Any],
        installation: Installation,
        policy: Policy,
        beside: Beside = NOTHING_BESIDE,
        *,
        is_patch: bool = False,
    ) -> None:
        self.data = data
        self._is_patch = is_patch
        self.beside = beside
        self.installation = installation
        self.policy = policy
        self.service, self._rooted = recover_service(data, installation.release)

    @property
    def release(self) -> Release:
        """The KServe release of the installation."""
        return self.installation.release

    @lazily
    def key(self) -> ServiceKey:
        """The namespace and name of the service, as far as the manifest gives them."""
        return key_of(self.data)

    @lazily
    def is_complete(self) -> bool:
        """True if the object is complete; a patch, as for kustomize, lacks what its target may have."""
        return not self._is_patch and is_complete(self.data)

    def may_be_elsewhere(self, *path: str | int) -> bool:
        """Return True if nothing is at the path, but the object that this is a patch for may have it there."""
        return not self.is_complete and self.value(path) is None

    @lazily
    def components(self) -> tuple["LoggerContext", ...]:
        """All components, with a logger or without."""
        service = self.service
        if service is None:
            return ()
        return tuple(
            LoggerContext(self, service, component, self._component_path(component))
            for component in service.components.values()
        )

    @lazily
    def loggers(self) -> tuple["LoggerContext", ...]:
        """The components whose pods ask for a logger, by the `logger` block or by KServe's internal annotation."""
        return tuple(logger for logger in self.components if logger.prediction.wants_logger)

    @lazily
    def deployed_for_loggers(self) -> tuple["LoggerContext", ...]:
        """The components that KServe has to deploy so that the loggers get pods: all of them, none without loggers.

        An error in one keeps the others from coming. Components that a patch does not have are left out.
        """
        components = self.components if self.loggers else ()
        return tuple(component for component in components if isinstance(self.value(component.path), dict))

    @property
    def predictor(self) -> "LoggerContext | None":
        """The predictor, with a logger or without."""
        return next((component for component in self.components if component.name == PREDICTOR), None)

    @property
    def predictor_logger(self) -> Logger | None:
        """The predictor's `logger` block, from which KServe takes storage and batch settings for all components."""
        return self.service.predictor_logger if self.service else None

    @lazily
    def applicable(self) -> frozenset[AppliesTo]:
        """The subjects of its loggers, apart from requests sent to a sink; rules on other subjects do not apply."""
        found: set[AppliesTo] = set()
        for logger in self.loggers:
            if logger.pairs or logger.missing or logger.annotations():
                found.add("annotations")
            if logger.headers():
                found.add("headers")
            if not logger.is_plain:
                found.add("storage")
        return frozenset(found)

    @lazily
    def refusals(self) -> Sequence[tuple[KeyPath, str, str]]:
        """Everything that KServe's webhook rejects, as `find_refusals` yields it; empty for a patch."""
        service = self.service
        if service is None or not self.is_complete:
            return ()
        metadata = ObjectMeta(service.name, service.namespace, service.annotations, service.labels)
        found = tuple(find_refusals(metadata, mapping_at(self.data, ("spec",)), self.release))
        name = self.key[1]
        return (refused, *found) if name and (refused := name_refusal(name)) else found

    def value(self, path: KeyPath) -> Any:
        """Look up what is written at a path; None if nothing is there."""
        return value_at(self.data, path)

    def _component_path(self, component: Component) -> KeyPath:
        return (component.name,) if component.name in self._rooted else ("spec", component.name)


class LoggerContext:
    """One component with its logger, as a rule sees it; `path` is where the component is written."""

    def __init__(self, context: LintContext, service: InferenceService, component: Component, path: KeyPath) -> None:
        self.context = context
        self.service = service
        self.component = component
        self.path = path
        self._listed: dict[str, Sequence[tuple[KeyPath, str]]] = {}

    @property
    def name(self) -> str:
        """The component's name: `predictor`, `transformer` or `explainer`."""
        return self.component.name

    @property
    def declared(self) -> Logger | None:
        """The `logger` block, None if only an annotation asks for a logger."""
        return self.component.logger

    def field(self, *names: str) -> KeyPath:
        """Build the path of a field of the logger; without names, of the logger."""
        return (*self.path, "logger", *names)

    def annotations(self) -> Sequence[tuple[KeyPath, str]]:
        """List the entries of `metadataAnnotations` with their paths."""
        return self._entries("metadataAnnotations")

    def headers(self) -> Sequence[tuple[KeyPath, str]]:
        """List the entries of `metadataHeaders` with their paths."""
        return self._entries("metadataHeaders")

    def entry(self, key: str) -> KeyPath:
        """Find the path that lists a key of `metadataAnnotations`; an annotation of KServe's may list it instead."""
        return self._listing.get(key) or self.origin(METADATA_ANNOTATIONS) or self.field()

    def origin(self, key: str) -> KeyPath | None:
        """Find the path of the value that the pod gets for an annotation; None if it is not in this manifest."""
        pod = self.prediction.pod
        for layer in reversed(pod.layers if pod else ()):
            if key in layer.annotations:
                path = (*self.written_path(layer.path), key)
                return path if layer.path and self.context.value(path) is not None else None
        return None

    def value_path(self, key: str) -> KeyPath:
        """Return `origin`, or the entry of the list if the value comes from elsewhere."""
        return self.origin(key) or self.entry(key)

    def character(self, key: str, index: int) -> int | None:
        """Return the index of a character in an annotation's value; None if that is not in this manifest, or -1."""
        return index if index >= 0 and self.origin(key) is not None else None

    def written_path(self, path: KeyPath) -> KeyPath:
        """Convert a path of the service as KServe sees it to a path of the manifest.

        In the manifest, components may be at the root.
        """
        return (*self.path, *path[2:]) if path[:2] == ("spec", self.name) else path

    @lazily
    def prediction(self) -> Prediction:
        """The prediction of what KServe does with the component.

        It is based on what was intended, so it exists even if the API server would reject the manifest or KServe would
        deploy nothing: rules on what the logger sends apply nevertheless.
        """
        return predict(self.service, self.component, self.context.installation, as_if_deployed=True)

    @lazily
    def obstacles(self) -> Mapping[Obstacle, Undeployed]:
        """The reasons why KServe deploys no pod of the component; empty if it deploys one, or if this is not known."""
        pod = self.prediction.pod
        if pod is None:
            return {}
        found = list_obstacles(self.service, self.component, pod, self.context.installation)
        return {undeployed.obstacle: undeployed for undeployed in found}

    @lazily
    def is_deployable(self) -> bool:
        """True if nothing in the component itself keeps KServe from deploying its pod.

        Otherwise the pod is only imagined, and rules about its containers would report the same cause once more. A
        service that is stopped has the pod as soon as it is started.
        """
        rejected = any(path[:2] == ("spec", self.name) for path, _, _ in self.context.refusals)
        return not rejected and self.obstacles.keys() <= {Obstacle.STOPPED}

    @lazily
    def environment(self) -> Mapping[str, str]:
        """The variables that the kubelet's `$(NAME)` can name, even if no agent is injected for another reason."""
        pod = self.prediction.pod
        return self.prediction.environment or agent_environment({}, knative=pod is None or pod.mode == KNATIVE)

    @lazily
    def pairs(self) -> Sequence[tuple[str, str]]:
        """Listed annotations that the pod has, in the order of the list, with the values the pod has."""
        pod = self.prediction.pod
        return logged_pairs(pod.annotations) if pod else ()

    @lazily
    def missing(self) -> Sequence[str]:
        """Listed annotations that the pod does not have."""
        pod = self.prediction.pod
        return [key for key in listed_keys(pod.annotations) if key not in pod.annotations] if pod else ()

    @lazily
    def readings(self) -> Sequence[Reading]:
        """The agent's readings of its list of annotations, also of the part behind an annotation that ends the list."""
        return read_all_pairs(self.pairs, self.environment)

    @lazily
    def sends_events(self) -> bool:
        """True if annotations are sent in the header of a CloudEvent, and not stored in an object."""
        return self.sink is None or self.sink.kind == CLOUDEVENTS

    @lazily
    def sink(self) -> Sink | None:
        """The destination of the log and its problem, if any; None without an agent, or if it cannot be told."""
        if (
            self.declared is not None
            and self.declared.url is None
            and self.context.value(self.field("url")) is not None
        ):
            return None  # it has the wrong type, which validation reports
        return sink_of(self.prediction)

    @property
    def is_plain(self) -> bool:
        """True if every record is sent at once as an event, and neither logger nor ConfigMap sets anything more."""
        written = self.context.value(self.field())
        if isinstance(written, dict) and not _STORING.isdisjoint(written):
            return False
        sink = self.sink
        plain = sink is not None and sink.kind == CLOUDEVENTS and not sink.problem and not sink.stores
        config = self.context.installation.config.get("logger", "").lower()  # Go takes names in any case
        return plain and not any(word in config for word in _SETTINGS)

    @lazily
    def statuses(self) -> tuple[KeyStatus, ...]:
        """The status of each listed annotation as if the agent started, then of keys that commas create."""
        return tuple(annotation_statuses(self.prediction, as_if_started=True))

    @lazily
    def _listing(self) -> Mapping[str, KeyPath]:
        """The first entry that lists each key, as a whole or between commas."""
        found: dict[str, KeyPath] = {}
        for path, name in self.annotations():
            for key in (name, *name.split(",")):
                found.setdefault(key, path)
        return found

    def _entries(self, field: str) -> Sequence[tuple[KeyPath, str]]:
        if field not in self._listed:
            path = self.field(field)
            listed = self.context.value(path)
            items = enumerate(listed if isinstance(listed, list) else ())
            self._listed[field] = [((*path, index), name) for index, name in items if isinstance(name, str)]
        return self._listed[field]
