"""Hovers, lenses, previews and links. UPDATE_EXPECTED=1 in the environment writes `hovers.txt` again."""

import os
import shutil
from pathlib import Path

import pytest

pytest.importorskip("pygls", reason="pygls is not installed: pip install 'isvclog[editor]'")

from editor_client import PUSHED, Editor, edit, place
from lsprotocol import types

FOLDER = Path(__file__).parent
EXPECTED = FOLDER / "hovers.txt"
WORDS = (
    *("example.com/tenant", "acme", "example.com/api-key", "hunter2", "mode: all", "user:", "example.com/missing"),
    *("X-Request-Id", "x-tenant", "s3:", "kserve-container"),
)
"""The beginning of what the mouse is over, wherever that is in the document."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    shutil.copy(FOLDER / "manifests" / "complete.yaml", tmp_path / "isvc.yaml")
    return tmp_path


async def hover(editor: Editor, uri: str, position: types.Position) -> types.Hover | None:
    """Ask for the hover of a position."""
    params = types.HoverParams(types.TextDocumentIdentifier(uri), position)
    found = await editor.wait(editor.client.text_document_hover_async(params))
    assert found is None or isinstance(found, types.Hover)
    return found


def test_hovers(project: Path) -> None:
    written: list[str] = []

    async def steps(editor: Editor) -> None:
        uri = editor.open(project / "isvc.yaml")
        for number, line in enumerate((project / "isvc.yaml").read_text(encoding="utf-8").splitlines()):
            for word in WORDS:
                if word not in line:
                    continue
                found = await hover(editor, uri, types.Position(number, line.index(word)))
                written.append(f"{number}: {word}\n")
                if found:
                    assert found.range is not None
                    assert isinstance(found.contents, types.MarkupContent)
                    text = found.contents.value.replace("\n\n", "\n    ")
                    written.append(f"  {place(found.range)}\n    {text}\n")

    edit(project, steps)
    text = "".join(written)
    if os.environ.get("UPDATE_EXPECTED"):
        EXPECTED.write_text(text, encoding="utf-8")
    assert text == EXPECTED.read_text(encoding="utf-8")
    assert "Xk29fjQ" not in text


def test_a_lens_opens_the_preview(project: Path) -> None:
    capabilities = types.ClientCapabilities(
        text_document=PUSHED.text_document,
        window=types.WindowClientCapabilities(show_document=types.ShowDocumentClientCapabilities(True)),
    )

    async def steps(editor: Editor) -> None:
        uri = editor.open(project / "isvc.yaml")
        params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
        found = await editor.wait(editor.client.text_document_code_lens_async(params))
        assert [(place(each.range), each.command.title) for each in found] == [
            ("10:4-10:10", "2 events per request"),
            ("20:4-20:10", "no events: Logger store not configured, cannot store batch"),
        ]
        command = found[0].command
        execute = types.ExecuteCommandParams(command.command, command.arguments)
        text = await editor.wait(editor.client.workspace_execute_command_async(execute))
        assert "Ce-Inferenceservicename: fraud" in text
        assert "Xk29fjQ" not in text
        while not editor.shown:
            await editor.wait(hover(editor, uri, types.Position(0, 0)))
        (shown,) = editor.shown
        assert Path(shown.removeprefix("file://")).read_text(encoding="utf-8") == text
        # A command of an older state of the document says nothing wrong.
        outdated = types.ExecuteCommandParams(command.command, [uri, 7, ""])
        assert await editor.wait(editor.client.workspace_execute_command_async(outdated)) is None

    edit(project, steps, capabilities)


def test_canaries_have_their_own_prediction(project: Path) -> None:
    async def steps(editor: Editor) -> None:
        text = (FOLDER / "manifests" / "canaries.yaml").read_text(encoding="utf-8")
        uri = editor.open(project / "canaries.yaml", text)
        params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
        found = await editor.wait(editor.client.text_document_code_lens_async(params))
        nothing = "no events: the Service of a canary sends traffic to the model's port, past the agent"
        assert [(place(each.range), each.command.title) for each in found] == [
            ("11:4-11:10", "2 events per request"),
            ("20:8-20:14", nothing),
            ("25:6-25:15", nothing),
        ]
        for each, first in zip(
            found, ("predictor ", "predictor of canary next ", "predictor of canary plain "), strict=True
        ):
            execute = types.ExecuteCommandParams(each.command.command, each.command.arguments)
            shown = await editor.wait(editor.client.workspace_execute_command_async(execute))
            assert any(line.startswith(first) for line in shown.splitlines())
            unknown = types.ExecuteCommandParams(each.command.command, [*each.command.arguments[:2], "deleted"])
            assert await editor.wait(editor.client.workspace_execute_command_async(unknown)) is None
        # Of the predictor, and of the canaries that have the predictor's list: mappings are merged.
        lines = text.splitlines()
        at = next(number for number, line in enumerate(lines) if "tenant: acme" in line)
        explained = await hover(editor, uri, types.Position(at, 5))
        assert explained is not None
        assert isinstance(explained.contents, types.MarkupContent)
        assert [line for line in explained.contents.value.split("\n\n") if "logger" in line] == [
            "`example.com/tenant` of the predictor's logger: **carried**",
            "`example.com/tenant` of the canary `next`'s logger: **lost**: the event is never sent",
            "`example.com/tenant` of the canary `plain`'s logger: **lost**: the event is never sent",
        ]
        for word, expected in (
            ("X-Request-Id", "`X-Request-Id` of the canary `next`'s logger: **lost**: no event is sent"),
            ("http://sink.next", "The sink of the canary `next`'s logger: a CloudEvents receiver"),
        ):
            at = next(number for number, line in enumerate(lines) if word in line)
            explained = await hover(editor, uri, types.Position(at, lines[at].index(word)))
            assert explained is not None
            assert isinstance(explained.contents, types.MarkupContent)
            assert explained.contents.value.startswith(expected)
        # Only KServe 0.20 and later have canaries.
        settings = {"isvclog": {"kserveVersion": "0.19"}}
        editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
        assert len(await editor.wait(editor.client.text_document_code_lens_async(params))) == 1

    edit(project, steps)


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("01-multi-tenant", ["2 events per request"]),
        ("05-transformer", ["2 events per request", "1 event per request"]),
        ("06-blob-storage", ["2 stored objects per request"]),
        (
            "11-comma",
            [
                "no events: annotation 'example.com/owners': a comma splits its value, and one part of it is not a "
                "key=value pair"
            ],
        ),
        ("23-missing-mode", ["rejected: nothing is deployed"]),
        ("25-template", ["not known before the template is rendered"]),
    ],
)
def test_a_lens_says_what_is_sent(name: str, titles: list[str], project: Path) -> None:
    async def steps(editor: Editor) -> None:
        uri = editor.open(FOLDER.parents[1] / "examples" / f"{name}.yaml")
        params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
        found = await editor.wait(editor.client.text_document_code_lens_async(params))
        assert [each.command.title for each in found] == titles

    edit(project, steps)


def test_a_hover_says_that_a_service_is_rejected(project: Path) -> None:
    text = (project / "isvc.yaml").read_text(encoding="utf-8").replace("      mode: all\n", "")
    lines = text.splitlines()

    async def steps(editor: Editor) -> None:
        uri = editor.open(project / "rejected.yaml", text)
        for word in ("acme", "- example.com/missing", "X-Request-Id"):
            number = next(number for number, line in enumerate(lines) if word in line)
            found = await hover(editor, uri, types.Position(number, lines[number].index(word) + 3))
            assert found is not None, word
            assert isinstance(found.contents, types.MarkupContent)
            assert found.contents.value == (
                "**Rejected**, so nothing is deployed: spec.predictor.logger.mode: is missing; KServe accepts all, "
                "request, response."
            )

    edit(project, steps)


def test_rules_are_links(project: Path) -> None:
    async def steps(editor: Editor) -> None:
        for name, text, expected in (
            ("isvc.yaml", "kind: InferenceService  # isvclog: ignore-file[missing-mode, no-rule] why\n", ["0:47-0:59"]),
            (".isvclog.yaml", "ignore:\n  - missing-mode\n", ["1:4-1:16"]),
        ):
            uri = editor.open(project / name, text)
            params = types.DocumentLinkParams(types.TextDocumentIdentifier(uri))
            found = await editor.wait(editor.client.text_document_document_link_async(params))
            assert [place(each.range) for each in found] == expected
            assert found[0].target.endswith("/missing-mode.md")

    edit(project, steps)
