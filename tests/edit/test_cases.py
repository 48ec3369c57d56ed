"""Edited services: each folder contains `before`, `request.json`, and `after` with `notes.txt`, or `error.txt`.

The request names the function, the keys and its options. What `add` did to a logger or a list that was there, `remove`
undoes, byte for byte, unless the request says `"undone": false`. UPDATE_EXPECTED=1 writes what is expected.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from isvclog import edit
from isvclog.kserve.apis.admission import is_service
from isvclog.kserve.apis.releases import find_release
from isvclog.manifest import Object, Source, load
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.syntax import compose

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())
# The Python parser takes no tab behind a colon.
TABS = {"tab-behind-colon"}


def services(source: Source) -> list[Object]:
    return [obj for obj in load(source, ()) if isinstance(obj, Object) and is_service(obj.data)]


def planned(source: Source, request: dict[str, Any]) -> list[edit.EditPlan]:
    options = {key: value for key, value in request.items() if key not in ("add", "remove", "undone")}
    if "release" in options:
        options["release"] = find_release(options["release"])
    if "add" in request:
        return [edit.plan_addition(obj, request["add"], source=source, **options) for obj in services(source)]
    return [edit.plan_removal(obj, request["remove"], source=source, **options) for obj in services(source)]


def outcome(source: Source, request: dict[str, Any]) -> dict[str, bytes]:
    """File names and what they should hold."""
    try:
        plans = planned(source, request)
        after = edit.apply_plans(source, plans)
    except EditError as error:
        place = "" if error.span is None else "{}:{}-{}:{}: ".format(*error.span)
        return {"error.txt": f"{place}{error}\n".encode()}
    notes = [
        f"{note.action} {note.key or '-'} {note.component or '-'} /{'/'.join(map(str, note.path))}\n"
        for plan in plans
        for note in plan.notes
    ]
    assert (after != source.data) == any(note.action.is_change for plan in plans for note in plan.notes)
    return {f"after{Path(source.name).suffix}": after, "notes.txt": "".join(notes).encode()}


@pytest.mark.parametrize("case", [case for case in CASES if case.name not in TABS], ids=lambda case: case.name)
def test_the_python_parser_agrees(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose, "CParser", None)
    test_outcome(case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_outcome(case: Path) -> None:
    before = next(case.glob("before.*"))
    source = Source(before.name, before.read_bytes())
    request = json.loads((case / "request.json").read_text(encoding="utf-8"))
    found = outcome(source, request)
    if os.environ.get("UPDATE_EXPECTED"):
        for path in case.iterdir():
            if path.name not in (before.name, "request.json"):
                path.unlink()
        for name, data in found.items():
            (case / name).write_bytes(data)
    expected = {path.name: path.read_bytes() for path in case.iterdir()}
    assert {before.name: source.data, "request.json": expected["request.json"], **found} == expected
    if "error.txt" in found:
        return
    after = Source(before.name, found[f"after{before.suffix}"])
    assert edit.apply_plans(after, planned(after, request)) == after.data, "not idempotent"
    if "add" in request and request.get("undone", True):
        back = {**request, "remove": list(request["add"]), "with_value": True}
        for key in ("add", "url", "create", "overwrite", "release"):
            back.pop(key, None)
        assert edit.apply_plans(after, planned(after, back)) == source.data, "not undone"
