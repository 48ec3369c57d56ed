"""The methods of the protocol that the server answers."""

from typing import Any
from zlib import crc32

from lsprotocol import types
from pygls.capabilities import get_capability

from isvclog.config import NAME
from isvclog.editor.actions import FIX_ALL, ActionRequest
from isvclog.editor.completion import TRIGGERS
from isvclog.editor.lenses import PREVIEW
from isvclog.editor.server import EditorServer


def register(server: EditorServer) -> None:
    """Register the methods of the protocol with the server."""
    _follow_documents(server)
    _follow_settings(server)
    _answer_diagnostics(server)
    _answer_actions(server)
    _answer_cursor(server)
    _answer_previews(server)


def _follow_documents(server: EditorServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.open(params.text_document)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        if params.content_changes:
            server.change(params.text_document.uri, params.content_changes[-1].text, params.text_document.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.forget(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        if params.text_document.uri.endswith(f"/{NAME}"):
            server.check_again()


def _follow_settings(server: EditorServer) -> None:
    given: list[Any] = [None]

    @server.feature(types.EXIT)
    def leave(params: None) -> None:
        server.exit_code = int(not server.protocol.is_shut_down)

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        given[0] = params.initialization_options

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        await server.take_settings(given[0])
        server.start(server.work(server.session.warm_up))
        if get_capability(server.client_capabilities, "workspace.did_change_watched_files.dynamic_registration"):
            watcher = types.FileSystemWatcher(f"**/{NAME}")
            options = types.DidChangeWatchedFilesRegistrationOptions([watcher])
            registration = types.Registration("projects", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            server.start(server.client_register_capability_async(types.RegistrationParams([registration])))

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        await server.take_settings(params.settings)
        server.check_again()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        server.check_again()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.check_again()


def _answer_diagnostics(server: EditorServer) -> None:
    options = types.DiagnosticOptions(inter_file_dependencies=False, workspace_diagnostics=False, identifier="isvclog")

    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)
    async def diagnostic(params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
        document = server.session.documents.get(params.text_document.uri)
        found = await server.diagnostics(document) if document else []
        result_id = f"{crc32(repr(found).encode('utf-8', 'replace')):08x}"
        if result_id == params.previous_result_id:
            return types.RelatedUnchangedDocumentDiagnosticReport(result_id)
        return types.RelatedFullDocumentDiagnosticReport(found, result_id=result_id)


def _answer_actions(server: EditorServer) -> None:
    options = types.CodeActionOptions([types.CodeActionKind.QuickFix, FIX_ALL])

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
        versioned = bool(get_capability(server.client_capabilities, "workspace.workspace_edit.document_changes"))
        request = ActionRequest(params.range, only, versioned)
        return await server.answer(params.text_document.uri, server.session.actions, request) or []


def _answer_cursor(server: EditorServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        return await server.answer(params.text_document.uri, server.session.hover, params.position)

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(TRIGGERS))
    async def completion(params: types.CompletionParams) -> types.CompletionList:
        found = await server.answer(params.text_document.uri, server.session.completions, params.position)
        return types.CompletionList(False, found or [])


def _answer_previews(server: EditorServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    async def code_lens(params: types.CodeLensParams) -> list[types.CodeLens]:
        return await server.answer(params.text_document.uri, server.session.lenses) or []

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK)
    async def document_link(params: types.DocumentLinkParams) -> list[types.DocumentLink]:
        return await server.answer(params.text_document.uri, server.session.links) or []

    @server.command(PREVIEW)
    async def preview(uri: str, index: int, canary: str) -> str | None:
        found = await server.answer(uri, server.session.preview, index, canary)
        if found is None:
            return None
        address, text = found
        if get_capability(server.client_capabilities, "window.show_document.support"):
            server.start(server.window_show_document_async(types.ShowDocumentParams(address, take_focus=True)))
        return text
