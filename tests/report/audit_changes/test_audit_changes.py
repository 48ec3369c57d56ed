"""Comparisons of audits: what has changed between two, in text and JSON."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from isvclog.audit.comparison import AuditComparison, read_earlier
from isvclog.audit.model import Audit, Failure, Row, SearchedPlace
from isvclog.drift import ComponentState
from isvclog.errors import UsageError
from isvclog.findings import NOWHERE, Finding, Severity
from isvclog.redact.gate import redaction_for
from isvclog.report.formats import FormatSettings, audit_changes_format, audit_format

SCHEMAS = Path(__file__).parents[3] / "schemas"
FINDING = Finding("", NOWHERE, Severity.WARNING, "stale-agent", "2 pods are old.", path=("spec", "predictor", "logger"))
CRASH = Finding("", NOWHERE, Severity.ERROR, "crashing-agent", "The agent exits.", path=("spec", "predictor", "logger"))
ROW = Row("", "ml", "iris", "predictor", logger=True, state=ComponentState.MATCHES, pods=2)
HERE = SearchedPlace("namespace ml of context test", namespace="ml")
Item = Row | Failure | SearchedPlace


def compared(
    folder: Path, before: Sequence[Item], after: Sequence[Item], name: str = "text", stopped: bool = False, **look: Any
) -> tuple[str, AuditComparison]:
    """Compare two audits, of which the first one is written and read as a file."""
    file = folder / "old.json"
    file.write_text("".join(audit_format("json")(Audit(before), FormatSettings())), encoding="utf-8")
    comparison = AuditComparison(Audit(after), read_earlier(str(file), redaction_for(False)), lambda: stopped)
    settings = FormatSettings(**look)
    return "".join(audit_changes_format(name)(comparison, settings)).replace(str(file), "old.json"), comparison


def test_the_same_audit_has_no_changes(tmp_path: Path) -> None:
    rows = (ROW, ROW._replace(component="transformer", findings=(FINDING, FINDING)), ROW._replace(context="eu"))
    text, comparison = compared(tmp_path, rows, rows)
    assert text == ("Compared 3 components with old.json: 0 added, 0 removed, 0 in another state; no new findings.\n")
    assert comparison.worst() is None


def test_every_kind_of_change(tmp_path: Path) -> None:
    before = (
        ROW._replace(findings=(FINDING,)),
        ROW._replace(name="old", state=ComponentState.OFF, findings=(CRASH,)),
        ROW._replace(name="same", findings=(FINDING, FINDING)),
    )
    after = (
        HERE,
        ROW._replace(state=ComponentState.CRASHING, findings=(CRASH,)),
        ROW._replace(name="new"),
        ROW._replace(name="same", findings=(FINDING._replace(message="3 pods are old."), FINDING, FINDING)),
    )
    text, comparison = compared(tmp_path, before, after)
    assert text == (
        "ml/iris predictor: crashing, was matches\n"
        "  + error: The agent exits. [crashing-agent]\n"
        "  - warning: 2 pods are old. [stale-agent]\n"
        "ml/new predictor: added, matches\n"
        "ml/same predictor: still matches\n"
        "  + warning: 2 pods are old. [stale-agent]\n"
        "ml/old predictor: removed, was off\n"
        "  - error: The agent exits. [crashing-agent]\n"
        "\n"
        "Compared 3 components with old.json: 1 added, 1 removed, 1 in another state; 1 new error, 1 new warning, "
        "2 findings resolved.\n"
    )
    assert comparison.worst() is Severity.ERROR


def test_json(tmp_path: Path) -> None:
    before = (ROW._replace(findings=(FINDING,)), ROW._replace(name="old"))
    after = (HERE, ROW._replace(findings=(CRASH,)), ROW._replace(name="new"), Failure("us", "Unreachable."))
    text, _ = compared(tmp_path, before, after, "json")
    document = json.loads(text)
    names = ("audit-changes.schema.json", "audit.schema.json", "findings.schema.json")
    schemas = {name: json.loads((SCHEMAS / name).read_text(encoding="utf-8")) for name in names}
    registry = Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in schemas.items())
    validator = Draft202012Validator(schemas[names[0]], registry=registry)
    assert [error.message for error in validator.iter_errors(document)] == []
    assert [change["change"] for change in document["changes"]] == ["changed", "added", "removed"]
    assert document["summary"] == {
        "components": 2,
        "added": 1,
        "removed": 1,
        "changed": 1,
        "states": 0,
        "newErrors": 1,
        "newWarnings": 0,
        "newInfos": 0,
        "resolvedFindings": 1,
        "notCompared": 0,
    }
    assert document["failures"] == [{"context": "us", "message": "Unreachable."}]
    assert text.isascii()
    assert len(text.splitlines()) == 5
    assert not validator.is_valid({**document, "changes": [{"change": "moved"}]})


@pytest.mark.parametrize(
    "after",
    [
        (HERE, Failure("", "The connection was cut.")),
        (SearchedPlace("x", namespace="other"),),
        (SearchedPlace("x", names=["ml/wine"]),),
        (SearchedPlace("x", context="eu"),),
        (),
    ],
)
def test_what_was_not_read_is_not_removed(after: Sequence[Item], tmp_path: Path) -> None:
    text, comparison = compared(tmp_path, (ROW,), after)
    assert (text.count("removed"), comparison.unknown) == (1, 1)
    assert text.endswith(" 1 earlier component could not be compared, or was not searched for.\n")
    assert compared(tmp_path, (ROW,), (HERE,))[1].unknown == 0
    assert compared(tmp_path, (ROW,), (HERE,), stopped=True)[1].unknown == 1
    assert compared(tmp_path, (ROW,), (SearchedPlace("x", names=["ml/iris"]),))[1].unknown == 0


@pytest.mark.parametrize("content", ["", "[]", "{", '{"schemaVersion": 2, "rows": []}', '{"rows": []}', "[" * 100_000])
def test_other_files_are_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="is not the output of `isvclog audit -o json`"):
        read_earlier(str(file), redaction_for(False))


def test_any_rows_can_be_read_and_compared(tmp_path: Path) -> None:
    rows = [None, 1, {}, {"name": 5, "findings": [None, {"rule": []}]}, {"state": "fine", "findings": {"a": 1}}]
    file = tmp_path / "old.json"
    file.write_text(json.dumps({"schemaVersion": 1, "rows": rows}), encoding="utf-8")
    comparison = AuditComparison(Audit([SearchedPlace("x"), ROW]), read_earlier(str(file), redaction_for(False)))
    assert "ml/iris predictor: added, matches" in "".join(audit_changes_format("text")(comparison, FormatSettings()))


def test_nothing_from_a_file_is_obeyed_or_secret(tmp_path: Path) -> None:
    evil = "\x1b[31m\n::error::x ghp_0001abcdefghijklmnopqrstuvwxyzABCDEF12"
    row = ROW._replace(name=evil, findings=(CRASH._replace(rule=evil, message=evil),))
    for name in ("text", "json"):
        text, _ = compared(tmp_path, (row,), (HERE,), name)
        assert "\x1b" not in text
        assert "\n::" not in text
        assert "ghp_" not in text


def test_other_clusters_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    file.write_text("".join(audit_format("json")(Audit([ROW]), FormatSettings())), encoding="utf-8")
    earlier = read_earlier(str(file), redaction_for(False))
    earlier.check_clusters([""])
    with pytest.raises(UsageError, match="is an audit of one cluster without a name: select the same contexts"):
        earlier.check_clusters(["eu", "us"])
