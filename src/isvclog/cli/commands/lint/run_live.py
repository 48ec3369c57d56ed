"""`lint --live`: applies the rules to the services of a cluster, each with the installation facts that apply to it."""

from collections.abc import Sequence

from isvclog.cli.commands.lint.run import Objects, Reports, run_lint
from isvclog.cli.options.scope import ClusterScope
from isvclog.cli.terminal.messages import note
from isvclog.cli.terminal.runs import ExitPolicy
from isvclog.findings import Finding
from isvclog.lint.engine import lint_object
from isvclog.lint.linter import Linter
from isvclog.live.pruning import RULE
from isvclog.manifest import Object


def lint_live(
    scope: ClusterScope, linter: Linter, reports: Reports, exit_policy: ExitPolicy, *, verbose: bool = False
) -> int:
    """Check and report the services, print notes about the run, and return the exit code."""
    settings, facts = linter.settings, scope.facts
    tells_pruned = RULE in settings.names
    if verbose:
        for origin in facts.shared:
            note(f"{origin.fact}: {origin.text}")

    def check(obj: Object) -> Sequence[Finding]:
        findings = lint_object(obj, settings._replace(installation=facts.installation(obj.data)))
        return [*findings, *(facts.pruned(obj) if tells_pruned else ())]

    return run_lint(linter, [], reports, exit_policy, Objects(scope.results(check), scope.place))
