"""Services of a cluster, for the commands that check or show files as well."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from isvclog.cli.clusteroptions import ClusterOptions, check_names
from isvclog.cli.output import note
from isvclog.cluster import Cluster, ClusterError, connect
from isvclog.errors import UsageError
from isvclog.findings import Finding
from isvclog.live import Facts, Overrides, UnreadableService, find_services, read_facts
from isvclog.live.reading import Notify
from isvclog.manifest import Object
from isvclog.report.result import CheckedObject, FileResult

if TYPE_CHECKING:
    from isvclog.config import Config
    from isvclog.kserve.defaults import Installation

Check = Callable[[Object], Sequence[Finding]]


class ClusterScope(NamedTuple):
    """An open cluster, what is known of its KServe, and which services are meant: by names, or all that match.

    `overrides` are those that the facts were read with.
    """

    cluster: Cluster
    facts: Facts
    names: Sequence[str]
    options: ClusterOptions
    overrides: Overrides

    @property
    def place(self) -> str:
        """Where services are looked for, for people."""
        context = f"context {self.cluster.context}"
        everywhere = self.options.all_namespaces or self.names
        return context if everywhere else f"namespace {self.cluster.namespace} of {context}"

    @property
    def namespace(self) -> str:
        """The namespace that is looked into, empty for all."""
        return "" if self.options.all_namespaces else self.cluster.namespace

    def services(self) -> Iterator[Object | UnreadableService]:
        """The services that are meant, and what cannot be read."""
        return find_services(self.cluster, self.names, self.namespace, self.options.selector or "")

    def results(self, check: Check) -> Iterator[FileResult]:
        """Every service, checked; one that cannot be read is one that failed."""
        for item in self.services():
            if isinstance(item, UnreadableService):
                yield FileResult(item.file, failure=item.reason)
                continue
            try:
                findings = check(item)
            except ClusterError as error:  # the server is gone, so that nothing else can be checked either
                yield FileResult(item.file, failure=str(error))
                return
            yield FileResult(item.file, findings, 1, objects=(CheckedObject(item.label, line=0),))


@contextmanager
def open_scope(
    names: Sequence[str] | None,
    filenames: Sequence[str] | None,
    options: ClusterOptions,
    overrides: Overrides,
    notify: Notify = note,
) -> Iterator[ClusterScope]:
    """The cluster that the options choose, with its facts; `tell` is told what of them cannot be read.

    UsageError for options that do not fit together, ClusterError where the server cannot be reached or entered.
    """
    if filenames:
        raise UsageError("-f names files, and --live checks a cluster; leave one of them out.")
    for option, value in (("--all-namespaces", options.all_namespaces), ("--selector", options.selector)):
        if names and value:
            raise UsageError(f"{option} chooses among all services; give it no names.")
    check_names(names or (), options)
    overrides = overrides._replace(
        namespace=options.connection.kserve_namespace or overrides.namespace,
        many=len(names or ()) != 1,
        everywhere=options.all_namespaces,
    )
    with connect(options.access()) as cluster:
        yield ClusterScope(cluster, read_facts(cluster, overrides, notify), tuple(names or ()), options, overrides)


def overrides(
    version: str | None,
    project: "Config | None" = None,
    given: "Installation | None" = None,
    *,
    has_config: bool = False,
) -> Overrides:
    """What is said of the installation: the release that was asked for, and what a project file takes for granted.

    `given` holds what files say, and the ConfigMap among them if `has_config`. UsageError for an unknown release.
    """
    from isvclog.kserve.releases import find_release

    fallback = project.kserve_version if project else None
    said = Overrides(find_release(version) if version else None, find_release(fallback) if fallback else None)
    if given is None:
        return said
    return said._replace(mode=given.mode, config=given.config if has_config else None, runtimes=given.runtimes)
