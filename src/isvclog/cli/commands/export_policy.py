"""`isvclog export-policy`: writes rules of lint as admission policies."""

import sys
from typing import Annotated, Literal

import typer

from isvclog.cli.options.common import KServeVersion, find_chosen_release
from isvclog.cli.options.project import NoConfig, ProjectFile, read_project
from isvclog.cli.options.rule_names import Ignore, Select, chosen_rules


def export_policy(
    target: Annotated[
        Literal["vap", "map", "kyverno", "kyverno-mutating", "gatekeeper"],
        typer.Option(
            help="The engine: vap and map are Kubernetes' own policies; map and kyverno-mutating fix services."
        ),
    ],
    action: Annotated[
        Literal["warn", "audit", "deny"] | None,
        typer.Option(
            help="What happens to a wrong service: a warning, an entry in the audit log, or a rejection.",
            show_default="warn",
        ),
    ] = None,
    select: Select = None,
    ignore: Ignore = None,
    kserve_version: KServeVersion = None,
    config: ProjectFile = None,
    no_config: NoConfig = False,
    output: Annotated[Literal["yaml", "json"], typer.Option("-o", "--output", help="The format.")] = "yaml",
) -> int:
    """Write rules of lint as admission policies for clusters.

    Exports the rules that one InferenceService decides, as expressions in CEL, and lists in a comment what a policy
    cannot see. Without --select, these are the rules of errors and warnings or, with `--action deny`, of errors only.
    The project file has the lists for the rules about required and forbidden annotations and allowed sinks.
    """
    from isvclog.cli.terminal.settings import terminal_settings
    from isvclog.errors import UsageError
    from isvclog.policy.export import MUTATING, default_rules, export_policies
    from isvclog.policy.model import PolicyTarget
    from isvclog.report.formats import policies_format

    if action and target in MUTATING:
        raise UsageError(f"--action is for policies that check; leave it out with --target {target}, which fixes.")
    action = action or "warn"
    project = read_project(config, no_config)
    release = find_chosen_release(kserve_version or project.kserve_version)
    chosen = chosen_rules(select, ignore, project)
    names = default_rules(action) if chosen is None else chosen
    if select is None:
        names &= default_rules(action)
    documents = export_policies(target, PolicyTarget(release, project.policy), action, names)
    sys.stdout.writelines(policies_format(output)(documents, terminal_settings("never")))
    return 0
