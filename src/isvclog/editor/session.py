"""The answers of the server: what a client asks about its open documents, whatever the transport is.

All of it runs in one thread beside the one that talks to the client, so a large document delays answers, and nothing
is computed twice.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from lsprotocol import types

from isvclog.config import NAME
from isvclog.editor.actions import ActionRequest, code_actions
from isvclog.editor.completion import completions
from isvclog.editor.deadline import TooSlow, call_within
from isvclog.editor.diagnostics import left_out, project_diagnostic, to_diagnostics
from isvclog.editor.documents import Checked, OpenDocument
from isvclog.editor.hover import hover
from isvclog.editor.lenses import lenses, links
from isvclog.editor.pages import Pages
from isvclog.editor.previews import Previews
from isvclog.editor.projects import Project, Projects
from isvclog.editor.settings import EditorSettings
from isvclog.errors import UsageError
from isvclog.redact.words import use_vocabulary

_Answer = TypeVar("_Answer")
MOST_SECONDS = 5
"""The time for one answer: the next one, about another document, waits so long."""
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
        self._last: tuple[OpenDocument, Project, Previews] | None = None

    def use(self, settings: EditorSettings) -> None:
        """Let the settings count from now on."""
        self.settings = settings
        self.pages.documentation = self.settings.documentation
        self.projects.version = self.settings.version
        self.projects.forget()

    def close(self, uri: str) -> None:
        """Forget a document."""
        document = self.documents.pop(uri, None)
        if self._last and self._last[0] is document:
            self._last = None

    def answer(self, document: OpenDocument, function: Callable[..., _Answer], *arguments: Any) -> _Answer | None:
        """Call another method about a document; None if that takes too long, after which it is left out."""
        try:
            return call_within(MOST_SECONDS, lambda: function(document, *arguments))
        except TooSlow:
            document.is_too_slow = True
            return None

    def warm_up(self) -> None:
        """Import what a check needs before the first document waits for it."""
        self.checked(OpenDocument("", None, _SAMPLE, None, "utf-16"))

    def project(self, document: OpenDocument) -> Project:
        """Return the project of a document."""
        return self.projects.of(document.folder)

    def checked(self, document: OpenDocument) -> Checked | None:
        """Check a document; None if there is nothing to check in it, or too much."""
        if not document.concerns_us or document.is_left_out:
            return None
        return document.check(self.project(document))

    def diagnostics(self, document: OpenDocument) -> list[types.Diagnostic]:
        """Find the diagnostics of a document."""
        if document.path and document.path.endswith(NAME):
            problem = self.project(document).problem
            return [project_diagnostic(document, problem)] if problem else []
        if document.concerns_us and document.is_left_out:
            return [left_out(document)]
        checked = self.checked(document)
        return to_diagnostics(document, checked, self.pages) if checked else []

    def actions(self, document: OpenDocument, request: ActionRequest) -> list[types.CodeAction]:
        """Find the code actions for a range of a document."""
        checked = self.checked(document)
        return list(code_actions(document, checked, request, self.pages)) if checked else []

    def hover(self, document: OpenDocument, position: types.Position) -> types.Hover | None:
        """Explain what is at a position of a document."""
        previews = self._previews(document)
        return hover(document, previews, position) if previews else None

    def completions(self, document: OpenDocument, position: types.Position) -> list[types.CompletionItem]:
        """Find what can be written at a position of a document."""
        return [] if document.is_left_out else completions(document, position)

    def lenses(self, document: OpenDocument) -> list[types.CodeLens]:
        """Find the code lenses of a document."""
        previews = self._previews(document)
        return list(lenses(document, previews)) if previews else []

    def links(self, document: OpenDocument) -> list[types.DocumentLink]:
        """Find the links of a document."""
        return [] if document.is_left_out else list(links(document, self.pages))

    def preview(self, document: OpenDocument, index: int, canary: str) -> tuple[str, str] | None:
        """Write the preview of a service, or of its canary, to a file; return its address and its text.

        Return None if the document has no such service or canary.
        """
        previews = self._previews(document)
        if previews is None or not 0 <= index < len(previews.services):
            return None
        try:
            text = previews.text(index, canary)
        except UsageError:
            return None
        label = previews.services[index].label
        return self.pages.preview(f"{label} canary {canary}" if canary else label, text), text

    def _previews(self, document: OpenDocument) -> Previews | None:
        if not document.concerns_us or document.is_left_out:
            return None
        project = self.project(document)
        use_vocabulary(project.config.policy.vocabulary)
        last = self._last
        if last is None or last[0] is not document or last[1] is not project:
            last = self._last = document, project, Previews(document, project)
        return last[2]
