"""The facts about a KServe installation that a cluster reports, and the source of each."""

from collections.abc import Mapping, Sequence
from typing import Any

from isvclog.cluster import CONFIG_MAPS, CRDS, DEPLOYMENTS, INFERENCE_SERVICES, Cluster
from isvclog.findings import Finding, counted
from isvclog.keypath import mapping_at, string_at
from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.installation import SHIPPED, ConfigError, Installation, read_config
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.runtimes import Runtime
from isvclog.kserve.controller.modes import default_mode, read_mode, status_mode
from isvclog.kserve.controller.runtime_choice import choose_runtime
from isvclog.live.beside import ClusterBeside
from isvclog.live.existence import Existence
from isvclog.live.namespaces import Namespaces
from isvclog.live.pruning import Schema, installed_schema, pruned_fields, released_schema
from isvclog.live.reader import FactReader, Notify
from isvclog.live.release import FROM_CLUSTER, KnownRelease, assumed_release, release_of_config, release_of_deployment
from isvclog.live.runtimes import RuntimeReference, Runtimes, wanted_runtime
from isvclog.live.workloads import Workloads
from isvclog.manifest import Object
from isvclog.records import NamedTuple

_ANNOTATIONS = ("metadata", "annotations")


class Overrides(NamedTuple):
    """The user's statements about the installation, which win over those of the cluster; None for no statement.

    `fallback` is the release for a cluster that does not report one. `namespace` is the namespace of KServe. `many` is
    True for more than one service, and `everywhere` for the services of all namespaces: facts about them are then read
    in bulk.
    """

    release: Release | None = None
    fallback: Release | None = None
    mode: str | None = None
    config: Mapping[str, str] | None = None
    runtimes: tuple[Runtime, ...] = ()
    namespace: str = c.OWN_NAMESPACE
    many: bool = False
    everywhere: bool = False


class Origin(NamedTuple):
    """A fact, named in one word, and a phrase with its value and its source."""

    fact: str
    text: str


class Facts:
    """The facts about one installation. `release` and `config` are those of every service.

    Facts that only some services need are read when the first such service comes.
    """

    def __init__(
        self, reader: FactReader, overrides: Overrides, known: KnownRelease, config: Mapping[str, str], source: str
    ) -> None:
        self.release, self.config = known.release, config
        self._reader, self._overrides, self._known_release, self._source = reader, overrides, known, source
        self._runtimes = Runtimes(reader, many=overrides.many, everywhere=overrides.everywhere)
        self._namespaces = Namespaces(reader, everywhere=overrides.everywhere)
        self._schema: Schema | None = None
        self.existence = Existence(reader)
        """Checks of whether the objects exist that a logger needs."""
        self.beside = ClusterBeside(reader, everywhere=overrides.everywhere)
        """The objects that change what loggers do."""
        self.workloads = Workloads(reader, everywhere=overrides.everywhere)
        """The reasons why pods of services are missing."""

    @property
    def config_known(self) -> bool:
        """True if `config` comes from the cluster or the user; False if KServe's default is assumed."""
        return self.config is not SHIPPED

    def installation(self, data: Mapping[str, Any]) -> Installation:
        """Build the installation for one service, with the mode in its status and the runtimes that it needs."""
        runtimes, complete = self._runtimes_for(data)
        excluded = self._namespaces.excludes_pods(_namespace(data)) if _has_logger(data) else None
        # Which other storage URIs the cluster supports is not read.
        return Installation(self.release, self.config, self._mode(data)[0], runtimes, complete, None, excluded)

    def origins(self, data: Mapping[str, Any]) -> tuple[Origin, ...]:
        """Describe the source of each fact that this service depends on."""
        mode, runtime = self._mode(data)[1], self._runtime_origin(data)
        return (*self.shared, Origin("mode", mode), Origin("runtime", runtime))

    @property
    def release_known(self) -> bool:
        """True if the cluster reports `release`; False if the user names it, or the newest one is assumed."""
        return self._known_release.source == FROM_CLUSTER

    @property
    def general(self) -> Installation:
        """The installation without the facts that depend on one service."""
        given = self._overrides.runtimes
        return Installation(self.release, self.config, self._overrides.mode, given, bool(given), None)

    @property
    def basis(self) -> str:
        """The release and, in a few words, its source."""
        return f"KServe {self.release} ({self._known_release.source})"

    @property
    def shared(self) -> tuple[Origin, ...]:
        """The sources of the facts that all services depend on."""
        return Origin("release", f"{self.release}, from {self._known_release.origin}"), Origin("config", self._source)

    def pruned(self, obj: Object) -> list[Finding]:
        """Find the fields of its loggers that the API server dropped when the service was applied."""
        if c.LAST_APPLIED not in mapping_at(obj.data, _ANNOTATIONS):
            return []
        if self._schema is None:
            name = INFERENCE_SERVICES.name
            found = self._reader.get(CRDS, name, "", f"the fields of KServe {self.release} are assumed")
            self._schema = released_schema(self.release) if found is None else installed_schema(found)
        return pruned_fields(obj, self._schema, self.release)

    def _mode(self, data: Mapping[str, Any]) -> tuple[str | None, str]:
        """Find the mode that overrides annotation and ConfigMap (None if they decide), and the source of the mode.

        The controller uses the mode in the status as soon as it is there (GetDeploymentMode in utils.go). It does
        nothing at all if it cannot read the default in the ConfigMap.
        """
        if self._overrides.mode:
            return self._overrides.mode, f"{self._overrides.mode}, from the command line"
        try:
            default = default_mode(self.config, self.release)
        except ConfigError:
            return None, "unknown, because KServe cannot read its ConfigMap"
        status = string_at(data, ("status", "deploymentMode"))
        if mode := status_mode(status, self.release):
            if mode == c.LEGACY_MODES.get(status, status):
                return mode, f"{mode}, from the status of the service"
            return mode, f"{mode}, because KServe {self.release} reads {status} in the status as this mode"
        annotated = string_at(data, (*_ANNOTATIONS, c.DEPLOYMENT_MODE_ANNOTATION))
        if mode := read_mode(annotated, self.release) or "":
            return None, f"{mode}, from the annotation {c.DEPLOYMENT_MODE_ANNOTATION}, because the status has none"
        return None, f"{default}, the default of inferenceservice-config, because the service has none"

    def _runtimes_for(self, data: Mapping[str, Any]) -> tuple[tuple[Runtime, ...], bool]:
        """Find the runtimes that a service may get, and whether these are all: one that fits may not be.

        The runtime in the status, or the one that the service names, is enough as long as KServe takes it. If it was
        deleted or disabled, or does not fit any more, KServe chooses anew or fails, which depends on all runtimes.
        """
        wanted = wanted_runtime(data)
        if self._overrides.runtimes or wanted is None:
            return self._overrides.runtimes, bool(self._overrides.runtimes)
        namespace = _namespace(data)
        if wanted.name:
            found = self._runtimes.of(wanted, namespace)
            if self._chosen(data, found) is not None or not self._runtimes.complete:
                return found, False
        return self._runtimes.of(RuntimeReference(), namespace), self._runtimes.complete

    def _runtime_origin(self, data: Mapping[str, Any]) -> str:
        if self._overrides.runtimes:
            return "from the command line"
        if wanted_runtime(data) is None:
            return "none is needed"
        found, complete = self._runtimes_for(data)
        chosen = self._chosen(data, found)
        if chosen is not None:
            return f"{_label(chosen)}, the best of {len(found)} in the cluster" if len(found) > 1 else _label(chosen)
        if not complete:
            return _label(found[0]) if len(found) == 1 else "unknown"
        return _unusable(string_at(data, ("spec", "predictor", "model", "runtime")), found)

    def _chosen(self, data: Mapping[str, Any], runtimes: tuple[Runtime, ...]) -> Runtime | None:
        """Choose the runtime of a service as KServe does; None if it takes none, or the service is not valid."""
        try:
            service = read_service(data, self.release, lenient=True)
        except Rejected:
            return None
        predictor = service.components[c.PREDICTOR]
        if predictor.model is None:
            return None
        namespace, workers = service.namespace, predictor.workers
        choice = choose_runtime(predictor.model, namespace, runtimes, self.release, workers=workers)
        return None if choice.error else choice.runtime


def read_facts(cluster: Cluster, overrides: Overrides, notify: Notify) -> Facts:
    """Read the facts that all services share.

    `notify` is called with a sentence for each fact that cannot be read, now and later. Raises Unauthorized and
    Unreachable.
    """
    reader = FactReader(cluster, notify)
    config, source = _config(reader, overrides)
    known = _release(reader, overrides, config, source)
    return Facts(reader, overrides, known, config, source)


def _release(reader: FactReader, overrides: Overrides, config: Mapping[str, str], source: str) -> KnownRelease:
    """Find the release: the requested one, else that of the agent's image, else that of the controller's image.

    If no image has a known tag, a release is assumed.
    """
    if overrides.release is not None:
        return KnownRelease(overrides.release, "--kserve-version", source="--kserve-version")
    known = release_of_config(config)
    if known is None:
        guess = assumed_release(overrides.fallback)
        deployment = reader.get(DEPLOYMENTS, c.CONTROLLER, overrides.namespace, f"KServe {guess.release} is assumed")
        known = release_of_deployment(deployment or {})
        if deployment and not known:
            reader.notify(
                f"no image tag names a release of KServe: {guess.release} is assumed; set it with --kserve-version."
            )
        if known is None:
            return guess
        source = f"Deployment {overrides.namespace}/{c.CONTROLLER}"
    if not known.exact:
        reader.notify(f"{known.origin} is of an unknown release: the nearest one, KServe {known.release}, is assumed.")
    return known._replace(origin=f"{known.origin} of {source}")


def _config(reader: FactReader, overrides: Overrides) -> tuple[Mapping[str, str], str]:
    """Read the data of the ConfigMap, and return them with their source."""
    if overrides.config is not None:
        return overrides.config, "the file from the command line"
    assumed = "KServe's default is assumed"
    data = reader.get(CONFIG_MAPS, c.CONFIGMAP, overrides.namespace, assumed)
    if data is None:
        return SHIPPED, "KServe's default, which is assumed"
    try:
        return read_config(data), f"ConfigMap {overrides.namespace}/{c.CONFIGMAP}"
    except ConfigError as error:
        reader.notify(f"{error}: {assumed}.")
        return SHIPPED, "KServe's default, which is assumed"


def _unusable(named: str, runtimes: Sequence[Runtime]) -> str:
    """Describe why a service gets none of the runtimes of a cluster; `named` is the one that it names."""
    if own := [runtime for runtime in runtimes if runtime.name == named]:
        return f"{_label(own[0])}, which {'is disabled' if own[0].disabled else 'does not fit'}"
    if named:
        return f"{named}, which does not exist; the cluster has {counted(len(runtimes), 'other runtime')}"
    return f"none of {len(runtimes)} fits" if runtimes else "none, because the cluster has none"


def _namespace(data: Mapping[str, Any]) -> str:
    return string_at(data, ("metadata", "namespace"))


def _has_logger(data: Mapping[str, Any]) -> bool:
    """Check whether a component may have a logger, by its block or by KServe's annotation."""
    spec = mapping_at(data, ("spec",))
    return c.LOGGER in mapping_at(data, _ANNOTATIONS) or any("logger" in mapping_at(spec, (n,)) for n in c.COMPONENTS)


def _label(runtime: Runtime) -> str:
    if runtime.namespace is None:
        return f"ClusterServingRuntime {runtime.name}"
    return f"ServingRuntime {runtime.namespace}/{runtime.name}"
