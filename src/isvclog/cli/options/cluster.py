"""Options about clusters that several commands share. They are kubectl's, with its names and meanings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from isvclog.cli.options.completion import complete_context, complete_namespace
from isvclog.errors import UsageError
from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from isvclog.cluster import Access

Live = Annotated[bool, typer.Option("--live", help="Check InferenceServices of a cluster; the arguments are names.")]
Namespace = Annotated[
    str | None,
    typer.Option(
        "-n",
        "--namespace",
        metavar="NAME",
        help="The namespace; default that of the context.",
        autocompletion=complete_namespace,
    ),
]
AllNamespaces = Annotated[bool, typer.Option("-A", "--all-namespaces", help="Use the services of all namespaces.")]
Selector = Annotated[
    str | None, typer.Option("-l", "--selector", metavar="QUERY", help="Only services with these labels: key=value.")
]
Context = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The context of the kubeconfig; default the current one.",
        autocompletion=complete_context,
    ),
]
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


class Connection(NamedTuple):
    """The options of every command about clusters: the server, the user, and the namespace of KServe."""

    kubeconfig: Annotated[
        str | None, typer.Option(metavar="FILE", help="The kubeconfig; default KUBECONFIG or ~/.kube/config.")
    ] = None
    as_: Annotated[str | None, typer.Option("--as", metavar="USER", help="The user to impersonate.")] = None
    as_group: Annotated[list[str] | None, typer.Option(metavar="GROUP", help="A group to impersonate; repeatable.")] = (
        None
    )
    request_timeout: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Time limit of one request: 5s, 2m or 30; by default, 60s without data."),
    ] = None
    kserve_namespace: Annotated[
        str | None,
        typer.Option(
            "--kserve-namespace", metavar="NAME", help="The namespace in which KServe is installed; default kserve."
        ),
    ] = None


class ClusterOptions(NamedTuple):
    """The options that select a cluster and its services; commands that have only some of them omit the rest."""

    namespace: Namespace = None
    all_namespaces: AllNamespaces = False
    selector: Selector = None
    context: Context = None
    connection: Connection = Connection()

    def access(self) -> "Access":
        """Convert the options to an Access. Raises UsageError if they are invalid or exclude each other."""
        from isvclog.cluster import Access
        from isvclog.cluster.resources import checked_namespace

        kubeconfig, user, groups, request_timeout, kserve_namespace = self.connection
        for name in filter(None, (self.namespace, kserve_namespace)):
            checked_namespace(name)
        if self.all_namespaces and self.namespace:
            raise UsageError("--namespace and --all-namespaces exclude each other.")
        timeout = seconds(request_timeout) if request_timeout is not None else None
        return Access(kubeconfig, self.context, self.namespace, user, tuple(groups or ()), timeout)

    def given(self) -> list[str]:
        """List the options that were given, by their long names."""
        fields = zip((*self._fields[:-1], *self.connection._fields), (*self[:-1], *self.connection), strict=True)
        names = [name for name, value in fields if value not in (None, False)]
        return [f"--{name.rstrip('_').replace('_', '-')}" for name in names]

    def refuse(self, instead: str) -> None:
        """Raise UsageError if any of them was given to a command about files; `instead` says what to do."""
        if given := self.given():
            raise UsageError(f"{given[0]} is about a cluster; {instead}.")


def check_names(names: Sequence[str], options: ClusterOptions) -> None:
    """Validate the names of services.

    Raises UsageError for an impossible name, and for a name with another namespace than `--namespace`, because it is
    unclear which one is intended.
    """
    from isvclog.cli.options.files import names_a_file
    from isvclog.cluster.resources import checked_name, checked_namespace

    for name in names:
        if names_a_file(name):
            raise UsageError(f"{name!a} is a file; for a service of the cluster, write NAME or NAMESPACE/NAME.")
        namespace, slash, short = name.rpartition("/")
        if slash and not (namespace and short):
            raise UsageError(f"{name!a} is not the name of a service: write NAME or NAMESPACE/NAME.")
        checked_name(short)
        if slash and checked_namespace(namespace) != (options.namespace or namespace):
            raise UsageError(f"{name!a} and --namespace {options.namespace} name different namespaces; leave one out.")


def seconds(text: str) -> float:
    """Parse a duration as kubectl does, and return its seconds.

    The text is an integer, or a duration in Go's form: `1m30s`, `500ms`. Raises UsageError for any other text.
    """
    import re

    if re.fullmatch("[0-9]{1,9}", text):
        return float(text)
    part = rf"([0-9]+\.?[0-9]*|\.[0-9]+)({'|'.join(_SECONDS)})"
    if not re.fullmatch(rf"\+?(?:{part})+", text) or len(text) > 40:
        raise UsageError(f"--request-timeout {text[:40]!a}: write a duration such as 5s, 2m or 1m30s, or seconds.")
    return sum(float(number) * _SECONDS[unit] for number, unit in re.findall(part, text))
