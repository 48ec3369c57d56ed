"""The answers of the server: what a client asks about its open documents, whatever the transport is.

All of it runs in one thread beside the one that talks to the client, so a large document delays answers, and nothing
is computed twice.
"""

from lsprotocol import types

from isvclog.config import NAME
from isvclog.editor.actions import ActionRequest, code_actions
from isvclog.editor.diagnostics import project_diagnostic, to_diagnostics, too_large
from isvclog.editor.documents import Checked, OpenDocument
from isvclog.editor.pages import Pages
from isvclog.editor.projects import Project, Projects
from isvclog.editor.settings import EditorSettings

_SAMPLE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: sample}
spec: {predictor: {logger: {url: "http://sink", metadataHeaders: [x-a]}, model: {modelFormat: {name: sklearn}}}}
"""


class EditorSession:
    """The open documents of one client, and what is known about them."""

    def __init__(self) -> None:
        self.settings = EditorSettings()
        self.documents: dict[str, OpenDocument] = {}
        self.pages = Pages()
        self.projects = Projects()

    def use(self, settings: EditorSettings) -> None:
        """Let the settings count from now on."""
        self.settings = settings
        self.pages.documentation = self.settings.documentation
        self.projects.version = self.settings.version
        self.projects.forget()

    def warm_up(self) -> None:
        """Import what a check needs before the first document waits for it."""
        self.checked(OpenDocument("", None, _SAMPLE, None, "utf-16"))

    def project(self, document: OpenDocument) -> Project:
        """Return the project of a document."""
        return self.projects.of(document.folder)

    def checked(self, document: OpenDocument) -> Checked | None:
        """Check a document; None if there is nothing to check in it, or too much."""
        if not document.concerns_us or document.is_too_large:
            return None
        return document.check(self.project(document))

    def diagnostics(self, document: OpenDocument) -> list[types.Diagnostic]:
        """Find the diagnostics of a document."""
        if document.path and document.path.endswith(NAME):
            problem = self.project(document).problem
            return [project_diagnostic(document, problem)] if problem else []
        if document.concerns_us and document.is_too_large:
            return [too_large(document)]
        checked = self.checked(document)
        return to_diagnostics(document, checked, self.pages) if checked else []

    def actions(self, document: OpenDocument, request: ActionRequest) -> list[types.CodeAction]:
        """Find the code actions for a range of a document."""
        checked = self.checked(document)
        return list(code_actions(document, checked, request, self.pages)) if checked else []
