"""`isvclog add-annotation`: add keys to `metadataAnnotations` without touching anything else in the file."""

from typing import Annotated

import typer

from isvclog.cli.editoptions import (
    Check,
    Components,
    Diff,
    Files,
    Force,
    Name,
    Namespace,
    Stdout,
    Unshare,
    prepare,
)
from isvclog.cli.options import Color, KServeVersion
from isvclog.cli.project import NoConfig, ProjectFile
from isvclog.errors import UsageError


def add_annotation(
    keys: Annotated[
        list[str],
        typer.Argument(metavar="KEY[=VALUE]...", show_default=False, help="An annotation to log, and to set as well."),
    ],
    filename: Files = None,
    component: Components = None,
    name: Name = None,
    namespace: Namespace = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Where a logger that is created sends to.")] = None,
    no_create: Annotated[
        bool, typer.Option("--no-create", help="Refuse to create a logger where there is none.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Change a value that is there already.")] = False,
    unshare: Unshare = False,
    force: Force = False,
    diff: Diff = False,
    check: Check = False,
    stdout: Stdout = False,
    config: ProjectFile = None,
    no_config: NoConfig = False,
    kserve_version: KServeVersion = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Do not say what was done.")] = False,
    color: Color = "auto",
) -> int:
    """Put annotations on every event, and touch nothing else in the file.

    Adds keys to metadataAnnotations; with KEY=VALUE the annotation is set, too. What lint says of it is shown.

    The exit code is 0 if all is as wanted now, 1 if an edit is refused for an
    error that it would make, or with --check would be made, 2 for wrong usage and 3 if a file cannot be edited.
    """
    from isvclog.cli.editrun import Manner, run_edits
    from isvclog.edit import add

    wanted: dict[str, str | None] = {}
    for text in keys:
        key, equals, value = text.partition("=")
        if not key:
            raise UsageError("an annotation has no name: write KEY or KEY=VALUE.")
        if equals and wanted.get(key) not in (None, value):
            raise UsageError(f"{key!a} is given twice, with different values; keep one of them.")
        wanted[key] = value if equals else wanted.get(key)
    manner = Manner(diff=diff, check=check, stdout=stdout, force=force, quiet=quiet, color=color)
    run = prepare(filename, component, (name, namespace), kserve_version, config, no_config, manner)
    return run_edits(
        run,
        lambda obj, source: add(
            obj,
            wanted,
            components=component or (),
            create=not no_create,
            url=url,
            overwrite=overwrite,
            unshare=unshare,
            source=source,
            release=run.settings.installation.release,
        ),
    )
