"""`lint --live`: the rules, applied to the services of a cluster."""

from isvclog.cli.commands.lint.run import Objects, run_lint
from isvclog.cli.terminal.messages import note
from isvclog.cli.terminal.reports import Reports
from isvclog.cli.terminal.runs import ExitPolicy
from isvclog.lint.linter import Linter
from isvclog.lint.live import lint_services
from isvclog.lint.reading import FileReader
from isvclog.live.scope import ClusterScope


def lint_live(
    scope: ClusterScope, linter: Linter, reports: Reports, exit_policy: ExitPolicy, *, verbose: bool = False
) -> int:
    """Check and report the services, print notes about the run, and return the exit code."""
    if verbose:
        for origin in scope.facts.shared:
            note(f"{origin.fact}: {origin.text}")
    objects = Objects(lint_services(scope, linter.settings), scope.place)
    return run_lint(linter, FileReader(()), reports, exit_policy, scope.facts.basis, objects)
