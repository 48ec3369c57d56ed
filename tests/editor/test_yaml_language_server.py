"""The catalog of `isvclog schema --catalog`, as the real yaml-language-server of npm finds it."""

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest

pytest.importorskip("pygls", reason="pygls is not installed: pip install 'isvclog[editor]'")

from editor_client import TIMEOUT, Editor
from lsprotocol import types

from isvclog.cli.main import main

TEXT = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud
spec:
  predictor:
    model: {modelFormat: {name: sklearn}}
    logger:
      mode: al
      unknownField: 1
      meta
"""
CAPABILITIES = types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(configuration=True))


@pytest.mark.network
@pytest.mark.skipif(not (shutil.which("npm") and shutil.which("node")), reason="npm and node are not installed")
def test_the_catalog_completes_and_marks_fields(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if "network" not in request.config.getoption("-m"):
        pytest.skip("needs a package index: select it with -m network")
    folder, catalog = tmp_path / "npm", tmp_path / "catalog"
    folder.mkdir()
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), "yaml-language-server@1"]
    if subprocess.run(command, capture_output=True, timeout=300).returncode:
        pytest.skip("npm cannot install yaml-language-server")
    assert main(["schema", "--catalog", str(catalog)]) == 0
    program = folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    store = {"enable": True, "url": catalog.as_uri()}
    settings = {"schemas": {"kubernetes": "*.yaml"}, "schemaStore": {"enable": False}, "kubernetesCRDStore": store}

    async def steps() -> None:
        editor = Editor()
        editor.settings = {"yaml": {"completion": True, "validate": True, **settings}}
        await editor.client.start_io("node", str(program), "--stdio")
        await editor.wait(editor.client.initialize_async(types.InitializeParams(CAPABILITIES)))
        editor.client.initialized(types.InitializedParams())
        changed = types.DidChangeConfigurationParams({"yaml": editor.settings["yaml"]})
        editor.client.workspace_did_change_configuration(changed)
        uri = editor.open(tmp_path / "isvc.yaml", TEXT.replace("      meta\n", ""))
        messages: list[str] = []
        while not messages:  # the first answer can come before the settings have arrived
            messages = [each.message for each in await editor.diagnostics(uri)]
        assert 'Value is not accepted. Valid values: "all", "request", "response".' in messages
        assert "Property unknownField is not allowed." in messages
        editor.change(uri, TEXT)
        position = types.Position(TEXT.count("\n") - 1, 10)
        params = types.CompletionParams(types.TextDocumentIdentifier(uri), position)
        answer = await editor.wait(editor.client.text_document_completion_async(params))
        items = answer.items if isinstance(answer, types.CompletionList) else answer
        assert {"metadataAnnotations", "metadataHeaders"} <= {each.label for each in items}
        await editor.stop()

    asyncio.run(asyncio.wait_for(steps(), 3 * TIMEOUT))
