"""`isvclog events compare`: says what an upgrade of KServe changes for services."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from isvclog.cli.commands.events.source import Arguments, LoggerOptions, sample_request
from isvclog.cli.options.cluster import AllNamespaces, ClusterOptions, Connection, Context, Namespace, Selector
from isvclog.cli.options.common import Color
from isvclog.cli.options.completion import complete_release
from isvclog.cli.options.installation import InstallationOptions
from isvclog.cli.options.rendering import RenderingOptions
from isvclog.cli.terminal.messages import note, note_hidden, reveal_secrets
from isvclog.errors import IsvclogError, UsageError
from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from isvclog.events.upgrade import Upgrade
    from isvclog.kserve.apis.releases import Release
    from isvclog.preview.model import PreviewRequest


class UpgradeOptions(NamedTuple):
    """The options about the releases to compare."""

    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="VERSION",
            help="The release to upgrade from; with --live default that of the cluster.",
            autocompletion=complete_release,
        ),
    ] = None
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="VERSION",
            help="The release to upgrade to; default the newest.",
            autocompletion=complete_release,
        ),
    ] = None

    def releases(self, current: "Release | None" = None) -> "tuple[Release, Release]":
        """Return both releases; without --from, the old one is `current`. Raises UsageError."""
        from isvclog.cli.options.common import find_chosen_release
        from isvclog.kserve.apis.releases import find_release

        old, new = find_release(self.from_) if self.from_ else current, find_chosen_release(self.to)
        if old is None:
            raise UsageError("name the release to upgrade from: --from 0.15.")
        if old == new:
            raise UsageError(f"--from and --to are both {new.name}; name two releases.")
        return old, new


class ScopeOptions(NamedTuple):
    """The options that select services of a cluster in place of files."""

    live: Annotated[
        bool, typer.Option("--live", help="Compare InferenceServices of a cluster; the arguments are names.")
    ] = False
    namespace: Namespace = None
    all_namespaces: AllNamespaces = False
    selector: Selector = None
    context: Context = None

    def cluster(self, connection: Connection) -> ClusterOptions:
        """Return the options about the cluster. Raises UsageError if there are any without --live."""
        options = ClusterOptions(self.namespace, self.all_namespaces, self.selector, self.context, connection)
        if not self.live:
            options.refuse("add --live, or leave it out with files")
        return options


def events_compare(
    arguments: Arguments = None,
    output: Annotated[
        Literal["text", "json", "markdown"], typer.Option("-o", "--output", help="How to print what changes.")
    ] = "text",
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 if something changes.")] = False,
    color: Color = "auto",
    *,
    upgrade: UpgradeOptions,
    loggers: LoggerOptions,
    rendering: RenderingOptions,
    installation: InstallationOptions,
    scope: ScopeOptions,
    connection: Connection,
) -> int:
    """Show what an upgrade of KServe changes in the arguments, events and records of services.

    The same manifests, or the services of a cluster, are previewed for both releases with the same ConfigMap. What is
    printed is what differs: whether a logger sends at all, arguments of the agent, attributes and headers of events,
    fields of records, and each listed name.

    The exit code is 0, 1 if something changes and --exit-code is given, 2 for wrong usage, and 3 if a file or a service
    cannot be read.
    """
    from isvclog.cli.terminal.comparisons import print_comparison
    from isvclog.cli.terminal.settings import terminal_settings
    from isvclog.report.formats import FormatSettings, upgrade_format

    if installation.kserve_version:
        raise UsageError("--kserve-version is one release; name both with --from and --to.")
    cluster = scope.cluster(connection)
    if scope.live:
        found = _compare_live(arguments, upgrade, loggers, rendering, installation, cluster)
    else:
        found = _compare_written(arguments, upgrade, loggers, rendering, installation)
    settings = terminal_settings(color, FormatSettings(reveal=loggers.reveal, on_hidden=note_hidden))
    return print_comparison(found.comparison, upgrade_format(output)(found, settings), output, exit_code=exit_code)


def _compare_written(
    arguments: list[str] | None,
    upgrade: UpgradeOptions,
    loggers: LoggerOptions,
    rendering: RenderingOptions,
    installation: InstallationOptions,
) -> "Upgrade":
    from isvclog.events.upgrade import compare_releases

    old, new = upgrade.releases()
    manifests, request = loggers.open(arguments, rendering, installation), _request(loggers)
    previews = [manifests.preview(request, release).about(loggers.component) for release in (old, new)]
    if previews[1].is_empty:
        raise IsvclogError("no InferenceService found, so there is nothing to compare.")
    return compare_releases(*previews)


def _compare_live(
    arguments: list[str] | None,
    upgrade: UpgradeOptions,
    loggers: LoggerOptions,
    rendering: RenderingOptions,
    installation: InstallationOptions,
    cluster: ClusterOptions,
) -> "Upgrade":
    """Compare services of a cluster, with its ConfigMap and its runtimes for both releases."""
    from isvclog.cli.options.project import read_project
    from isvclog.cli.options.scope import overrides, scope_settings
    from isvclog.events.live import preview_releases
    from isvclog.events.upgrade import compare_releases
    from isvclog.live.scope import open_scope

    reveal_secrets(loggers.reveal)
    rendering.check((True,))
    installation.check_live()
    project = read_project(loggers.config, loggers.no_config)
    known = installation.read()
    has_config = bool(installation.inferenceservice_config)
    given = overrides(upgrade.from_, project, known, has_config=has_config)
    with open_scope(scope_settings(cluster, given, arguments, loggers.filename), note) as scope:
        old, new = preview_releases(scope, upgrade.releases(scope.facts.release), _request(loggers))
        if old.is_empty:
            raise IsvclogError(f"no InferenceService in {scope.place}, so there is nothing to compare.")
    return compare_releases(old.about(loggers.component), new.about(loggers.component))


def _request(loggers: LoggerOptions) -> "PreviewRequest":
    return sample_request()._replace(component=loggers.component, with_canaries=True)
