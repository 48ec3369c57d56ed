"""`isvclog doctor`: says what is installed, which cluster is reached, and what may be read there."""

import sys
from typing import Annotated, Literal

import typer

from isvclog.cli.options.cluster import AllNamespaces, ClusterOptions, Connection, Context, Namespace
from isvclog.cli.options.common import Color

_TIMEOUT = "5s"


def doctor(
    output: Annotated[
        Literal["text", "json"], typer.Option("-o", "--output", help="How to print it; both can be shown to anybody.")
    ] = "text",
    color: Color = "auto",
    offline: Annotated[bool, typer.Option("--offline", help="Send no request to the cluster.")] = False,
    namespace: Namespace = None,
    all_namespaces: AllNamespaces = False,
    context: Context = None,
    *,
    connection: Connection,
) -> int:
    """Show what an issue needs: what is installed, which cluster is reached, and what may be read there.

    The programs that are found are run to print their version. The cluster is asked which KServe it runs, and for each
    permission that isvclog uses; a request may take 5 seconds unless --request-timeout says otherwise. Nothing secret
    is printed: credentials by their kind, and files below the home folder with ~.

    The exit code is 0, also without any cluster, 2 for wrong usage or a mistake in the project file, and 3 if the
    cluster cannot be reached or does not accept the login.
    """
    from isvclog.cli.terminal.settings import terminal_settings
    from isvclog.doctor.engine import examine
    from isvclog.kserve.apis.constants import OWN_NAMESPACE
    from isvclog.report.formats import doctor_format

    connection = connection._replace(request_timeout=connection.request_timeout or _TIMEOUT)
    access = ClusterOptions(namespace, all_namespaces, None, context, connection).access()
    kserve_namespace = connection.kserve_namespace or OWN_NAMESPACE
    checkup = examine(access, kserve_namespace, everywhere=all_namespaces, offline=offline)
    sys.stdout.writelines(doctor_format(output)(checkup, terminal_settings(color)))
    return checkup.exit_code
