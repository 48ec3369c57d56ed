"""The input of an editing command, converted to a run on files or on a service of a cluster."""

from typing import TYPE_CHECKING

from isvclog.cli.commands.edit.options import EditOptions, EditTarget
from isvclog.cli.options.cluster import ClusterOptions
from isvclog.cli.options.files import check_places, missing_file, name_standard_input, names_a_file, split_existing
from isvclog.cli.options.installation import InstallationOptions
from isvclog.cli.options.project import read_project
from isvclog.cli.options.rendering import RenderingOptions
from isvclog.cli.options.rule_names import chosen_rules
from isvclog.config.suppressions import suppressions_of_selected
from isvclog.errors import UsageError

if TYPE_CHECKING:
    from isvclog.edit.review import MakePlan


def split_edit(
    arguments: list[str], target: EditTarget, rendering: RenderingOptions
) -> tuple[str | None, list[str], EditTarget]:
    """Split the arguments into the service of a cluster (None if there are files), the keys, and files for the target.

    With something to render, all of them are keys. Raises UsageError if a part is missing, and IsvclogError for a file
    that does not exist in place of a service.
    """
    rendering.check([target.filename], "edit")
    rendering.check_matrix(target.values_matrix)
    if rendering.given:
        return None, arguments, target
    files, keys = split_existing(arguments, target.filename)
    if files:
        if not keys:
            raise UsageError(f"name a KEY after the file {files[-1]}.")
        return None, keys, target._replace(filename=files)
    service, *keys = arguments
    if "=" in service:
        raise UsageError("name a manifest (FILE.yaml, or - for stdin) or a service of the cluster before the keys.")
    if names_a_file(service):
        raise missing_file(service)
    if not keys:
        raise UsageError(f"name a KEY after the service {service!a}.")
    return service, keys, target


def run_edit_command(
    service: str | None,
    target: EditTarget,
    rendering: RenderingOptions,
    options: EditOptions,
    make_plan: "MakePlan",
) -> int:
    """Edit the `service` of a cluster or, if it is None, files or what is rendered; return the exit code.

    Raises UsageError for options that exclude each other.
    """
    from isvclog.cli.terminal.messages import reveal_secrets
    from isvclog.edit import ALL
    from isvclog.kserve.apis.constants import COMPONENTS

    reveal_secrets(options.reveal)
    for component in target.component or ():
        if component not in (*COMPONENTS, ALL):
            raise UsageError(f"--component {component!a}: choose one of {', '.join(COMPONENTS)} or {ALL}.")
    if service is None:
        return _edit_files(target, rendering, options, make_plan)
    return _edit_service(service, target, options, make_plan)


def _edit_files(target: EditTarget, rendering: RenderingOptions, options: EditOptions, make_plan: "MakePlan") -> int:
    from isvclog.cli.commands.edit.run import EditRun, run_edits
    from isvclog.edit.review import ServiceFilter
    from isvclog.lint.engine import select_rules
    from isvclog.manifest.syntax.files import respect_gitignore

    cluster = ClusterOptions(context=options.context, connection=options.connection)
    cluster.refuse("leave it out, or name a service instead of a file")
    if options.dry_run != "none":
        raise UsageError("--dry-run is for services of a cluster; for files, use --diff.")
    if options.diff and options.stdout:
        raise UsageError("--diff and --stdout exclude each other.")
    respect_gitignore(not options.no_ignore_vcs)
    files = name_standard_input(options.stdin_filename, target.filename or ())
    places = [] if rendering.given else check_places(None, files, options.config)
    project = read_project(options.config, options.no_config, options.stdin_filename)
    installation = InstallationOptions(kserve_version=options.kserve_version).read(project)
    rules = chosen_rules(None, None, project)
    settings = select_rules(installation, project.policy, rules)
    choice = ServiceFilter(target.name, target.namespace, target.all_)
    run = EditRun(places, choice, settings, suppressions_of_selected(project, rules), options)
    if rendering.given:
        from isvclog.cli.commands.edit.run_rendered import edit_rendered

        return edit_rendered(run, rendering, target.values_matrix, make_plan)
    return run_edits(run, make_plan)


def _edit_service(service: str, target: EditTarget, options: EditOptions, make_plan: "MakePlan") -> int:
    from isvclog.cli.commands.edit.run_live import edit_live
    from isvclog.cli.options.scope import overrides, scope_settings
    from isvclog.cli.terminal.messages import note
    from isvclog.edit.live import LiveEditSettings
    from isvclog.live.scope import open_scope

    for option, given in (("--diff", options.diff), ("--stdout", options.stdout)):
        if given:
            raise UsageError(f"{option} is about files; --dry-run prints what would change in a cluster.")
    if target.name:
        raise UsageError("--name is about files; a service of the cluster is named before the keys.")
    if options.stdin_filename:
        raise UsageError("--stdin-filename names standard input; give - before the keys.")
    if target.all_:
        raise UsageError("--all is about files; name one service of the cluster.")
    project = read_project(options.config, options.no_config)
    rules = chosen_rules(None, None, project)
    cluster = ClusterOptions(namespace=target.namespace, context=options.context, connection=options.connection)
    selected = scope_settings(cluster, overrides(options.kserve_version, project), [service])
    with open_scope(selected, note) as scope:
        settings = LiveEditSettings(scope.facts, project.policy, rules, suppressions_of_selected(project, rules))
        return edit_live(scope.cluster, service, make_plan, settings, options)
