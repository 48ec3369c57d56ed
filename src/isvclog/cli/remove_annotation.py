"""`isvclog remove-annotation`: take keys out of `metadataAnnotations` without touching anything else in the file."""

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


def remove_annotation(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="[NAME] KEY...",
            show_default=False,
            help="Annotations not to log any more; without -f, behind the name of a service of the cluster.",
            autocompletion=complete_first_service,
        ),
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
    """Take annotations off every event, and touch nothing else.

    Removes keys from metadataAnnotations, and with --with-value the annotations themselves. Without -f, a service of
    the cluster is changed, and new pods take the place of those of the component.

    The exit code is 0 if all is as wanted now, 1 if an edit is refused for an error that it would make, or with --check
    would be made, 2 for wrong usage and 3 if a file or service cannot be edited.
    """
    from isvclog.cli.editrun import Manner
    from isvclog.edit import remove

    service, keys = split(arguments, filename)
    for key in keys:
        if not key or "=" in key:
            raise UsageError(f"{key!a} is no name of an annotation: write KEY, without a value.")
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
        lambda obj, source, release: remove(
            obj, keys, components=component or (), with_value=with_value, unshare=unshare, source=source
        ),
    )
