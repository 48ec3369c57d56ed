"""`isvclog remove-annotation`: take keys out of `metadataAnnotations` without touching anything else in the file."""

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


def remove_annotation(
    keys: Annotated[
        list[str], typer.Argument(metavar="KEY...", show_default=False, help="An annotation that is not to be logged.")
    ],
    filename: Files = None,
    component: Components = None,
    name: Name = None,
    namespace: Namespace = None,
    with_value: Annotated[
        bool, typer.Option("--with-value", help="Remove the annotation itself from the service, too.")
    ] = False,
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
    """Take annotations off every event, and touch nothing else in the file.

    Removes keys from metadataAnnotations, and with --with-value the annotations themselves.

    The exit code is 0 if all is as wanted now, 1 if an edit is refused for an error that it would make, or with --check
    would be made, 2 for wrong usage and 3 if a file cannot be edited.
    """
    from isvclog.cli.editrun import Manner, run_edits
    from isvclog.edit import remove

    for key in keys:
        if not key or "=" in key:
            raise UsageError(f"{key!a} is no name of an annotation: write KEY, without a value.")
    manner = Manner(diff=diff, check=check, stdout=stdout, force=force, quiet=quiet, color=color)
    run = prepare(filename, component, (name, namespace), kserve_version, config, no_config, manner)
    return run_edits(
        run,
        lambda obj, source: remove(
            obj, keys, components=component or (), with_value=with_value, unshare=unshare, source=source
        ),
    )
