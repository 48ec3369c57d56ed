"""Tables of the output formats. The module of a format is imported only when the format is used.

The format `name` of a kind is `report/<kind>/<name>.py`. Its function `write` takes what is reported and the settings,
and yields the output piece by piece.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from isvclog.findings import Severity
from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from isvclog.audit.comparison import AuditComparison
    from isvclog.audit.model import Audit
    from isvclog.doctor.model import Checkup
    from isvclog.events.estimate import Estimate
    from isvclog.events.shape import EventShape
    from isvclog.events.upgrade import Upgrade
    from isvclog.lint.results import RunResult
    from isvclog.policy.documents import PolicyDocument
    from isvclog.preview.comparison import PreviewComparison
    from isvclog.preview.model import Preview
    from isvclog.rules.catalogue import Description
    from isvclog.rules.symptoms import Symptom
    from isvclog.sidecar.simulation.items import SimulationItem
    from isvclog.sink.items import SinkItem

FINDINGS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson")
AUDIT = ("text", "json", "csv", "markdown", "html", "sarif", "openmetrics", "openreports", "policyreport")
AUDIT_CHANGES = ("text", "json")
PREVIEW = ("text", "http", "curl", "cloudevent", "json", "yaml")
COMPARISON = ("text", "json", "yaml", "markdown")
EVENTS = ("text", "json", "http")
SIMULATION = ("text", "json")
EVENT_SCHEMAS = ("jsonschema", "avro", "sql", "clickhouse", "bigquery", "asyncapi", "cloudevents")
ESTIMATE = ("text", "json")
UPGRADE = ("text", "json", "markdown")
POLICIES = ("yaml", "json")
DOCTOR = ("text", "json")
RULES = ("table", "overview", "concise", "text", "json", "markdown")

EVENTS_ONLY = frozenset({"http", "curl", "cloudevent"})
"""Formats of a preview that have events and nothing else, not even the reason why there is none."""

OF_ONE_CLUSTER = frozenset({"openreports", "policyreport"})
"""Formats of an audit whose objects are applied to the cluster that was audited."""

DOCUMENTS = frozenset(
    {"json", "yaml", "sarif", "gitlab", "junit", "rdjson", "csv", "markdown", "html", "cloudevent", "openmetrics"}
    | OF_ONE_CLUSTER
)
"""Formats whose whole output is one document for programs."""

NEEDS_DATA = frozenset({"text", "rdjson"})
"""Formats of findings that read the text of the files; the others do not use `FileResult.data`."""

SHOW_SUPPRESSED = ("text", "json", "sarif")
"""Formats of findings that show the suppressed ones if `FormatSettings.show_suppressed` is true."""

Describe: TypeAlias = "Callable[[str], Description | None]"
"""Function that returns the description of a rule by its name, or None if it has none."""


class FormatSettings(NamedTuple):
    """Options of all formats; each format uses those that concern it.

    `color` and `width` (in columns, or None) describe the terminal. `summary` is True if text for people ends with a
    line of totals. `fail_on` is the mildest severity that fails a test case. `reveal` is True if sensitive values are
    shown, `full` if a preview shows stages and bytes, and `terminal` if the output may contain nothing that a terminal
    obeys. `on_hidden` is called by formats of events, of reports, and of previews that programs read, if a sensitive
    value is hidden. `seconds` is the time of the output, since 1970. Metrics are counted `by` cluster,
    namespace or service. `show_suppressed` is True if a run keeps the findings that are not reported, and
    `has_baseline` if its findings were compared with a baseline.
    """

    color: bool = False
    width: int | None = None
    summary: bool = True
    fail_on: Severity = Severity.ERROR
    describe: Describe = lambda rule: None
    reveal: bool = False
    full: bool = False
    terminal: bool = False
    on_hidden: Callable[[], None] = lambda: None
    seconds: int = 0
    by: str = "cluster"
    show_suppressed: bool = False
    has_baseline: bool = False


def findings_format(name: str) -> "Callable[[RunResult, FormatSettings], Iterator[str]]":
    """Import a format of findings."""
    return _writer("findings", name)


def audit_format(name: str) -> "Callable[[Audit, FormatSettings], Iterator[str]]":
    """Import a format of an audit."""
    return _writer("audit", name)


def audit_changes_format(name: str) -> "Callable[[AuditComparison, FormatSettings], Iterator[str]]":
    """Import a format of the changes since an earlier audit."""
    return _writer("audit_changes", name)


def preview_format(name: str) -> "Callable[[Preview, FormatSettings], Iterator[str | bytes]]":
    """Import a format of a preview."""
    return _writer("preview", name)


def comparison_format(name: str) -> "Callable[[PreviewComparison, FormatSettings], Iterator[str]]":
    """Import a format of a comparison of two previews."""
    return _writer("comparison", name)


def events_format(name: str) -> "Callable[[SinkItem, FormatSettings], Iterator[str | bytes]]":
    """Import a format of what a sink receives, which is written item by item."""
    return _writer("events", name)


def simulation_format(name: str) -> "Callable[[SimulationItem, FormatSettings], Iterator[str]]":
    """Import a format of what a simulation reports besides events."""
    return _writer("simulation", name)


def event_schema_format(name: str) -> "Callable[[EventShape, FormatSettings], Iterator[str]]":
    """Import a format of the shape of events."""
    return _writer("event_schemas", name)


def estimate_format(name: str) -> "Callable[[Estimate, FormatSettings], Iterator[str]]":
    """Import a format of the amount of events."""
    return _writer("estimate", name)


def upgrade_format(name: str) -> "Callable[[Upgrade, FormatSettings], Iterator[str]]":
    """Import a format of what an upgrade of KServe changes."""
    return _writer("upgrade", name)


def rules_format(name: str) -> "Callable[[Sequence[Description | Symptom], FormatSettings], Iterator[str]]":
    """Import a format of the documentation of rules; overview, text, json and markdown have symptoms, too."""
    return _writer("rules", name)


def policies_format(name: str) -> "Callable[[Iterable[PolicyDocument], FormatSettings], Iterator[str]]":
    """Import a format of admission policies."""
    return _writer("policies", name)


def doctor_format(name: str) -> "Callable[[Checkup, FormatSettings], Iterator[str]]":
    """Import a format of a check of the surroundings."""
    return _writer("doctor", name)


def _writer(kind: str, name: str) -> Callable[[Any, FormatSettings], Iterator[Any]]:
    write: Callable[[Any, FormatSettings], Iterator[Any]] = import_module(f"isvclog.report.{kind}.{name}").write
    return write
