"""Options that select loggers in manifests, and the previews of these loggers."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from isvclog.cli.options.common import Filenames, Reveal
from isvclog.cli.options.files import NoIgnoreVcs, StdinFilename, name_standard_input, only_name, split_arguments
from isvclog.cli.options.installation import InstallationOptions
from isvclog.cli.options.project import NoConfig, ProjectFile, read_project
from isvclog.cli.options.rendering import RenderingOptions
from isvclog.cli.terminal.messages import error, note, reveal_secrets
from isvclog.errors import IsvclogError, UsageError
from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isvclog.kserve.apis.installation import Installation
    from isvclog.kserve.apis.releases import Release
    from isvclog.kserve.exchange_result import ServicePreview
    from isvclog.preview.inputs import PreviewInputs
    from isvclog.preview.model import Preview, PreviewRequest

Arguments = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FILE... | NAME]",
        show_default=False,
        help="Files and folders with services, and the name of one service in them.",
    ),
]


class Manifests(NamedTuple):
    """Manifests that were read, the name of the only service to take, and what is known of the installation."""

    inputs: "PreviewInputs"
    name: str | None
    known: "Installation"

    def preview(self, request: "PreviewRequest", release: "Release | None" = None) -> "Preview":
        """Predict an exchange for a release, None for that of the installation.

        Raises UsageError if there is no service with the name.
        """
        from isvclog.preview.model import preview_chosen

        inputs = self.inputs
        known = self.known if release is None else self.known._replace(release=release)
        chosen = inputs.choose(self.name) if inputs.services or not inputs.failures else []
        return preview_chosen(inputs, chosen, known, request)


def sample_request() -> "PreviewRequest":
    """Build a request whose id and time are the same in each run, and as long as nearly all are."""
    from isvclog.events.sizes import ASSUMED_VALUE, SAMPLE_NS
    from isvclog.preview.model import PreviewRequest

    return PreviewRequest(new_id=lambda: ASSUMED_VALUE, time_ns=SAMPLE_NS)


class LoggerOptions(NamedTuple):
    """The options that select loggers in manifests."""

    filename: Filenames = None
    component: Annotated[
        Literal["predictor", "transformer", "explainer"] | None, typer.Option(help="Use only this component.")
    ] = None
    no_ignore_vcs: NoIgnoreVcs = False
    stdin_filename: StdinFilename = None
    config: ProjectFile = None
    no_config: NoConfig = False
    reveal: Reveal = False

    def read(
        self,
        arguments: list[str] | None,
        rendering: RenderingOptions,
        installation: InstallationOptions,
        request: "PreviewRequest",
        *,
        silence: bool = True,
    ) -> "Preview":
        """Predict an exchange with each logger, and print why services have none or kubectl rejects them.

        Why loggers send nothing is printed as well, unless `silence` is False.

        Raises UsageError without files, and IsvclogError without a logger.
        """
        found = self.open(arguments, rendering, installation).preview(request._replace(component=self.component))
        for sentence in (*found.failures, *found.patch_sentences("preview")):
            error(sentence)
        found = found.about(self.component)
        self._note_silence([item for item in found.services if silence or not item.results], found.services)
        if not any(item.results or item.rejected for item in found.services):
            raise IsvclogError("no logger found; name a manifest with an InferenceService that has one.")
        return found

    def open(
        self, arguments: list[str] | None, rendering: RenderingOptions, installation: InstallationOptions
    ) -> "Manifests":
        """Read the manifests. Raises UsageError without files, and IsvclogError for an invalid ConfigMap."""
        from isvclog.cli.options.files import read_stdin_once
        from isvclog.manifest.syntax.files import respect_gitignore
        from isvclog.preview.inputs import inputs_of, read_inputs

        reveal_secrets(self.reveal)
        respect_gitignore(not self.no_ignore_vcs)
        project = read_project(self.config, self.no_config, self.stdin_filename)
        files, names = split_arguments(arguments, self.filename)
        name, files = only_name(names, "events"), name_standard_input(self.stdin_filename, files)
        rendering.check((files, self.stdin_filename))
        if not files and not rendering.given:
            raise UsageError("name the manifest with -f FILE (- is standard input).")
        read_stdin_once(*files, *installation.files)
        known = installation.read(project)
        inputs = inputs_of(rendering.render().source) if rendering.given else read_inputs(files)
        return Manifests(inputs, name, known)

    def _note_silence(self, silent: "Sequence[ServicePreview]", every: "Sequence[ServicePreview]") -> None:
        """Print why loggers send no events, and why kubectl rejects manifests."""
        from isvclog.report.preview.silence import STORED, explain_refusals, explain_silence

        for sentence in explain_silence(silent, self.reveal, f"{STORED}, not to a sink of events."):
            note(sentence)
        for sentence in explain_refusals(every, self.reveal):
            note(sentence)
