"""One run of `add-annotation` or `remove-annotation` on a service of a cluster."""

import sys

from isvclog.cli.commands.edit.options import EditOptions
from isvclog.cli.terminal.messages import note
from isvclog.cluster import Cluster
from isvclog.edit.live import LiveEdit, LiveEditSettings, PatchMode, ServiceEditor
from isvclog.edit.review import MakePlan
from isvclog.filenames import shown_name
from isvclog.findings import Finding
from isvclog.report.edits import blocked_note, edit_summary, known_note
from isvclog.report.findings.concise import concise_line


def edit_live(
    cluster: Cluster, name: str, make_plan: MakePlan, settings: LiveEditSettings, options: EditOptions
) -> int:
    """Change one service, print what was done, and return the exit code. Raises IsvclogError."""
    settings = settings._replace(mode=_mode(options), force=options.force, reveal=options.reveal)
    edit = ServiceEditor(cluster, settings, _print_finding, note).edit(name, make_plan)
    service = shown_name(edit.plan.obj.file)
    if not (edit.blocking or options.quiet):
        _print_summary(edit, options)
    if edit.known and not options.quiet:
        note(f"{service}: {known_note(edit.known, f'isvclog lint --live {service}')}", edit.redaction)
    if edit.blocking:
        note(f"{service}: {blocked_note(edit.blocking)}", edit.redaction)
        return 1
    return 1 if edit.plan.changes and options.check else 0


def _print_summary(edit: LiveEdit, options: EditOptions) -> None:
    would = "would change: " if options.check or options.dry_run != "none" else ""
    for text in edit_summary("", (edit.plan,), would, edit.redaction):
        print(text)


def _mode(options: EditOptions) -> PatchMode:
    if options.dry_run == "server":
        return PatchMode.DRY_RUN
    return PatchMode.NONE if options.check or options.dry_run == "client" else PatchMode.STORE


def _print_finding(finding: Finding) -> None:
    print(concise_line(finding), file=sys.stderr)
