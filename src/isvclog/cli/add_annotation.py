"""`isvclog add-annotation`: add keys to `metadataAnnotations` without touching anything else in the file."""

from typing import Annotated

import typer

from isvclog.cli.clusteroptions import (
    ClusterOptions,
    Context,
    Groups,
    KServeNamespace,
    Kubeconfig,
    Namespace,
    RequestTimeout,
    User,
)
from isvclog.cli.completion import complete_first_service
from isvclog.cli.editoptions import (
    Check,
    Components,
    Diff,
    DryRun,
    Files,
    Force,
    Name,
    Request,
    Stdout,
    Unshare,
    run,
    split,
)
from isvclog.cli.options import Color, KServeVersion
from isvclog.cli.project import NoConfig, ProjectFile
from isvclog.errors import UsageError


def add_annotation(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="[NAME] KEY[=VALUE]...",
            show_default=False,
            help="Annotations to log, and to set as well; without -f, behind the name of a service of the cluster.",
            autocompletion=complete_first_service,
        ),
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
    dry_run: DryRun = "none",
    context: Context = None,
    kubeconfig: Kubeconfig = None,
    as_: User = None,
    as_group: Groups = None,
    request_timeout: RequestTimeout = None,
    kserve_namespace: KServeNamespace = None,
    kserve_version: KServeVersion = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Do not say what was done.")] = False,
    color: Color = "auto",
) -> int:
    """Put annotations on every event, and touch nothing else.

    Adds keys to metadataAnnotations; with KEY=VALUE the annotation is set, too. What lint says of it is shown. Without
    -f, a service of the cluster is changed, and new pods take the place of those of the component.

    The exit code is 0 if all is as wanted now, 1 if an edit is refused for an error that it would make, or with --check
    would be made, 2 for wrong usage and 3 if a file or service cannot be edited.
    """
    from isvclog.cli.editrun import Manner
    from isvclog.edit import add

    service, keys = split(arguments, filename)
    wanted: dict[str, str | None] = {}
    for text in keys:
        key, equals, value = text.partition("=")
        if not key:
            raise UsageError("an annotation has no name: write KEY or KEY=VALUE.")
        if equals and wanted.get(key) not in (None, value):
            raise UsageError(f"{key!a} is given twice, with different values; keep one of them.")
        wanted[key] = value if equals else wanted.get(key)
    cluster = ClusterOptions(
        namespace,
        context=context,
        kubeconfig=kubeconfig,
        user=as_,
        groups=as_group,
        request_timeout=request_timeout,
        kserve_namespace=kserve_namespace,
    )
    manner = Manner(diff=diff, check=check, stdout=stdout, force=force, quiet=quiet, color=color)
    request = Request(service, filename, component, name, cluster, dry_run, kserve_version, config, no_config, manner)
    return run(
        request,
        lambda obj, source, release: add(
            obj,
            wanted,
            components=component or (),
            create=not no_create,
            url=url,
            overwrite=overwrite,
            unshare=unshare,
            source=source,
            release=release,
        ),
    )
