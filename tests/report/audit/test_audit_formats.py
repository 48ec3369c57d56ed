"""The formats of an audit: what stands where, and that nothing from a cluster is more than text."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator
from referencing import Registry, Resource

from isvclog.audit.model import Audit, Failure, Row
from isvclog.drift import ABSENCES, ComponentState, Difference, DriftCause
from isvclog.findings import Finding, Severity, Span
from isvclog.report.columns import text_width
from isvclog.report.formats import AUDIT, FormatSettings, audit_format

ROOT = Path(__file__).parents[3]
SARIF = ROOT / "tests" / "report" / "findings" / "sarif" / "sarif-schema-2.1.0.json"
STALE = Difference(DriftCause.CONFIG, "abc", 2, ("defaultUrl",))
ROW = Row(
    "",
    "ml",
    "iris",
    "predictor",
    logger=True,
    sink="http://sink.ml",
    mode="all",
    keys=("example.com/team",),
    state=ComponentState.STALE,
    pods=2,
    differences=(STALE,),
)
OFF = Row("", "ml", "iris", "transformer", state=ComponentState.OFF, pods=1)
UNREACHABLE = Failure("prod", "The API server cannot be reached.")
EVIL = "=cmd|' /C calc'!A0\x1b[31m\n::error::x|<script>`[a](http://x)www.x.y@me"


def rendered(name: str, *items: Row | Failure, **look: Any) -> str:
    return "".join(audit_format(name)(Audit(items), FormatSettings(**look)))


def evil_row() -> Row:
    names = (EVIL,) * 4
    return Row(
        *names,
        True,
        EVIL,
        EVIL,
        (EVIL,),
        ComponentState.PENDING,
        1,
        (),
        (Difference(DriftCause.ROLLOUT, EVIL, 1, (), (EVIL,)),),
    )


@pytest.mark.parametrize("name", ["json", "csv", "markdown", "sarif"])
def test_rows_are_written_as_they_come(name: str) -> None:
    taken = []

    def rows() -> Iterator[Row]:
        for index in range(10):
            taken.append(index)
            yield ROW._replace(name=f"iris-{index}", findings=(FINDING,))

    pieces = audit_format(name)(Audit(rows()), FormatSettings())
    written = ""
    while "iris-2" not in written and name != "sarif":
        written += next(pieces)
    if name == "sarif":
        next(pieces), next(pieces), next(pieces)
    assert len(taken) <= 4


FINDING = Finding(
    "ml/iris",
    Span(3, 5, 3, 9),
    Severity.WARNING,
    "stale-agent",
    STALE.sentence,
    STALE.remedy,
    ("spec", "predictor"),
)


def test_text(finding: Callable[..., Finding]) -> None:
    found = (finding(), finding(severity=Severity.INFO), finding(severity=Severity.INFO))
    unknown = ROW._replace(name="idle", state=ComponentState.UNKNOWN, differences=(), note="no pods run", pods=0)
    assert (
        rendered("text", ROW._replace(findings=found), OFF, unknown, UNREACHABLE)
        == """\
NAMESPACE  NAME  COMPONENT    LOGGER  SINK            ANNOTATIONS       PODS  FINDINGS  STATE
ml         iris  predictor    all     http://sink.ml  example.com/team  2     1E 2I     stale
ml         iris  transformer  off     -               -                 1     -         off
ml         idle  predictor    all     http://sink.ml  example.com/team  0     -         unknown

ml/iris predictor
  2 pods of `abc` were created before a change of `defaultUrl` in `inferenceservice-config`, which causes no rollout.
    Restart the pods: they get the current settings when they are created.

Not compared: no pods run
  ml/idle predictor

error: prod: The API server cannot be reached.

Audited 3 components of 2 InferenceServices: 1 off, 1 unknown, 1 stale; 1 error, 2 infos.
"""
    )


def test_text_names_the_cluster_only_where_there_are_several() -> None:
    assert rendered("text", ROW).startswith("NAMESPACE")
    assert rendered("text", ROW, ROW._replace(context="prod")).startswith("CONTEXT")


def test_text_without_rows() -> None:
    assert rendered("text") == ""
    assert rendered("text", UNREACHABLE) == "error: prod: The API server cannot be reached.\n"


def test_what_tells_names_apart_stays_on_a_narrow_terminal() -> None:
    name = "fraud-detection-for-card-payments-"
    rows = [ROW._replace(name=f"{name}{end}", differences=()) for end in ("eu", "us")]
    keys = ("example.com/cost-center", "example.com/cost-owner", "example.com/team")
    head, first, second, *_, left_out, _, _ = rendered(
        "text", *(row._replace(keys=keys) for row in rows), width=80
    ).splitlines()
    assert first.split()[1] == "fraud-…ents-eu"
    assert second.split()[1] == "fraud-…ents-us"
    assert "…-center +2" in first
    assert "SINK" not in head
    assert left_out == "Left out at 80 columns: SINK. Widen the terminal, or use -o csv."


@pytest.mark.parametrize(
    ("keys", "width", "shown"),
    [
        (("example.com/team",), 109, "example.com/team"),
        (("example.com/team",), 108, "…/team"),
        (("example.com/team", "plan"), 104, "…/team,plan"),
        (("a.example.com/team", "b.example.com/team"), 114, "a.example.com/team +1"),
        (("example.com/one", "example.com/two", "example.com/three"), 106, "…/one +2"),
        (("example.com/one", "example.com/two", "example.com/three"), 107, "…/one,…/two +1"),
        (("größe.example.com/größe-und-gewicht-der-lieferung",), 107, "…der-lieferung"),
    ],
)
def test_annotations_are_shortened_to_what_tells_them_apart(keys: tuple[str, ...], width: int, shown: str) -> None:
    row = ROW._replace(keys=keys, sink="http://sink.ml.svc.cluster.local", differences=())
    head, line, *_ = rendered("text", row, width=width).splitlines()
    start = head.index("ANNOTATIONS")
    assert line[start : head.index("PODS")].strip() == shown


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_text_fits_the_terminal(width: int) -> None:
    long = ROW._replace(sink="http://" + "s" * 90, keys=("日本語" * 20, "k" * 50), name="n" * 63, namespace="x" * 63)
    lines = rendered("text", ROW, long, width=width).splitlines()
    assert len({text_width(line.split("  STATE")[0]) for line in lines[:1]}) == 1
    least = 9 + 12 + 9 + 6 + 12 + 11 + 4 + 8 + 7 + 16
    assert all(text_width(line) <= max(width, least) for line in lines[:3])
    assert any("…" in line for line in lines[:3])


def test_text_is_coloured_by_state() -> None:
    plain, coloured = rendered("text", ROW, OFF), rendered("text", ROW, OFF, color=True)
    assert "\x1b[1;33mstale" in coloured
    assert "\x1b" not in plain


def test_csv() -> None:
    found = list(csv.DictReader(io.StringIO(rendered("csv", ROW, OFF))))
    assert [row["state"] for row in found] == ["stale", "off"]
    assert found[0]["sink"] == "http://sink.ml"
    assert found[0]["differences"] == STALE.sentence
    assert list(found[0]) == [
        "context",
        "namespace",
        "name",
        "component",
        "logger",
        "mode",
        "sink",
        "metadataAnnotations",
        "errors",
        "warnings",
        "infos",
        "state",
        "pods",
        "differences",
        "remedies",
    ]
    assert found[0]["remedies"] == STALE.remedy


@given(st.lists(st.text(), min_size=4, max_size=4))
def test_no_cell_of_csv_is_a_formula(texts: list[str]) -> None:
    row = ROW._replace(namespace=texts[0], sink=texts[1], keys=(texts[2],), mode=texts[3])
    output = rendered("csv", row)
    _, cells = csv.reader(io.StringIO(output))
    assert len(cells) == 15
    assert output.count("\n") == 2
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def test_a_formula_in_csv_is_text() -> None:
    (row,) = csv.DictReader(io.StringIO(rendered("csv", ROW._replace(name="=1+1"))))
    assert row["name"] == "'=1+1"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a,@x", "a,'@x"),
        ("a; -1", "a;' -1"),
        ('"=1', "'\"=1"),
        ("\uff1d1", "'\uff1d1"),
        ("a;\uff0b1", "a;'\uff0b1"),
        ("a=1;b-2,c", "a=1;b-2,c"),
    ],
)
def test_a_formula_behind_a_separator_is_text(text: str, cell: str) -> None:
    (row,) = csv.DictReader(io.StringIO(rendered("csv", ROW._replace(sink=text))))
    assert row["sink"] == cell


def test_markdown() -> None:
    assert rendered("markdown", ROW, OFF, UNREACHABLE).splitlines() == [
        "| Context | Namespace | Name | Component | Logger | Sink | Annotations | Pods | Findings | State |",
        "|---|---|---|---|---|---|---|---|---|---|",
        "|  | <code>ml</code> | <code>iris</code> | predictor | all | <code>http&#58;//sink.ml</code>"
        " | <code>example.com/team</code> | 2 |  | **stale** |",
        "|  | <code>ml</code> | <code>iris</code> | transformer | off |  |  | 1 |  | off |",
        "",
        "- <code>ml/iris</code> predictor: 2 pods of <code>abc</code> were created before a change of"
        " <code>defaultUrl</code> in <code>inferenceservice-config</code>, which causes no rollout."
        " Restart the pods: they get the current settings when they are created.",
        "- <code>prod</code> The API server cannot be reached.",
        "",
        "Audited 2 components of 1 InferenceService: 1 off, 1 stale; no findings.",
    ]


@given(st.text())
def test_nothing_is_markdown_in_a_cell(text: str) -> None:
    lines = rendered("markdown", ROW._replace(name=text, sink=text, keys=(text,), context=text)).split("\n")
    assert lines[2].count("|") == 11
    assert lines[2].replace("<code>", "").replace("</code>", "").count("<") == 0
    assert "`" not in lines[2]


def test_json(finding: Callable[..., Finding]) -> None:
    output = rendered("json", ROW._replace(findings=(finding(),)), OFF, evil_row(), UNREACHABLE)
    document = json.loads(output)
    schemas = {name: json.loads((ROOT / "schemas" / name).read_text(encoding="utf-8")) for name in SCHEMAS}
    registry = Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in schemas.items())
    validator = Draft202012Validator(schemas["audit.schema.json"], registry=registry)
    # The component of the hostile row is none of KServe's.
    document["rows"][2]["component"] = "predictor"
    assert [error.message for error in validator.iter_errors(document)] == []
    assert document["summary"]["states"]["stale"] == 1
    assert document["rows"][0]["differences"][0]["cause"] == "config"
    assert output.isascii()
    assert len(output.splitlines()) == 5
    assert not validator.is_valid({**document, "rows": [{"state": "fine"}]})


SCHEMAS = ("audit.schema.json", "findings.schema.json")


def test_the_schema_knows_every_state_and_cause() -> None:
    schema = json.loads((ROOT / "schemas" / "audit.schema.json").read_text(encoding="utf-8"))["$defs"]
    assert schema["state"]["enum"] == [state.value for state in ComponentState]
    assert schema["difference"]["properties"]["cause"]["enum"] == [cause.value for cause in DriftCause]


def test_sarif(finding: Callable[..., Finding]) -> None:
    log = json.loads(rendered("sarif", ROW._replace(findings=(finding(),)), OFF, UNREACHABLE))
    schema = json.loads(SARIF.read_text(encoding="utf-8"))
    assert [error.message for error in Draft4Validator(schema).iter_errors(log)] == []
    (run,) = log["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["unknown-field"]
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == "prod: The API server cannot be reached."


@pytest.mark.parametrize("name", sorted(AUDIT))
def test_nothing_from_a_cluster_is_obeyed(name: str) -> None:
    hostile = evil_row()
    output = rendered(name, hostile, Failure(EVIL, EVIL))
    assert "\x1b" not in output
    assert "\n::" not in output
    assert not any(line.startswith("::") for line in output.splitlines())
    assert not any("##[" in line for line in output.splitlines())


@pytest.mark.parametrize("cause", DriftCause)
@pytest.mark.parametrize("pods", [1, 2])
def test_every_cause_has_a_sentence_and_a_remedy(cause: DriftCause, pods: int) -> None:
    difference = Difference(
        cause, "abc", pods, ("logger.url",), ("a",), "exits with code 1" if cause is DriftCause.CRASH else ""
    )
    for text in (difference.sentence, difference.remedy):
        assert text.endswith(".")
        assert text[0].isupper() or text[0].isdigit()
        assert not {"{", "}", "%"} & set(text)
    assert cause in ABSENCES or f"{pods} pod{'s' if pods > 1 else ''} of `abc`" in difference.sentence
