"""Code actions: each is applied as an editor applies it, and the result is checked again."""

import shutil
from pathlib import Path

import pytest

pytest.importorskip("pygls", reason="pygls is not installed: pip install 'isvclog[editor]'")

from editor_client import PUSHED, Editor, applied, edit
from lsprotocol import types

FOLDER = Path(__file__).parent / "actions"
ROOT = Path(__file__).parents[2]
WHOLE = types.Range(types.Position(0, 0), types.Position(10_000, 0))


async def actions(editor: Editor, uri: str, at: types.Range = WHOLE, *only: str) -> list[types.CodeAction]:
    """Ask for the actions of a range."""
    context = types.CodeActionContext([], list(only) or None)
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), at, context)
    found = await editor.wait(editor.client.text_document_code_action_async(params))
    assert all(isinstance(each, types.CodeAction) for each in found)
    return list(found)


def edits(action: types.CodeAction, uri: str) -> list[types.TextEdit]:
    """Return the edits of an action, which change only one document."""
    assert action.edit is not None
    assert action.edit.changes is not None
    assert list(action.edit.changes) == [uri]
    return list(action.edit.changes[uri])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_fixes_of_each_finding_and_all_at_once(project: Path, line_break: str) -> None:
    before, after = ((FOLDER / name).read_bytes().decode().replace("\n", line_break) for name in ("before", "after"))

    async def steps(editor: Editor) -> None:
        uri = editor.open(project / "isvc.yaml", before)
        found = await actions(editor, uri)
        titles = [each.title for each in found if each.kind == "quickfix" and "Ignore" not in each.title]
        assert titles == [
            "Write `X-Request-Id`",
            "Write `mode: all` (unsafe: look at the result)",
        ]
        for each in found:
            if each.kind == "quickfix":
                assert each.diagnostics
                assert (each.is_preferred or False) == ("unsafe" not in each.title and "Ignore" not in each.title)
        (all_fixes,) = [each for each in found if each.kind == "source.fixAll.isvclog"]
        assert applied(before, edits(all_fixes, uri)) == after
        # Only what differs is replaced, so cursors stay.
        assert [each.new_text for each in edits(all_fixes, uri)] == ["X-Request-I"]

    edit(project, steps)


def test_only_what_is_asked_for(project: Path) -> None:
    text = (FOLDER / "before").read_text(encoding="utf-8")

    async def steps(editor: Editor) -> None:
        uri = editor.open(project / "isvc.yaml", text)
        start = types.Range(types.Position(0, 0), types.Position(0, 0))
        assert await actions(editor, uri, start) == []
        assert [each.kind for each in await actions(editor, uri, start, "source.fixAll")] == ["source.fixAll.isvclog"]
        assert {each.kind for each in await actions(editor, uri, WHOLE, "quickfix")} == {"quickfix"}
        assert await actions(editor, uri, WHOLE, "refactor") == []

    edit(project, steps)


@pytest.mark.parametrize("name", ["11-comma", "15-lower-case-header", "17-secret", "22-misplaced", "23-missing-mode"])
def test_a_comment_ignores_a_finding(name: str, project: Path) -> None:
    shutil.copy(ROOT / "examples" / f"{name}.yaml", project / "isvc.yaml")
    text = (project / "isvc.yaml").read_text(encoding="utf-8")

    async def steps(editor: Editor) -> None:
        uri = editor.open(project / "isvc.yaml")
        before = await editor.diagnostics(uri)
        found = [each for each in await actions(editor, uri, WHOLE, "quickfix") if each.title.startswith("Ignore")]
        assert found
        for each in found:
            (ignored,) = each.diagnostics or ()
            (added,) = edits(each, uri)
            assert added.new_text.strip() == f"# isvclog: ignore[{ignored.code}] TODO: say why this is acceptable"
            left = await editor.diagnostics(uri, editor.change(uri, applied(text, [added])))
            expected = [other.code for other in before if other.message != ignored.message]
            assert [other.code for other in left] == expected

    edit(project, steps, settings={"debounce": 0})


def test_json_has_no_comments(project: Path) -> None:
    text = (FOLDER / "isvc.json").read_text(encoding="utf-8")

    async def steps(editor: Editor) -> None:
        uri = editor.open(project / "isvc.json", text)
        found = await actions(editor, uri)
        assert not any("Ignore" in each.title for each in found)
        (header,) = [each for each in found if each.title == "Write `X-Id`"]
        assert applied(text, edits(header, uri)) == text.replace("x-id", "X-Id")

    edit(project, steps)


def test_an_edit_names_the_version_of_the_document(project: Path) -> None:
    capabilities = types.ClientCapabilities(
        text_document=PUSHED.text_document,
        workspace=types.WorkspaceClientCapabilities(workspace_edit=types.WorkspaceEditClientCapabilities(True)),
    )

    async def steps(editor: Editor) -> None:
        text = (FOLDER / "before").read_text(encoding="utf-8")
        uri = editor.open(project / "isvc.yaml", text)
        version = editor.change(uri, text)
        for each in await actions(editor, uri):
            assert each.edit is not None
            (change,) = each.edit.document_changes or ()
            assert isinstance(change, types.TextDocumentEdit)
            assert change.text_document == types.OptionalVersionedTextDocumentIdentifier(uri, version)

    edit(project, steps, capabilities)
