"""An audit as OpenMetrics 1.0, which the textfile collector of Prometheus' node_exporter and a Pushgateway take, too.

All metrics are gauges: the state at the time of the audit. The number of series does not grow with the services unless
`FormatSettings.by` asks for it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from isvclog.audit.model import Audit, Failure, Row
from isvclog.drift import ComponentState
from isvclog.report.escape import printable
from isvclog.report.formats import FormatSettings

Labels = tuple[tuple[str, str], ...]

_PREFIX = "isvclog_audit_"
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
_PLACES: Mapping[str, tuple[str, ...]] = {
    "cluster": ("context",),
    "namespace": ("context", "namespace"),
    "service": ("context", "namespace", "inferenceservice"),
}
"""The labels that say where something is, by the value of `--by`. A label without a value is left out."""
_FIELDS = {"inferenceservice": "name"}
"""The fields of a row by label, where they have another name."""


def write(audit: Audit, settings: FormatSettings) -> Iterator[str]:
    """Yield the metric families when the last row has arrived, and `# EOF`. Rows are counted and not kept."""
    names = _PLACES[settings.by]
    services, states, findings = Counter[Labels](), Counter[Labels](), Counter[Labels]()
    for _, rows in groupby(audit, key=lambda row: row[:3]):
        service = tuple(rows)
        place = _place(service[0], names)
        if place not in services and settings.by != "service":
            states.update(dict.fromkeys(((*place, ("state", state.value)) for state in ComponentState), 0))
        services[place] += 1
        for row in service:
            states[(*place, ("state", row.state.value))] += 1
            findings.update((*place, ("rule", each.rule), ("severity", str(each.severity))) for each in row.findings)
    failures = Counter(_place(failure, ("context",)) for failure in audit.failures) or Counter({(): 0})
    yield from _family("services", "InferenceServices that were audited.", services or Counter({(): 0}))
    yield from _family("components", "Components of InferenceServices by the state of their loggers.", states)
    yield from _family("findings", "Findings by rule and severity.", findings)
    yield from _family("failures", "Clusters, services or lists of pods that could not be read.", failures)
    yield from _family("timestamp_seconds", "Time of the audit, since 1970.", {(): settings.seconds}, "seconds")
    yield "# EOF\n"


def _place(item: Row | Failure, names: Iterable[str]) -> Labels:
    values = ((name, getattr(item, _FIELDS.get(name, name))) for name in names)
    return tuple((name, value) for name, value in values if value)


def _family(name: str, text: str, samples: Mapping[Labels, int], unit: str = "") -> Iterator[str]:
    yield f"# TYPE {_PREFIX}{name} gauge\n"
    if unit:
        yield f"# UNIT {_PREFIX}{name} {unit}\n"
    yield f"# HELP {_PREFIX}{name} {text}\n"
    for labels, value in sorted(samples.items()):
        yield f"{_PREFIX}{name}{_written(labels)} {value}\n"


def _written(labels: Labels) -> str:
    pairs = ",".join(f'{name}="{printable(value).translate(_ESCAPES)}"' for name, value in labels)
    return f"{{{pairs}}}" if pairs else ""
