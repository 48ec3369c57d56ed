"""The language server as an editor sees it: what it reports while documents are written.

UPDATE_EXPECTED=1 in the environment writes `diagnostics.txt` again; read the difference before you believe it.
"""

import asyncio
import os
import shutil
import sys
import threading
import time
from pathlib import Path

import pytest

pytest.importorskip("pygls", reason="pygls is not installed: pip install 'isvclog[editor]'")

from editor_client import PULLED, Editor, edit, place, shown
from lsprotocol import types

from isvclog.editor.deadline import TooSlow, call_within
from isvclog.editor.lines import Lines
from isvclog.findings import Span
from isvclog.home import rule_address

FOLDER = Path(__file__).parent
EXPECTED = FOLDER / "diagnostics.txt"
RULES = rule_address("")
"""Where the server finds the documentation of rules; None if nothing is published."""
NAMES = sorted(path.name for path in (FOLDER / "manifests").glob("*.yaml"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the manifests, in a repository of its own."""
    shutil.copytree(FOLDER / "manifests", tmp_path / "project")
    (tmp_path / "project" / ".git").mkdir()
    return tmp_path / "project"


def test_diagnostics(project: Path) -> None:
    found: dict[str, list[types.Diagnostic]] = {}

    async def steps(editor: Editor) -> None:
        for name in NAMES:
            found[name] = await editor.diagnostics(editor.open(project / name))

    edit(project, steps)
    text = "".join(f"{name}\n" + "".join(f"  {line}\n" for line in shown(found[name])) for name in NAMES)
    if os.environ.get("UPDATE_EXPECTED"):
        EXPECTED.write_text(text, encoding="utf-8")
    assert text == EXPECTED.read_text(encoding="utf-8")
    assert "hunter2" not in text


@pytest.mark.skipif(RULES is not None, reason="the documentation is on the site of the project")
def test_each_rule_has_documentation_that_goes_with_the_server(project: Path) -> None:
    pages: dict[str, str] = {}

    async def steps(editor: Editor) -> None:
        for each in await editor.diagnostics(editor.open(project / "comma.yaml")):
            assert each.source == "isvclog"
            assert each.code_description is not None
            path = Path(each.code_description.href.removeprefix("file://"))
            pages[str(each.code)] = path.read_text(encoding="utf-8")

    edit(project, steps)
    assert pages["crashing-annotation"].startswith("## crashing-annotation\n")
    assert list((project / "tmp").iterdir()) == []


def test_documentation_can_be_elsewhere(project: Path) -> None:
    async def steps(editor: Editor) -> None:
        found = await editor.diagnostics(editor.open(project / "comma.yaml"))
        assert found[0].code_description == types.CodeDescription("https://example.com/rules#crashing-annotation")
        assert list((project / "tmp").iterdir()) == []

    edit(project, steps, settings={"documentationUrl": "https://example.com/rules"})


def test_a_change_is_checked_after_a_pause(project: Path) -> None:
    text = (project / "comma.yaml").read_text()

    async def steps(editor: Editor) -> None:
        uri = editor.open(project / "comma.yaml")
        assert await editor.diagnostics(uri)
        for number in range(20):
            editor.change(uri, text + "#" * number)
        version = editor.change(uri, text.replace("alice,bob", "alice"))
        assert await editor.diagnostics(uri, version) == []
        assert editor.published.empty()

    # Nothing is published about the changes in between: the pause is longer than sending them takes.
    edit(project, steps, settings={"isvclog": {"debounce": 1000}})


def test_other_documents_give_nothing(project: Path) -> None:
    async def steps(editor: Editor) -> None:
        other = editor.open(project / "other.yaml", "kind: Deployment\nmetadata: {name: [\n")
        text = (project / "comma.yaml").read_text()
        uri = editor.open(project / "comma.yaml")
        await editor.diagnostics(uri)
        editor.change(other, "kind: [\n")
        assert await editor.diagnostics(uri, editor.change(uri, text))
        assert editor.published.empty()
        # A document that is no longer ours loses what was reported about it.
        assert await editor.diagnostics(uri, editor.change(uri, "kind: Deployment\n")) == []

    edit(project, steps, settings={"debounce": 20})


def test_a_closed_document_has_no_diagnostics(project: Path) -> None:
    async def steps(editor: Editor) -> None:
        uri = editor.open(project / "comma.yaml")
        assert await editor.diagnostics(uri)
        editor.close(uri)
        assert await editor.diagnostics(uri) == []

    edit(project, steps)


def test_the_project_file_counts_and_is_read_again(project: Path) -> None:
    file = project / ".isvclog.yaml"
    file.write_text("ignore: [missing-annotation]\n")
    text = (project / "missing-key.yaml").read_text()

    async def steps(editor: Editor) -> None:
        async def rules(number: int) -> list[str]:
            found = await editor.diagnostics(uri, editor.change(uri, text + "#" * number))
            return [str(each.code) for each in found]

        uri = editor.open(project / "missing-key.yaml")
        await editor.diagnostics(uri)
        assert await rules(1) == ["unpropagated-annotation"]
        file.write_text("select: [missing-annotation]\n")
        assert await rules(2) == ["missing-annotation"]
        # Another document below another folder has another project.
        (project / "inner").mkdir()
        (project / "inner" / ".isvclog.yaml").write_text("select: [missing-mode]\n")
        inner = editor.open(project / "inner" / "isvc.yaml", text)
        assert await editor.diagnostics(inner) == []
        file.write_text("selct: []\n")
        found = await editor.diagnostics(uri, editor.change(uri, text))
        assert [each.message.partition(":")[0] for each in found] == [
            "Nothing is checked, because the project file cannot be used"
        ]
        # The client says that a file has changed: all documents are checked again.
        file.unlink()
        event = types.FileEvent(file.as_uri(), types.FileChangeType.Deleted)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        assert len(await editor.diagnostics(uri)) == 2

    edit(project, steps, settings={"debounce": 0})


def test_a_wrong_project_file_is_reported_in_itself(project: Path) -> None:
    file = project / ".isvclog.yaml"
    file.write_text("ignore:\n  - missing-anotation\n")

    async def steps(editor: Editor) -> None:
        (found,) = await editor.diagnostics(editor.open(file))
        assert place(found.range) == "1:4-1:21"
        assert found.message.startswith("`ignore[0]` is `missing-anotation`, which is not a rule.")

    edit(project, steps)


def test_settings_of_the_editor_count(project: Path) -> None:
    async def steps(editor: Editor) -> None:
        uri = editor.open(project / "comma.yaml")
        assert await editor.diagnostics(uri)
        settings = {"isvclog": {"kserveVersion": "0.13", "debounce": -1}}
        editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
        # That release knows no annotations in events.
        assert "crashing-annotation" not in {each.code for each in await editor.diagnostics(uri)}
        assert editor.messages == ["isvclog: isvclog.debounce: write a number of milliseconds from 0 to 10,000."]

    edit(project, steps)


def test_a_client_can_ask_instead(project: Path) -> None:
    async def steps(editor: Editor) -> None:
        uri = editor.open(project / "comma.yaml")
        document = types.TextDocumentIdentifier(uri)
        ask = editor.client.text_document_diagnostic_async
        first = await editor.wait(ask(types.DocumentDiagnosticParams(document)))
        assert first.kind == "full"
        assert [each.code for each in first.items] == ["crashing-annotation"]
        params = types.DocumentDiagnosticParams(document, previous_result_id=first.result_id)
        assert (await editor.wait(ask(params))).kind == "unchanged"
        editor.change(uri, (project / "comma.yaml").read_text().replace("alice,bob", "alice"))
        second = await editor.wait(ask(params))
        assert (second.kind, list(second.items)) == ("full", [])
        assert editor.published.empty()

    edit(project, steps, PULLED)


def test_a_client_is_asked_for_its_settings(project: Path) -> None:
    workspace = types.WorkspaceClientCapabilities(
        configuration=True,
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
        diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=True),
    )
    capabilities = types.ClientCapabilities(workspace, text_document=PULLED.text_document)

    async def steps(editor: Editor) -> None:
        async def rules() -> list[str]:
            params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
            report = await editor.wait(editor.client.text_document_diagnostic_async(params))
            return [each.code for each in report.items]

        uri = editor.open(project / "comma.yaml")
        assert await rules() == ["crashing-annotation"]
        editor.settings = {"isvclog": {"kserveVersion": "0.13"}}
        editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await editor.wait(editor.refreshed.get())
        assert await rules() == ["unknown-to-release"]
        # A project file that is saved counts for what the client asks for next.
        (project / ".isvclog.yaml").write_text("ignore: [unknown-to-release]\n")
        saved = types.TextDocumentIdentifier((project / ".isvclog.yaml").as_uri())
        editor.client.text_document_did_save(types.DidSaveTextDocumentParams(saved))
        await editor.wait(editor.refreshed.get())
        assert await rules() == []
        assert editor.messages == ["registers workspace/didChangeWatchedFiles"]

    edit(project, steps, capabilities)


def test_each_root_has_its_project(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / ".git").mkdir(parents=True)
    (other / ".isvclog.yaml").write_text("sensitive: {keys: [example.com/owners]}\nignore: [crashing-annotation]\n")
    shutil.copy(project / "comma.yaml", other)

    async def steps(editor: Editor) -> None:
        added = types.WorkspaceFoldersChangeEvent([types.WorkspaceFolder(other.as_uri(), "other")], [])
        editor.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(added))
        for _ in range(2):
            for folder, expected in ((project, ["crashing-annotation"]), (other, ["sensitive-annotation-key"])):
                uri = editor.open(folder / "comma.yaml")
                assert [each.code for each in await editor.diagnostics(uri)] == expected
                editor.close(uri)
                assert await editor.diagnostics(uri) == []

    edit(project, steps)


def test_a_patch_is_checked_as_a_part_of_what_is_built(project: Path) -> None:
    (project / "kustomization.yaml").write_text("resources: [comma.yaml]\npatches: [{path: patch.yaml}]\n")
    patch = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: iris, namespace: research}
spec: {predictor: {logger: {metadataHeaders: [x-id]}}}
"""
    (project / "patch.yaml").write_text(patch)

    async def steps(editor: Editor) -> None:
        found = await editor.diagnostics(editor.open(project / "patch.yaml"))
        # That alone it has neither mode nor model is no finding.
        assert [each.code for each in found] == ["non-canonical-header"]

    edit(project, steps)


HEAD = "kind: InferenceService\n"
HOSTILE = {
    "brackets": HEAD + "spec: " + "[" * 100_000,
    "deep": HEAD + "spec: " + "{a: " * 20_000 + "}" * 20_000,
    "aliases": HEAD
    + "a0: &a0 [x]\n"
    + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40)),
    "long": HEAD + "metadata:\n  annotations:\n" + "    a: b\n" * 100_000,
    "large": HEAD + "- x\n" * 700_000,
    "half a character": HEAD + "name: \ud83d\n",
    "one line": HEAD + "spec: {predictor: {logger: {metadataAnnotations: [" + "a," * 100_000 + "]}}}\n",
    "comments": HEAD + "# isvclog: ignore[" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_does_not_stop_the_server(name: str, project: Path) -> None:
    async def steps(editor: Editor) -> None:
        client = editor.client
        uri = editor.open(project / "hostile.yaml", HOSTILE[name])
        assert await editor.diagnostics(uri)
        document = types.TextDocumentIdentifier(uri)
        end = types.Position(HOSTILE[name].count("\n") - 1, 100)
        whole = types.Range(types.Position(0, 0), end)
        await editor.wait(client.text_document_hover_async(types.HoverParams(document, end)))
        await editor.wait(client.text_document_completion_async(types.CompletionParams(document, end)))
        await editor.wait(client.text_document_code_lens_async(types.CodeLensParams(document)))
        await editor.wait(client.text_document_document_link_async(types.DocumentLinkParams(document)))
        context = types.CodeActionContext([])
        await editor.wait(client.text_document_code_action_async(types.CodeActionParams(document, whole, context)))
        usual = editor.open(project / "comma.yaml")
        assert await editor.diagnostics(usual)
        assert editor.messages == []

    edit(project, steps)


def test_work_ends_when_its_time_is_over() -> None:
    start = time.monotonic()

    def work() -> None:
        while time.monotonic() < start + 30:
            pass

    with pytest.raises(TooSlow):
        call_within(0.05, work)
    assert time.monotonic() < start + 30
    assert call_within(0.05, lambda: 1) == 1
    time.sleep(0.1)  # what has ended in time is not ended later


def test_answers_leave_no_threads() -> None:
    before = threading.active_count()
    for number in range(50):
        assert call_within(60, lambda number=number: number) == number
    deadline = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before


@pytest.mark.parametrize(("encoding", "units"), [("utf-8", 9), ("utf-16", 4), ("utf-32", 3)])
def test_columns_are_those_of_the_client(encoding: str, units: int) -> None:
    # A byte order mark counts for the client, and is no character of a span.
    lines = Lines("\ufeffé😀x\r\ny\rz", encoding)
    assert lines.to_client(1, 3) == types.Position(0, units)
    assert lines.from_client(types.Position(0, units)) == (1, 3)
    assert lines.range(Span(2, 1, 3, 2)) == types.Range(types.Position(1, 0), types.Position(2, 1))
    assert len(lines) == 3


def test_without_its_library_a_sentence_says_what_to_install(project: Path) -> None:
    code = (
        "import sys, importlib.util; find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name == 'pygls' else find(name, *rest)\n"
        "from isvclog.cli.main import main; sys.exit(main(['server']))"
    )

    async def run() -> tuple[int | None, bytes]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE, cwd=project
        )
        _, errors = await process.communicate()
        return process.returncode, errors

    expected = b"isvclog: error: the language server needs pygls: pip install 'isvclog[editor]'\n"
    assert asyncio.run(run()) == (3, expected)
