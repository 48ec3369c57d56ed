"""The options about a cluster as settings of the code that connects to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from isvclog.cli.options.cluster import ClusterOptions, check_names
from isvclog.cli.options.installation import InstallationOptions
from isvclog.cli.terminal.messages import note
from isvclog.errors import UsageError
from isvclog.live import Overrides, find_service
from isvclog.live.scope import ClusterScope, ScopeSettings, open_scope

if TYPE_CHECKING:
    from isvclog.config import Config
    from isvclog.kserve.apis.installation import Installation
    from isvclog.manifest import Object


def scope_settings(
    options: ClusterOptions,
    overrides: Overrides,
    names: Sequence[str] | None,
    filenames: Sequence[str] | None = None,
) -> ScopeSettings:
    """Build the settings that select a cluster and its services. Raises UsageError for options that exclude each other.

    `filenames` are those of `-f`, for commands that check files or a cluster.
    """
    if filenames:
        raise UsageError("-f names files, and --live checks a cluster; leave one of them out.")
    for option, value in (("--all-namespaces", options.all_namespaces), ("--selector", options.selector)):
        if names and value:
            raise UsageError(f"{option} and names of services exclude each other.")
    check_names(names or (), options)
    overrides = overrides._replace(namespace=options.connection.kserve_namespace or overrides.namespace)
    return ScopeSettings(
        options.access(), overrides, tuple(names or ()), options.all_namespaces, options.selector or ""
    )


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
    stated = Overrides(find_release(version) if version else None, find_release(fallback) if fallback else None)
    if given is None:
        return stated
    return stated._replace(mode=given.mode, config=given.config if has_config else None, runtimes=given.runtimes)


@contextmanager
def open_service(
    name: str, cluster: ClusterOptions, installation: InstallationOptions, known: "Installation", project: "Config"
) -> Iterator[tuple[ClusterScope, "Object"]]:
    """Connect to the cluster and read one service there; `known` are the facts about the installation from files.

    Raises UsageError, and ClusterError if the server or the service cannot be read.
    """
    installation.check_live()
    has_config = bool(installation.inferenceservice_config)
    given = overrides(installation.kserve_version, project, known, has_config=has_config)
    with open_scope(scope_settings(cluster, given, [name]), note) as scope:
        yield scope, find_service(scope.cluster, name)
