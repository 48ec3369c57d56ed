"""A connected cluster, the facts about its KServe, and the services that are selected there."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from isvclog.cluster import Access, Cluster, connect
from isvclog.live.facts import Facts, Overrides, read_facts
from isvclog.live.reader import Notify
from isvclog.live.services import UnreadableService, find_services
from isvclog.manifest import Object
from isvclog.records import NamedTuple


class ScopeSettings(NamedTuple):
    """The cluster to connect to, and the selection of its services.

    `names` are `name` or `namespace/name`. Without names, all services are selected that match the label `selector`, in
    one namespace or, with `all_namespaces`, in all. `overrides` are the user's statements about the installation.
    """

    access: Access
    overrides: Overrides = Overrides()
    names: Sequence[str] = ()
    all_namespaces: bool = False
    selector: str = ""


class ClusterScope(NamedTuple):
    """A connected cluster, the facts about its KServe, and the settings that both come from."""

    cluster: Cluster
    facts: Facts
    settings: ScopeSettings

    @property
    def place(self) -> str:
        """The place in which services are searched, for people."""
        context = f"context {self.cluster.context}"
        everywhere = self.settings.all_namespaces or self.settings.names
        return context if everywhere else f"namespace {self.cluster.namespace} of {context}"

    @property
    def namespace(self) -> str:
        """The namespace that is searched, empty for all."""
        return "" if self.settings.all_namespaces else self.cluster.namespace

    def services(self) -> Iterator[Object | UnreadableService]:
        """Yield the selected services, and an UnreadableService for each one that cannot be read."""
        return find_services(self.cluster, self.settings.names, self.namespace, self.settings.selector)

    def selects(self, namespace: str, name: str) -> bool:
        """Check whether the names select a service. Namespaces and labels are not checked."""
        names = self.settings.names
        return not names or f"{namespace}/{name}" in names or (namespace == self.cluster.namespace and name in names)


@contextmanager
def open_scope(settings: ScopeSettings, notify: Notify) -> Iterator[ClusterScope]:
    """Connect to the cluster, and read the facts about its KServe.

    `notify` is called with a sentence for each fact that cannot be read, now and later. Raises ClusterError if the
    server cannot be reached or rejects the login.
    """
    overrides = settings.overrides._replace(many=len(settings.names) != 1, everywhere=settings.all_namespaces)
    with connect(settings.access) as cluster:
        facts = read_facts(cluster, overrides, notify)
        yield ClusterScope(cluster, facts, settings._replace(overrides=overrides))
