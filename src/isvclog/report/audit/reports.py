"""Reports of policies: a Kubernetes object for each InferenceService, with a result for each finding.

The object is named after the UID of the service and owned by it: another service never gets the same name, and
Kubernetes deletes the report together with the service.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from isvclog.audit.model import Audit, Row
from isvclog.drift import ComponentState
from isvclog.findings import Finding, Severity, counted, shorten_text
from isvclog.keypath import dotted
from isvclog.kserve.apis.constants import API_VERSION
from isvclog.kserve.apis.kinds import SERVICE
from isvclog.lint.json_text import dumps
from isvclog.redact.masks import REDACTED
from isvclog.report.formats import FormatSettings

SOURCE = "isvclog"
MANAGED_BY = "app.kubernetes.io/managed-by"
MOST_RESULTS = 200
"""Results in one report: an object of Kubernetes is at most 1.5 MB large, and people read fewer."""

_NAMESPACE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_SCOPE = {"apiVersion": API_VERSION, "kind": SERVICE}
_RESULTS = {Severity.ERROR: "fail", Severity.WARNING: "warn", Severity.INFO: "warn"}
_SEVERITIES = {Severity.ERROR: "high", Severity.WARNING: "medium", Severity.INFO: "info"}


def report_list(audit: Audit, settings: FormatSettings, kind: Mapping[str, str], source: str = "") -> Iterator[str]:
    """Yield a List in JSON with a report for each service, one per line.

    `kind` has the apiVersion and the kind of the reports. `source` is their source as a whole; empty for a kind that
    only has one in each result. A service whose namespace is masked or not a valid name has no place for a report,
    so `settings.on_hidden` is called, once for all.
    """
    settings = settings._replace(describe=cache(settings.describe))
    yield '{"apiVersion": "v1", "kind": "List", "items": ['
    separator, has_left_out = "\n", False
    for _, rows in groupby(audit, key=lambda row: row[:3]):
        service = tuple(rows)
        if _NAMESPACE.fullmatch(service[0].namespace):
            yield separator + "  " + dumps({**kind, **_report(service, settings, source)})
            separator = ",\n"
        else:
            has_left_out = True
    if has_left_out:
        settings.on_hidden()
    yield "\n]}\n"


def _report(rows: Sequence[Row], settings: FormatSettings, source: str) -> dict[str, Any]:
    first = rows[0]
    identity = {"name": first.name, **({"uid": first.uid} if first.uid else {})}
    metadata: dict[str, Any] = {
        "name": _name(first),
        "namespace": first.namespace,
        "labels": {MANAGED_BY: SOURCE},
    }
    if first.uid and REDACTED not in first.name:  # the garbage collector deletes what an unknown name owns
        metadata["ownerReferences"] = [{**_SCOPE, **identity}]
    results = sorted((item for row in rows for item in _results(row, settings)), key=_rank)
    totals = Counter(item["result"] for item in results)
    if len(results) > MOST_RESULTS:
        more = counted(len(results) - MOST_RESULTS + 1, "more result")
        results[MOST_RESULTS - 1 :] = [_result("more", "skip", f"{more}: see `isvclog audit`.", settings)]
    return {
        "metadata": metadata,
        **({"source": source} if source else {}),
        "scope": {**_SCOPE, "namespace": first.namespace, **identity},
        "summary": {name: totals[name] for name in ("pass", "fail", "warn", "error", "skip")},
        "results": results,
    }


def _name(row: Row) -> str:
    """Name the report of a service: at most 48 characters, all of which a name may have."""
    text = f"{row.namespace}/{row.name}"
    return f"{SOURCE}-{row.uid or hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"


def _results(row: Row, settings: FormatSettings) -> Iterator[dict[str, Any]]:
    """Yield the results of a component: its findings, or its state if there are none."""
    for finding in row.findings:
        yield _finding(row, finding, settings)
    if not row.findings:
        name = "pass" if row.state is ComponentState.MATCHES else "skip"
        yield _result("running-agent", name, _state_sentence(row), settings, _properties(row))


def _finding(row: Row, finding: Finding, settings: FormatSettings) -> dict[str, Any]:
    described = settings.describe(finding.rule)
    properties = {**_properties(row), **({"path": dotted(finding.path)} if finding.path else {})}
    message = f"{finding.message} {finding.remedy}".rstrip()
    result = _result(finding.rule, _RESULTS[finding.severity], message, settings, properties)
    category = {"category": described.group} if described else {}
    return {**result, "severity": _SEVERITIES[finding.severity], **category}


def _result(
    rule: str, result: str, message: str, settings: FormatSettings, properties: Mapping[str, str] | None = None
) -> dict[str, Any]:
    return {
        "source": SOURCE,
        "policy": rule,
        "rule": rule,
        "result": result,
        "message": shorten_text(message),
        "scored": True,
        "timestamp": {"seconds": settings.seconds, "nanos": 0},
        **({"properties": properties} if properties else {}),
    }


def _properties(row: Row) -> dict[str, str]:
    return {**({"component": row.component} if row.component else {}), "state": row.state.value}


def _state_sentence(row: Row) -> str:
    if row.state is ComponentState.MATCHES:
        return "The running agents have the settings that KServe would give them now."
    if row.state is ComponentState.OFF:
        return "No logger is declared, and none runs."
    reasons = [f"{difference.sentence} {difference.remedy}" for difference in row.differences]
    return " ".join(reasons) or (f"Not compared: {row.note}." if row.note else f"The state is {row.state.value}.")


def _rank(result: Mapping[str, Any]) -> int:
    return ("high", "medium", "info").index(result["severity"]) if "severity" in result else 3
