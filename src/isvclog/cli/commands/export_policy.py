"""`isvclog export-policy`: writes rules of lint as admission policies."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from isvclog.cli.options.common import KServeVersion, find_chosen_release
from isvclog.cli.options.project import NoConfig, ProjectFile, read_project
from isvclog.cli.options.rule_names import Ignore, Select, chosen_rules

if TYPE_CHECKING:
    from isvclog.policy.suites import Files


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
            help="What happens when a wrong service is applied: a warning, an audit log entry, or a rejection.",
            show_default="warn",
        ),
    ] = None,
    select: Select = None,
    ignore: Ignore = None,
    kserve_version: KServeVersion = None,
    config: ProjectFile = None,
    no_config: NoConfig = False,
    tests: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Also write a suite for `kyverno test` or `gator verify` there."),
    ] = None,
    output: Annotated[Literal["yaml", "json"], typer.Option("-o", "--output", help="The format.")] = "yaml",
) -> int:
    """Write rules of lint as admission policies for clusters.

    Exports the rules that need nothing but the InferenceService, as expressions in CEL, and lists the others in a
    comment. Without --select, these are the rules of errors and warnings or, with `--action deny`, of errors only. The
    project file has the lists for the rules about required and forbidden annotations and allowed sinks.
    """
    from isvclog.cli.terminal.settings import terminal_settings
    from isvclog.errors import UsageError
    from isvclog.policy.export import MUTATING, default_rules, export_policies
    from isvclog.policy.model import PolicyTarget
    from isvclog.policy.suites import suite
    from isvclog.report.formats import policies_format

    if action and target in MUTATING:
        raise UsageError(f"--action is for policies that check; leave it out with --target {target}, which fixes.")
    if tests == "":
        raise UsageError("--tests is empty; write the path of a folder, such as --tests suite.")
    action = action or "warn"
    project = read_project(config, no_config)
    release = find_chosen_release(kserve_version or project.kserve_version)
    chosen = chosen_rules(select, ignore, project)
    names = default_rules(action) if chosen is None else chosen
    if select is None:
        names &= default_rules(action)
    basis = PolicyTarget(release, project.policy)
    documents = export_policies(target, basis, action, names)
    if tests is not None:
        _write_suite(tests, suite(target, documents, basis, names))
    sys.stdout.writelines(policies_format(output)(documents, terminal_settings("never")))
    return 0


def _write_suite(folder: str, files: "Files") -> None:
    """Write the files of a suite, in place of those of another run."""
    import os

    from isvclog.atomic import replace_file
    from isvclog.cli.terminal.messages import note
    from isvclog.cli.terminal.settings import terminal_settings
    from isvclog.errors import IsvclogError
    from isvclog.report.formats import policies_format

    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise IsvclogError(f"{folder} cannot be created: {error.strerror}.") from None
    for name, documents in files.items():
        with replace_file(os.path.join(folder, name)) as write:
            write(text.encode() for text in policies_format("yaml")(documents, terminal_settings("never")))
    note(f"wrote {len(files)} files of a suite to {folder}.")
