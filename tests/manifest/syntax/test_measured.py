"""The answers of sigs.k8s.io/yaml, recorded by `oracles/yaml`: we read the same, or refuse as it does."""

import json
from pathlib import Path
from typing import Any

import pytest

from isvclog.manifest.syntax.convert import convert
from isvclog.manifest.syntax.load import read_nodes
from isvclog.manifest.syntax.parse_error import ParseError
from isvclog.manifest.syntax.scalars import json_value, key_text, resolve

MEASURED = Path(__file__).parent / "measured"
REFUSED = object()
# Go decodes the first document of a text and looks no further; where the rest is no document, we say so.
IGNORED_REST = ("ignores the rest", "nothing more after an object")


def cases(name: str) -> list[tuple[str, Any]]:
    rows = json.loads((MEASURED / f"{name}.json").read_text(encoding="ascii"))
    return [(row[0], row[1] if len(row) > 1 else REFUSED) for row in rows]


def ours(text: str) -> Any:
    try:
        roots = read_nodes(text)
        return convert(roots[0])[0] if roots else None
    except ParseError as problem:
        return IGNORED_REST if any(words in problem.message for words in IGNORED_REST) else REFUSED


def exactly(value: Any) -> str:
    """1, 1.0 and true are equal in Python, and so are their keys; their JSON is not."""
    return "refused" if value is REFUSED else json.dumps(value, sort_keys=True)


@pytest.mark.parametrize("name", ["scalars", "keys", "tags"])
def test_small_texts_are_read_as_measured(name: str) -> None:
    table = cases(name)
    assert len(table) > 300
    assert [(text, exactly(ours(text))) for text, _ in table] == [(text, exactly(data)) for text, data in table]


def test_documents_are_read_as_measured() -> None:
    known = {
        # Kubernetes' reader knows YAML 1.1 only, and says so; nothing is read differently.
        "%YAML 1.2\n---\na: yes\n": {"a": True},
    }
    differences = {}
    for text, data in cases("documents"):
        answer = ours(text)
        if answer != IGNORED_REST and exactly(answer) != exactly(data):
            differences[text] = answer
    assert differences == known


def test_the_resolver_alone_gives_the_measured_types() -> None:
    """Without a parser in between: what stands behind the dash of a table row is the plain scalar."""
    rows = [(text[2:], data) for text, data in cases("scalars") if isinstance(data, list) and len(data) == 1]
    plain = [(text, data[0]) for text, data in rows if text == text.strip() and ": " not in text and text[-1:] != ":"]
    plain = [(text, value) for text, value in plain if not text.startswith(("- ", ">", "#")) and text != "-"]
    assert len(plain) > 400
    assert [(text, exactly(json_value(resolve(text)))) for text, _ in plain] == [(t, exactly(v)) for t, v in plain]


def test_keys_become_the_measured_strings() -> None:
    table = cases("keys")
    keys = [(text[2:].removesuffix("\n: 1"), data) for text, data in table if text.count(": ") == 1]
    keys = [(text, next(iter(data))) for text, data in keys if isinstance(data, dict) and data and text == text.strip()]
    keys = [(text, key) for text, key in keys if text != "<<" and not text.startswith(("- ", ">")) and text[-1] != ":"]
    assert len(keys) > 200
    assert [(text, key_text(resolve(text))) for text, _ in keys] == keys
