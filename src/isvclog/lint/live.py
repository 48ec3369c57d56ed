"""Checks of the services of a cluster, with results in the same form as those of files."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from isvclog.cluster import ClusterError
from isvclog.findings import Finding
from isvclog.lint.engine import LintSettings, lint_object, select_rules
from isvclog.lint.results import CheckedObject, FileResult
from isvclog.live import Facts, UnreadableService
from isvclog.live.existence import RULE as MISSING
from isvclog.live.pruning import RULE
from isvclog.live.scope import ClusterScope
from isvclog.manifest import Object
from isvclog.redact.gate import SecretRedaction
from isvclog.rules.context import LintContext
from isvclog.rules.deployment.overwritten_logger import overwritten_logger
from isvclog.rules.headers.unforwarded_header import unforwarded_header
from isvclog.rules.policy import Policy

BESIDE_RULES = frozenset((overwritten_logger.name, unforwarded_header.name))
"""The rules that depend on objects beside a service."""


def lint_services(scope: ClusterScope, settings: LintSettings) -> Iterator[FileResult]:
    """Lint every selected service, each with the facts about the installation that apply to it."""
    facts, reports_pruned = scope.facts, RULE in settings.names
    reports_beside = not BESIDE_RULES.isdisjoint(settings.names)
    reports_missing = MISSING in settings.names

    def check(obj: Object) -> Sequence[Finding]:
        installation = facts.installation(obj.data)
        beside = facts.beside.of(obj.data) if reports_beside else settings.beside
        findings = lint_object(obj, settings._replace(installation=installation, beside=beside))
        if reports_missing:
            context = LintContext(obj.data, installation, settings.policy)
            findings += facts.existence.missing(obj, context)
        return [*findings, *(facts.pruned(obj) if reports_pruned else ())]

    return check_services(scope.services(), check)


def explain_beside(facts: Facts, obj: Object) -> list[str]:
    """Say what the objects beside a service of a cluster change of its loggers; nothing if there are none."""
    beside = facts.beside.changes(obj.data)
    if beside is None:
        return []
    settings = select_rules(facts.installation(obj.data), Policy(), BESIDE_RULES)
    return [f"{found.message} {found.remedy}" for found in lint_object(obj, settings._replace(beside=beside))]


def check_services(
    services: Iterable[Object | UnreadableService], check: Callable[[Object], Sequence[Finding]]
) -> Iterator[FileResult]:
    """Check every service; one that cannot be read is yielded as failed.

    If `check` can no longer reach the cluster, the results end with a failed one.
    """
    for item in services:
        if isinstance(item, UnreadableService):
            yield FileResult(item.file, failure=item.reason)
            continue
        try:
            findings = check(item)
        except ClusterError as error:  # the next service would fail for the same reason
            yield FileResult(item.file, failure=str(error), redaction=SecretRedaction([item.data]))
            return
        seen = (CheckedObject(item.label, line=0),)
        yield FileResult(item.file, findings, 1, objects=seen, redaction=SecretRedaction([item.data]))
