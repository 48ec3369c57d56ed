"""Metrics of an audit, as Prometheus' own parsers read them."""

import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as plain

from isvclog.audit.model import Audit, Failure, Row
from isvclog.drift import ComponentState
from isvclog.findings import NOWHERE, Finding, Severity
from isvclog.report.formats import FormatSettings, audit_format

TIME = 1767225600
WARNING = Finding("", NOWHERE, Severity.WARNING, "stale-agent", "")
ERROR = WARNING._replace(severity=Severity.ERROR, rule="crashing-agent")
ROW = Row("", "ml", "iris", "predictor", logger=True, state=ComponentState.STALE, findings=(WARNING, WARNING, ERROR))
OFF = Row("", "ml", "iris", "transformer", state=ComponentState.OFF)


def written(*items: Row | Failure, **look: Any) -> str:
    return "".join(audit_format("openmetrics")(Audit(items), FormatSettings(seconds=TIME, **look)))


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Parse the metrics with both parsers: that of OpenMetrics, and that of the textfile collector's format."""
    found = {
        (sample.name, *(f"{name}={value}" for name, value in sample.labels.items())): sample.value
        for family in openmetrics(text)
        for sample in family.samples
    }
    assert {family.type for family in openmetrics(text)} == {"gauge"}
    assert sum(len(family.samples) for family in plain(text)) == len(found) == text.count("\nisvclog_audit_")
    return found


def test_metrics_count_services_components_and_findings() -> None:
    found = samples(written(ROW, OFF, ROW._replace(name="wine", namespace="trial")))
    assert found[("isvclog_audit_services",)] == 2
    assert found[("isvclog_audit_components", "state=stale")] == 2
    assert found[("isvclog_audit_components", "state=off")] == 1
    assert found[("isvclog_audit_components", "state=crashing")] == 0
    assert found[("isvclog_audit_findings", "rule=stale-agent", "severity=warning")] == 4
    assert found[("isvclog_audit_findings", "rule=crashing-agent", "severity=error")] == 2
    assert found[("isvclog_audit_failures",)] == 0
    assert found[("isvclog_audit_timestamp_seconds",)] == TIME
    assert len(found) == 1 + len(ComponentState) + 2 + 1 + 1


def test_clusters_are_labels_and_a_failed_one_is_counted() -> None:
    found = samples(written(ROW._replace(context="eu"), ROW._replace(context="us"), Failure("asia", "Unreachable.")))
    assert found[("isvclog_audit_services", "context=eu")] == 1
    assert found[("isvclog_audit_components", "context=us", "state=stale")] == 1
    assert found[("isvclog_audit_failures", "context=asia")] == 1
    assert not any("context=asia" in labels for labels in found if labels[0] != "isvclog_audit_failures")


def test_series_do_not_grow_with_services_unless_asked() -> None:
    rows = [ROW._replace(namespace=f"n{number % 3}", name=f"iris-{number}") for number in range(30)]
    rows.sort()
    counts = {by: len(samples(written(*rows, by=by))) for by in ("cluster", "namespace", "service")}
    states = len(ComponentState)
    assert counts == {"cluster": states + 5, "namespace": 3 * (states + 3) + 2, "service": 30 * 4 + 2}
    found = samples(written(*rows, by="service"))
    labels = ("namespace=n1", "inferenceservice=iris-1", "state=stale")
    assert found[("isvclog_audit_components", *labels)] == 1


def test_an_empty_audit_has_metrics() -> None:
    found = samples(written())
    assert set(found.values()) == {0, TIME}
    assert written().endswith("\n# EOF\n")


@given(st.text(min_size=1), st.text(min_size=1))
def test_labels_are_escaped(context: str, rule: str) -> None:
    row = ROW._replace(context=context, findings=(WARNING._replace(rule=rule),))
    assert len(samples(written(row))) == 1 + len(ComponentState) + 1 + 1 + 1


@pytest.mark.skipif(not shutil.which("promtool"), reason="there is no promtool, which checks metrics")
def test_promtool_has_nothing_to_say() -> None:
    text = written(ROW, OFF, ROW._replace(context='a"b\\c\nd'))
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
