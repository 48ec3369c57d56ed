"""Services of a cluster, for commands that can also check or show files."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from isvclog.cli.options.cluster import ClusterOptions, check_names
from isvclog.cli.terminal.messages import note
from isvclog.cluster import Cluster, ClusterError, connect
from isvclog.errors import UsageError
from isvclog.findings import Finding
from isvclog.lint.results import CheckedObject, FileResult
from isvclog.live import Facts, Overrides, UnreadableService, find_services, read_facts
from isvclog.live.reader import Notify
from isvclog.manifest import Object

if TYPE_CHECKING:
    from isvclog.config import Config
    from isvclog.kserve.apis.installation import Installation

Check = Callable[[Object], Sequence[Finding]]


class ClusterScope(NamedTuple):
    """A connected cluster, the facts about its KServe, and the selected services: by names, or all that match.

    `overrides` are those that the facts were read with.
    """

    cluster: Cluster
    facts: Facts
    names: Sequence[str]
    options: ClusterOptions
    overrides: Overrides

    @property
    def place(self) -> str:
        """The place in which services are searched, for people."""
        context = f"context {self.cluster.context}"
        everywhere = self.options.all_namespaces or self.names
        return context if everywhere else f"namespace {self.cluster.namespace} of {context}"

    @property
    def namespace(self) -> str:
        """The namespace that is searched, empty for all."""
        return "" if self.options.all_namespaces else self.cluster.namespace

    def services(self) -> Iterator[Object | UnreadableService]:
        """Yield the selected services, and Unreadable for what cannot be read."""
        return find_services(self.cluster, self.names, self.namespace, self.options.selector or "")

    def results(self, check: Check) -> Iterator[FileResult]:
        """Check every selected service; one that cannot be read is yielded as failed.

        If the cluster can no longer be reached, the results end with a failed one.
        """
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
    """Connect to the selected cluster, and read its facts.

    `tell` is called with a sentence for each fact that cannot be read. Raises UsageError for options that exclude each
    other, and ClusterError if the server cannot be reached or rejects the login.
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
    """Build the statements about the installation: the requested release, and that of the project file as a fallback.

    `given` has the facts from files, the ConfigMap only if `has_config`. Raises UsageError for an unknown release.
    """
    from isvclog.kserve.apis.releases import find_release

    fallback = project.kserve_version if project else None
    said = Overrides(find_release(version) if version else None, find_release(fallback) if fallback else None)
    if given is None:
        return said
    return said._replace(mode=given.mode, config=given.config if has_config else None, runtimes=given.runtimes)
