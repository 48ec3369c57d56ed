"""Manifests, right and wrong: each file in `cases` has its outcome beside it, as `.out`.

A line without indentation is an object (number of its document, path, label, position) or a finding; the indented line
under it is the object's data, or the remedy.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from isvclog.findings import Finding, Span
from isvclog.keypath import KeyPath, pointer
from isvclog.manifest import Object, Source, load
from isvclog.manifest.syntax import compose

CASES = Path(__file__).parent / "cases"
KEYWORDS = (b"InferenceService",)
# The Python parser refuses a tab behind a colon.
TABS = {CASES / "tabs-allowed.yaml"}
FILES = sorted(path for path in CASES.iterdir() if path.suffix != ".out")


def describe(result: Object | Finding) -> str:
    if isinstance(result, Finding):
        place = position(result.span)
        return f"{place} {result.severity} {result.rule} in {result.document}: {result.message}\n  {result.remedy}\n"
    place = position(result.span(()))
    lines = [f"{result.document}{pointer(result.root)} {result.label or '-'} {place}", json.dumps(result.data)]
    lines += [f"{pointer(path)} {position(span)} repeats {position(first)}" for path, span, first in result.duplicates]
    return "\n  ".join(lines) + "\n"


def position(span: Span) -> str:
    return f"{span.line}:{span.column}-{span.end_line}:{span.end_column}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_outcome(path: Path) -> None:
    results = load(Source(path.name, path.read_bytes()), KEYWORDS)
    assert "".join(map(describe, results)) == path.with_name(path.name + ".out").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(set(FILES) - TABS), ids=lambda path: path.name)
def test_the_python_parser_agrees(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On every object to the last column; on findings but for words and columns."""
    source = Source(path.name, path.read_bytes())
    expected = list(map(essence, load(source, KEYWORDS)))
    monkeypatch.setattr(compose, "CParser", None)
    assert list(map(essence, load(source, KEYWORDS))) == expected


def essence(result: Object | Finding) -> str:
    if isinstance(result, Object):
        return describe(result) + str([result.span(path) for path in paths(result.data)])
    return f"{result.document} {result.span.line} {result.rule}"


def paths(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    yield path
    steps = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for step in steps:
        yield from paths(value[step], (*path, step))
