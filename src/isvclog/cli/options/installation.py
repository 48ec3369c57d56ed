"""The installation that a command is about, from its options and from files with more facts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from isvclog.errors import IsvclogError

if TYPE_CHECKING:
    from isvclog.findings import Finding
    from isvclog.kserve.apis.installation import Installation
    from isvclog.kserve.apis.releases import Release
    from isvclog.preview.inputs import PreviewInputs

DeploymentMode = Annotated[
    Literal["Knative", "Standard", "ModelMesh", "Serverless", "RawDeployment"] | None,
    typer.Option(help="Override the mode of the manifest and of the ConfigMap."),
]
ConfigFile = Annotated[
    str | None, typer.Option(metavar="FILE", help="The ConfigMap inferenceservice-config of the cluster.")
]
RuntimeFiles = Annotated[
    list[str] | None, typer.Option(metavar="FILE", help="A ServingRuntime or ClusterServingRuntime; repeatable.")
]


def installation(
    release: "Release", mode: str | None, config: str | None, runtimes: Sequence[str] | None
) -> "Installation":
    """Build the installation from the options and from the files that were given only for it.

    Raises IsvclogError for a file that cannot be read, or that does not contain what it was given for.
    """
    from isvclog.kserve.apis.constants import LEGACY_MODES
    from isvclog.kserve.apis.installation import Installation

    known = Installation(release, mode=LEGACY_MODES.get(mode or "", mode))
    if not config and not runtimes:
        return known
    from isvclog.kserve.apis.installation import ConfigError
    from isvclog.preview.inputs import PreviewInputs

    facts = PreviewInputs()
    try:
        failures = gather(facts, [*([config] if config else []), *(runtimes or ())])
    except ConfigError as error:
        raise IsvclogError(f"{config or ', '.join(runtimes or ())}: {error}.") from None
    if failures:
        raise IsvclogError(sentence(failures[0]))
    if config and facts.config is None:
        raise IsvclogError(f"{config} holds no ConfigMap called inferenceservice-config; name the file that does.")
    if runtimes and not facts.runtimes:
        raise IsvclogError(
            f"{', '.join(runtimes)}: no ServingRuntime or ClusterServingRuntime found; name the file that has one."
        )
    return facts.installation(known)


def gather(gathered: "PreviewInputs", names: Sequence[str]) -> "list[Finding | IsvclogError]":
    """Read every file, and return the failures, so that one bad file does not hide the rest."""
    from isvclog.manifest import find_files, load, read_file
    from isvclog.preview.inputs import KEYWORDS

    failures: list[Finding | IsvclogError] = []
    for file in find_files(names):
        try:
            gathered.add(load(read_file(file, KEYWORDS), KEYWORDS))
        except IsvclogError as error:
            failures.append(error)
    return [*failures, *gathered.broken]


def sentence(failure: "Finding | IsvclogError") -> str:
    """Format a failure as a sentence: what could not be read, where, and what to do."""
    if isinstance(failure, IsvclogError):
        return str(failure)
    span = failure.span
    return f"{failure.file}:{span.line}:{span.column}: {failure.message} {failure.remedy}".rstrip()
