"""Options about clusters that several commands share; they are kubectl's, with its names and meanings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from isvclog.cli.completion import complete_context, complete_namespace
from isvclog.errors import UsageError

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
AllNamespaces = Annotated[bool, typer.Option("-A", "--all-namespaces", help="Look into all namespaces.")]
Selector = Annotated[
    str | None, typer.Option("-l", "--selector", metavar="QUERY", help="Only services with these labels: key=value.")
]
Context = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The context of the kubeconfig; default its current.",
        autocompletion=complete_context,
    ),
]
Kubeconfig = Annotated[
    str | None, typer.Option(metavar="FILE", help="The kubeconfig; default KUBECONFIG or ~/.kube/config.")
]
User = Annotated[str | None, typer.Option("--as", metavar="USER", help="The user to impersonate.")]
Groups = Annotated[
    list[str] | None, typer.Option("--as-group", metavar="GROUP", help="A group to impersonate; repeatable.")
]
RequestTimeout = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="How long one request may take, such as 5s, 2m or 30; 0 means for ever."),
]
KServeNamespace = Annotated[
    str | None,
    typer.Option("--kserve-namespace", metavar="NAME", help="The namespace KServe is installed in; default kserve."),
]

_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


class ClusterOptions(NamedTuple):
    """What a command was given of these options."""

    namespace: str | None = None
    all_namespaces: bool = False
    selector: str | None = None
    context: str | None = None
    kubeconfig: str | None = None
    user: str | None = None
    groups: list[str] | None = None
    request_timeout: str | None = None
    kserve_namespace: str | None = None

    def access(self) -> "Access":
        """How to reach the cluster. UsageError for options that cannot be meant."""
        from isvclog.cluster import Access
        from isvclog.cluster.resources import checked_namespace

        for name in filter(None, (self.namespace, self.kserve_namespace)):
            checked_namespace(name)
        if self.all_namespaces and self.namespace:
            raise UsageError("--namespace and --all-namespaces exclude each other.")
        timeout = seconds(self.request_timeout) if self.request_timeout is not None else None
        groups = tuple(self.groups or ())
        if groups and not self.user:
            raise UsageError("--as-group needs --as: a group is impersonated together with a user.")
        return Access(self.kubeconfig, self.context, self.namespace, self.user, groups, timeout)

    def given(self) -> list[str]:
        """The options that were given, by their long names."""
        return [name for name, value in zip(_NAMES, self, strict=True) if value not in (None, False)]

    def refuse(self, instead: str) -> None:
        """UsageError where any of them was given to a command that is about files; `instead` says what to do."""
        if given := self.given():
            raise UsageError(f"{given[0]} is about a cluster; {instead}.")


def check_names(names: Sequence[str], options: ClusterOptions) -> None:
    """UsageError where a name has another namespace than the option, so that nobody knows which one is meant."""
    for name in names:
        namespace, slash, _ = name.partition("/")
        if slash and options.namespace not in (None, namespace):
            raise UsageError(f"{name!a} and --namespace {options.namespace} are two namespaces; leave one out.")


_NAMES = (
    "--namespace",
    "--all-namespaces",
    "--selector",
    "--context",
    "--kubeconfig",
    "--as",
    "--as-group",
    "--request-timeout",
    "--kserve-namespace",
)


def seconds(text: str) -> float:
    """The seconds of a duration as kubectl takes it: an integer, or as Go writes them: `1m30s`, `500ms`."""
    import re

    if re.fullmatch("[0-9]{1,9}", text):
        return float(text)
    part = rf"([0-9]+\.?[0-9]*|\.[0-9]+)({'|'.join(_SECONDS)})"
    if not re.fullmatch(rf"\+?(?:{part})+", text) or len(text) > 40:
        raise UsageError(f"--request-timeout {text[:40]!a}: write a duration such as 5s, 2m or 1m30s, or seconds.")
    return sum(float(number) * _SECONDS[unit] for number, unit in re.findall(part, text))
