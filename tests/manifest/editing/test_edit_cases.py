"""Changed manifests: each folder contains `before`, `changes.json` and `after`, or `error.txt`.

The changes are those of the first object: kind of change, key path, and the new value where there is one.
"""

import json
from pathlib import Path

import pytest

from isvclog.changes import Change, Empty, Insert, Remove, Rename, Replace, to_content
from isvclog.manifest import Object, Source, load
from isvclog.manifest.editing.apply import Intent, apply, verify
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.editor import text_edits
from isvclog.manifest.syntax import compose

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())
# The Python parser says that this value starts at its anchor.
TAG_FIRST = {"replace-tag-before-anchor"}
KINDS: dict[str, type[Change]] = {
    "replace": Replace,
    "rename": Rename,
    "remove": Remove,
    "insert": Insert,
    "empty": Empty,
}


def outcome(before: bytes, changes: list[Change]) -> bytes:
    obj = next(iter(load(Source("before", before), ())))
    assert isinstance(obj, Object)
    try:
        after = apply(before, text_edits(obj, changes))
        moved = tuple(change._replace(path=(*obj.root, *change.path)) for change in changes)
        verify(before, after, [Intent(obj.document, moved)])
    except EditError as error:
        place = "" if error.span is None else "{}:{}-{}:{}: ".format(*error.span)
        return f"{place}{error}\n".encode()
    return after


def changes_of(case: Path) -> list[Change]:
    rows = json.loads((case / "changes.json").read_text(encoding="utf-8"))
    return [KINDS[kind](tuple(path), *map(to_content, value)) for kind, path, *value in rows]


def check(case: Path) -> None:
    before, expected = (next(case.glob(name)) for name in ("before.*", "[ae][fr][tr][eo]r.*"))
    assert outcome(before.read_bytes(), changes_of(case)).decode() == expected.read_bytes().decode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_outcome(case: Path) -> None:
    check(case)


@pytest.mark.parametrize("case", [case for case in CASES if case.name not in TAG_FIRST], ids=lambda case: case.name)
def test_the_python_parser_agrees(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose, "CParser", None)
    check(case)
