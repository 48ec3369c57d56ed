"""`isvclog add-annotation`: adds keys to `metadataAnnotations` and changes nothing else in the file."""

from typing import Annotated

import typer

from isvclog.cli.commands.edit.command import run_edit_command, split_edit
from isvclog.cli.commands.edit.options import EditOptions, EditTarget
from isvclog.cli.options.completion import complete_new_key
from isvclog.cli.options.rendering import RenderingOptions
from isvclog.errors import UsageError


def add_annotation(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="[FILE...|NAME] KEY[=VALUE]...",
            show_default=False,
            help="Annotations to log, with values to set, after files or the name of a service of the cluster.",
            autocompletion=complete_new_key,
        ),
    ],
    *,
    target: EditTarget,
    rendering: RenderingOptions,
    url: Annotated[str | None, typer.Option(metavar="URL", help="The sink of a logger that is created.")] = None,
    no_create: Annotated[
        bool, typer.Option("--no-create", help="Fail if there is no logger, instead of creating one.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Change an existing value.")] = False,
    options: EditOptions,
) -> int:
    """Add annotations to every event, and change nothing else.

    Adds keys to metadataAnnotations; KEY=VALUE also sets the annotation. Shows what lint finds in the result, and
    counts what was there before. Without a file, a service of the cluster is changed, and new pods replace those of the
    component. With --helm or --kustomize, edits the template or the file that has the text literally.

    The exit code is 0 if all annotations are as requested, 1 if an edit is not made because it would cause an error, or
    would be made with --check, 2 for wrong usage, and 3 if a file or service cannot be edited.
    """
    from isvclog.edit import plan_addition

    service, keys, target = split_edit(arguments, target, rendering)
    values: dict[str, str | None] = {}
    for text in keys:
        key, equals, value = text.partition("=")
        if not key:
            raise UsageError("an annotation has no name; write KEY or KEY=VALUE.")
        if equals and values.get(key) not in (None, value):
            raise UsageError(f"{key!a} is given twice, with different values; keep one of them.")
        values[key] = value if equals else values.get(key)
    return run_edit_command(
        service,
        target,
        rendering,
        options,
        lambda obj, source, release: plan_addition(
            obj,
            values,
            components=target.component or (),
            create=not no_create,
            url=url,
            overwrite=overwrite,
            unshare=options.unshare,
            source=source,
            release=release,
        ),
    )
