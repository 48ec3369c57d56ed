"""`isvclog remove-annotation`: removes keys from `metadataAnnotations` and changes nothing else in the file."""

from typing import Annotated

import typer

from isvclog.cli.commands.edit.command import run_edit_command, split_edit
from isvclog.cli.commands.edit.options import EditOptions, EditTarget
from isvclog.cli.options.completion import complete_listed_key
from isvclog.cli.options.rendering import RenderingOptions
from isvclog.errors import UsageError


def remove_annotation(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="[FILE...|NAME] KEY...",
            show_default=False,
            help="Annotations to stop logging, after files or the name of a service of the cluster.",
            autocompletion=complete_listed_key,
        ),
    ],
    *,
    target: EditTarget,
    rendering: RenderingOptions,
    with_value: Annotated[
        bool, typer.Option("--with-value", help="Remove the annotation itself from the service, too.")
    ] = False,
    options: EditOptions,
) -> int:
    """Remove annotations from every event, and change nothing else.

    Removes keys from metadataAnnotations and, with --with-value, the annotations themselves. Without a file, a
    service of the cluster is changed, and new pods replace those of the component. With --helm
    or --kustomize, edits the template or the file that has the text literally.

    The exit code is 0 if all annotations are as requested, 1 if an edit is not made because it would cause an error, or
    would be made with --check, 2 for wrong usage, and 3 if a file or service cannot be edited.
    """
    from isvclog.edit import plan_removal

    service, keys, target = split_edit(arguments, target, rendering)
    for key in keys:
        if not key or "=" in key:
            raise UsageError(f"{key!a} is not the name of an annotation; write KEY, without a value.")
    return run_edit_command(
        service,
        target,
        rendering,
        options,
        lambda obj, source, release: plan_removal(
            obj, keys, components=target.component or (), with_value=with_value, unshare=options.unshare, source=source
        ),
    )
