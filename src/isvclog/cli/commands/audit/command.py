"""`isvclog audit`: compares what the loggers of a cluster declare with what runs."""

from collections.abc import Mapping
from typing import Annotated, Literal

import typer

from isvclog.cli.options.cluster import AllNamespaces, ClusterOptions, Connection, Namespace, Selector
from isvclog.cli.options.common import (
    Color,
    FailOnEmpty,
    KServeVersion,
    Quiet,
    Reveal,
    exclude_options,
    parse_threshold,
)
from isvclog.cli.options.completion import complete_context, complete_service
from isvclog.cli.options.project import NoConfig, ProjectFile, read_project
from isvclog.cli.options.rule_names import Ignore, Select, chosen_rules
from isvclog.config.suppressions import suppressions_of_selected
from isvclog.errors import UsageError


def audit(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...",
            show_default=False,
            help="Services, as name or namespace/name; default all.",
            autocompletion=complete_service,
        ),
    ] = None,
    namespace: Namespace = None,
    all_namespaces: AllNamespaces = False,
    selector: Selector = None,
    context: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A context of the kubeconfig; default the current one; repeatable.",
            autocompletion=complete_context,
        ),
    ] = None,
    all_contexts: Annotated[bool, typer.Option("--all-contexts", help="Audit the clusters of all contexts.")] = False,
    *,
    connection: Connection,
    kserve_version: KServeVersion = None,
    select: Select = None,
    ignore: Ignore = None,
    config: ProjectFile = None,
    no_config: NoConfig = False,
    output: Annotated[
        Literal["text", "json", "csv", "markdown", "html", "sarif", "openmetrics", "openreports", "policyreport"],
        typer.Option(
            "-o",
            "--output",
            metavar="FORMAT",
            help="text, json, csv, markdown, html, sarif (findings only), openmetrics, or for kubectl openreports or "
            "policyreport.",
        ),
    ] = "text",
    by: Annotated[
        Literal["cluster", "namespace", "service"] | None,
        typer.Option(help="Count for each cluster, namespace or service, with -o openmetrics.", show_default="cluster"),
    ] = None,
    compare: Annotated[
        str | None,
        typer.Option(metavar="OLD.json", help="Print only what changed since this earlier output of `audit -o json`."),
    ] = None,
    fail_on: Annotated[
        Literal["error", "warning", "info"] | None,
        typer.Option(help="Exit with 1 for findings at least this severe.", show_default="error"),
    ] = None,
    fail_on_empty: FailOnEmpty = False,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 even if there are findings.")] = False,
    watch: Annotated[bool, typer.Option("-w", "--watch", help="Update the table until Ctrl-C.")] = False,
    quiet: Quiet = False,
    reveal: Reveal = False,
    color: Color = "auto",
) -> int:
    """Compare the loggers that services declare with the logging agents in their pods.

    Prints a row for each component of each InferenceService: its logger, sink and listed annotations, the findings of
    lint, and whether the agents of its pods have the arguments, image, CA bundle and service account that KServe would
    give them now. It does not compare credentials. It changes nothing in the cluster.

    The exit code is 0 if all is well, 1 for findings (with --compare, for new ones), 2 for wrong usage, 3 if a cluster,
    service or pod cannot be read, and 130 after Ctrl-C.
    """
    from isvclog.audit.clusters import AuditPlan
    from isvclog.cli.options.scope import overrides, scope_settings
    from isvclog.cli.terminal.messages import reveal_secrets
    from isvclog.cli.terminal.runs import ExitPolicy
    from isvclog.cluster import Memory

    reveal_secrets(reveal)
    exclude_options({"--context": context or None, "--all-contexts": all_contexts})
    _check_output(output, {"--watch": watch, "--compare": compare, "--by": by})
    if all_contexts or _several(context):
        _check_one_cluster(output)
    project = read_project(config, no_config)
    rules = chosen_rules(select, ignore, project)
    options = ClusterOptions(namespace, all_namespaces, selector, context[0] if context else None, connection)
    scope = scope_settings(options, overrides(kserve_version, project), names)
    contexts = _all_contexts(connection.kubeconfig) if all_contexts else _several(context)
    memory = Memory(len(contexts or [""]))
    plan = AuditPlan(scope, contexts, project.policy, rules, suppressions_of_selected(project, rules), reveal, memory)
    if watch:
        from isvclog.cli.commands.audit.table import run_watch

        return run_watch(plan, quiet, color)
    from isvclog.cli.commands.audit.run import AuditOutput, run_audit

    threshold = parse_threshold(fail_on, project.fail_on)
    exit_policy = ExitPolicy(threshold, fail_on_empty, exit_zero, quiet)
    return run_audit(plan, AuditOutput(output, color, by or "cluster", compare), exit_policy)


_FORMATS_OF: Mapping[str, tuple[tuple[str, ...], str]] = {
    "--watch": (("text",), "prints a table; leave out --output"),
    "--compare": (("text", "json"), "prints text or json; leave out --output, or use -o json"),
    "--by": (("openmetrics",), "is about metrics; add -o openmetrics"),
}
"""Options that need one of some formats, and what they say about another one."""


def _check_output(output: str, given: Mapping[str, object]) -> None:
    """Raise UsageError for a format that one of the given options excludes, or for two options about the output."""
    exclude_options({option: given[option] for option in ("--watch", "--compare")})
    for option, (formats, sentence) in _FORMATS_OF.items():
        if given[option] and output not in formats:
            raise UsageError(f"{option} {sentence}.")


def _check_one_cluster(output: str) -> None:
    """Raise UsageError for a format whose objects belong into the cluster that was audited."""
    from isvclog.report.formats import OF_ONE_CLUSTER

    if output in OF_ONE_CLUSTER:
        raise UsageError(f"-o {output} is applied to the cluster that was audited; audit one cluster at a time.")


def _all_contexts(kubeconfig: str | None) -> list[str]:
    """List the contexts of the kubeconfig. Raises UsageError if there are none."""
    from isvclog.cluster import list_contexts

    names = list(list_contexts(kubeconfig).names)
    if not names:
        raise UsageError("--all-contexts: the kubeconfig has no context.")
    return names


def _several(contexts: list[str] | None) -> list[str] | None:
    """Remove repetitions; return None unless several contexts are left."""
    names = list(dict.fromkeys(contexts or ()))
    return names if len(names) > 1 else None
