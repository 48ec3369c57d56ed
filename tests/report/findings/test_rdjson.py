"""The Reviewdog Diagnostic Format, as `proto/rdf/reviewdog.proto` of reviewdog describes it."""

import json
from codecs import BOM_UTF8
from collections.abc import Callable
from typing import Any

import pytest
from reports import RESULTS, SECRET, rendered
from suggestions import apply_suggestion

from isvclog.changes import Remove
from isvclog.findings import Edit, Finding, Fix, SourcePlace, Span
from isvclog.lint.results import FileResult
from isvclog.redact.gate import SecretRedaction

PATH = ("spec", "predictor", "logger", "url")


def diagnostics(*results: FileResult) -> list[dict[str, Any]]:
    found = json.loads(rendered("rdjson", *results))
    assert found.keys() == {"source", "diagnostics"}
    for each in found["diagnostics"]:
        assert each.keys() - {"suggestions"} == {"message", "location", "severity", "code"}
    return list(found["diagnostics"])


def range_of(data: bytes, finding: Finding) -> Any:
    (only,) = diagnostics(FileResult("a.yaml", [finding], data=data))
    return only["location"].get("range")


def fixed_by(*edits: Edit, safe: bool = True) -> Fix:
    return Fix("Remove it.", (Remove(PATH),), safe, edits)


def test_nothing_found_is_an_empty_list() -> None:
    assert diagnostics(FileResult("a.yaml", services=1)) == []


def test_every_diagnostic_has_what_a_comment_needs() -> None:
    found = diagnostics(*RESULTS)
    assert [each["severity"] for each in found] == ["WARNING", "ERROR", "INFO", "ERROR", "ERROR", "ERROR"]
    assert all(isinstance(each["location"]["path"], str) for each in found)
    assert found[-1]["code"] == {"value": "unreadable-file"}
    assert "range" not in found[-1]["location"]


def test_no_suggestion_in_a_file_whose_lines_others_count_otherwise(finding: Callable[..., Finding]) -> None:
    found = finding(span=Span(2, 1, 2, 2), fix=fixed_by(Edit(Span(2, 1, 2, 2), "x")))
    (only,) = diagnostics(FileResult("a.yaml", [found], data=b"a: 1 # b\rc: 1\n"))
    assert "suggestions" not in only
    (only,) = diagnostics(FileResult("a.yaml", [found], data=b"a: 1 # b\r\nc: 1\n"))
    assert "suggestions" in only


@pytest.mark.parametrize(
    ("data", "start", "end"),
    [
        (b"a\nb\nurl: x\n", 1, 5),
        ("a\r\nb\r\nüé𐐀: x\r\n".encode(), 1, 10),
        (BOM_UTF8 + b"a\nb\nurl: x\n", 1, 5),
    ],
    ids=["ascii", "utf-8", "mark"],
)
def test_columns_count_bytes(data: bytes, start: int, end: int, finding: Callable[..., Finding]) -> None:
    found = range_of(data, finding(span=Span(3, 1, 3, 5)))
    assert found == {"start": {"line": 3, "column": start}, "end": {"line": 3, "column": end}}


def test_a_byte_order_mark_is_before_the_first_column(finding: Callable[..., Finding]) -> None:
    found = range_of(BOM_UTF8 + b"url: x\n", finding(span=Span(1, 1, 1, 4)))
    assert found == {"start": {"line": 1, "column": 4}, "end": {"line": 1, "column": 7}}


@pytest.mark.parametrize("data", ["a\nb\nurl: x\n".encode("utf-16"), b"", b"a\n"], ids=["utf-16", "unknown", "shorter"])
def test_without_the_bytes_there_are_lines_and_no_suggestion(data: bytes, finding: Callable[..., Finding]) -> None:
    found = finding(span=Span(3, 1, 3, 5), fix=fixed_by(Edit(Span(3, 1, 3, 4), "uri")))
    (only,) = diagnostics(FileResult("a.yaml", [found], data=data))
    assert only["location"]["range"] == {"start": {"line": 3}, "end": {"line": 3}}
    assert "suggestions" not in only


def test_an_object_of_a_cluster_has_a_name_and_no_range(finding: Callable[..., Finding]) -> None:
    (only,) = diagnostics(FileResult("<cluster>:ml/iris", [finding(file="<cluster>:ml/iris", span=Span(0, 0, 0, 0))]))
    assert only["location"] == {"path": "ml/iris"}


def test_a_finding_of_rendered_text_is_at_the_lines_of_its_source(finding: Callable[..., Finding]) -> None:
    origin = SourcePlace("chart/templates/isvc.yaml", Span(7, 3, 7, 9), True)
    (only,) = diagnostics(FileResult("a.yaml", [finding(origin=origin)], data=b"a\nb\n      url: x\n"))
    place = {"start": {"line": 7}, "end": {"line": 7}}
    assert only["location"] == {"path": "chart/templates/isvc.yaml", "range": place}
    assert "(rendered line 3)" in only["message"]


def test_a_suggestion_is_a_whole_fix(finding: Callable[..., Finding]) -> None:
    data = "ä: 1\nb: 2\nç: 3\n".encode()
    fix = fixed_by(Edit(Span(3, 1, 3, 2), "c"), Edit(Span(1, 1, 1, 2), "a"))
    (only,) = diagnostics(FileResult("a.yaml", [finding(fix=fix)], data=data))
    (suggestion,) = only["suggestions"]
    assert suggestion["text"] == "a: 1\nb: 2\nc"
    assert apply_suggestion(data, suggestion) == b"a: 1\nb: 2\nc: 3\n"


def test_a_fix_that_is_not_safe_is_not_suggested(finding: Callable[..., Finding]) -> None:
    fix = fixed_by(Edit(Span(1, 1, 1, 2), "x"), safe=False)
    (only,) = diagnostics(FileResult("a.yaml", [finding(fix=fix)], data=b"a: 1\n"))
    assert "suggestions" not in only


@pytest.mark.parametrize("edits", [[(1, SECRET)], [(1, "a"), (3, "c")]], ids=["in an edit", "between edits"])
def test_a_secret_is_not_suggested(edits: list[tuple[int, str]], finding: Callable[..., Finding]) -> None:
    fix = fixed_by(*(Edit(Span(line, 1, line, 2), text) for line, text in edits))
    data = f"x: 1\nb: {SECRET}\nz: 3\n".encode()
    redaction = SecretRedaction([{"password": SECRET}])
    (only,) = diagnostics(FileResult("a.yaml", [finding(fix=fix)], data=data, redaction=redaction))
    assert "suggestions" not in only
