"""Options that several commands share, so that they read and behave the same."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from isvclog.cli.options.completion import complete_release, complete_service

if TYPE_CHECKING:
    from isvclog.findings import Severity
    from isvclog.kserve.apis.releases import Release

Color = Annotated[
    Literal["auto", "always", "never"],
    typer.Option(help="Colour the output; auto depends on the terminal, NO_COLOR and FORCE_COLOR."),
]

FailOn = Annotated[
    Literal["error", "warning", "info"] | None,
    typer.Option(help="Exit with 1 for findings at least this severe.", show_default="error"),
]

FailOnEmpty = Annotated[bool, typer.Option("--fail-on-empty", help="Exit with 3 when there is no InferenceService.")]

Filenames = Annotated[
    list[str] | None,
    typer.Option(
        "-f",
        "--filename",
        metavar="FILE",
        help="A file, a folder or - for standard input; repeatable, also as -f *.yaml.",
    ),
]

ForceReports = Annotated[
    bool,
    typer.Option("--force", help="Let a report replace a file that is not a report, or that this run reads."),
]

Jobs = Annotated[
    str,
    typer.Option(
        "-j",
        "--jobs",
        metavar="N",
        help="Check files in N processes (Linux only); auto uses one for each core if there are many files.",
    ),
]

KServeVersion = Annotated[
    str | None,
    typer.Option(
        "--kserve-version",
        metavar="VERSION",
        help="The release of KServe to assume, such as v0.16; default the newest. `next` is not released yet.",
        autocompletion=complete_release,
    ),
]

Output = Annotated[
    Literal["auto", "text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson"],
    typer.Option(
        "-o",
        "--output",
        help="How to print findings; auto is text on a terminal, concise in a pipe, github in GitHub Actions.",
    ),
]

OutputFiles = Annotated[
    list[str] | None,
    typer.Option("--output-file", metavar="FORMAT=PATH", help="Write a report to a file as well; repeatable."),
]

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH]...",
        show_default=False,
        help="Files, folders (recursively) or - for standard input; the current folder if there are none.",
        autocompletion=complete_service,
    ),
]

Reveal = Annotated[bool, typer.Option("--reveal", help="Show values that look sensitive instead of ***.")]

Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Print findings and nothing else.")]

Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Also print what the run assumes, such as the release.")]


def find_chosen_release(version: str | None) -> "Release":
    """Find the release with this version, or the newest one for None. Raises UsageError for an unknown version."""
    from isvclog.kserve.apis.releases import NEWEST, find_release

    return find_release(version) if version else NEWEST


def release_basis(release: "Release", version: str | None, project_version: str | None, project: str) -> str:
    """Name the release that a run assumes, and its source: the option, the file `project`, or the newest release."""
    source = "newest; see --kserve-version"
    if version:
        source = "--kserve-version"
    elif project_version:
        source = f"from {project}"
    return f"KServe {release} ({source})"


def parse_threshold(fail_on: str | None, fallback: "Severity | None" = None) -> "Severity":
    """Convert the option --fail-on to a severity. Without it, `fallback` applies, or else errors."""
    from isvclog.findings import Severity

    return Severity[fail_on.upper()] if fail_on else fallback or Severity.ERROR


def parse_jobs(jobs: str) -> int | None:
    """Convert the option --jobs to a number of processes, None for as many as pay off. Raises UsageError."""
    if jobs == "auto":
        return None
    if not (jobs.isascii() and jobs.isdigit() and 1 <= int(jobs[:6]) <= 1024):
        from isvclog.errors import UsageError

        raise UsageError(f"--jobs {jobs!a}: give a number of processes from 1 to 1024, or auto.")
    return int(jobs)


def exclude_options(*pairs: Mapping[str, object]) -> None:
    """Raise UsageError if both options of a pair are given."""
    for pair in pairs:
        if all(value not in (None, False) for value in pair.values()):
            hint = "; write the report to a file with --output-file" if "--output" in pair else ""
            from isvclog.errors import UsageError

            raise UsageError(f"{' and '.join(pair)} exclude each other{hint}.")
