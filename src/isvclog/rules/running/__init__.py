"""Problems of running pods that `isvclog audit` reports, compared with what is declared."""

from isvclog.findings import Severity
from isvclog.rules.rule import Rule, reported_by

CRASHING_AGENT = reported_by("isvclog.audit.differences", "crashing-agent", Severity.ERROR, __name__)
MISSING_AGENT = reported_by("isvclog.audit.differences", "missing-agent", Severity.ERROR, __name__)
PENDING_ROLLOUT = reported_by("isvclog.audit.differences", "pending-rollout", Severity.WARNING, __name__)
STALE_AGENT = reported_by("isvclog.audit.differences", "stale-agent", Severity.WARNING, __name__)
INCONSISTENT_AGENT = reported_by("isvclog.audit.differences", "inconsistent-agent", Severity.WARNING, __name__)
UNDECLARED_AGENT = reported_by("isvclog.audit.differences", "undeclared-agent", Severity.WARNING, __name__)
FOREIGN_ARGUMENT = reported_by("isvclog.audit.differences", "foreign-argument", Severity.INFO, __name__)
PREVIOUS_REVISION = reported_by("isvclog.audit.differences", "previous-revision", Severity.INFO, __name__)
UNDEPLOYED_COMPONENT = reported_by("isvclog.audit.differences", "undeployed-component", Severity.ERROR, __name__)
REFUSED_POD = reported_by("isvclog.audit.differences", "refused-pod", Severity.ERROR, __name__)
UNLOADED_MODEL = reported_by("isvclog.audit.differences", "unloaded-model", Severity.ERROR, __name__)

RULES: tuple[Rule, ...] = (
    CRASHING_AGENT,
    MISSING_AGENT,
    PENDING_ROLLOUT,
    STALE_AGENT,
    INCONSISTENT_AGENT,
    UNDECLARED_AGENT,
    FOREIGN_ARGUMENT,
    PREVIOUS_REVISION,
    UNDEPLOYED_COMPONENT,
    REFUSED_POD,
    UNLOADED_MODEL,
)
