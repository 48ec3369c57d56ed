"""Options of `simulate`: where traffic goes, how events are delivered, which agent it is, and how all is printed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from isvclog.cli.options.common import Color, Reveal
from isvclog.cli.options.project import NoConfig, ProjectFile
from isvclog.errors import UsageError
from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from isvclog.httpserver import Address, ServerOrigin
    from isvclog.sidecar.simulation.agent import SimulatedAgent


class AgentOptions(NamedTuple):
    """The options about the agent."""

    component: Annotated[
        Literal["predictor", "transformer", "explainer"] | None, typer.Option(help="The component with the agent.")
    ] = None
    env: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE", help="Set a variable of the agent's environment, or remove it with NAME-; repeatable."
        ),
    ] = None
    watch: Annotated[
        bool,
        typer.Option(
            "--watch",
            help="Use changes of the manifest or service at once, for new requests; KServe's agent needs new pods "
            "for that.",
        ),
    ] = False

    def change(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Set and remove variables. Raises UsageError."""
        from isvclog.cli.options.values import parse_environment

        changed = {**environment, **parse_environment(self.env or ())}
        return {name: value for name, value in changed.items() if value is not None}


class TrafficOptions(NamedTuple):
    """The options about where requests come from, and where requests and events go."""

    listen: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="Where to listen; port 0 means any free port; default 127.0.0.1:9081, the agent's port.",
        ),
    ] = None
    upstream: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="The model, http://HOST:PORT; default a built-in sample model.",
        ),
    ] = None
    sink: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Send the events to http://HOST:PORT or https://HOST:PORT, unchanged, in place of the log URL; "
            "default: show them here.",
        ),
    ] = None
    ca_dir: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="The folder of the agent's CA file for https; default /etc/tls/logger."),
    ] = None
    blob_dir: Annotated[
        str | None,
        typer.Option(
            metavar="DIR", help="Where objects go in place of the log URL's bucket; default a temporary folder."
        ),
    ] = None
    metrics: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Serve metrics for Prometheus at http://HOST:PORT/metrics."),
    ] = None

    def parts(self, agent: "SimulatedAgent | None" = None) -> dict[str, Any]:
        """Parse the addresses, as the parts of a Simulation. Raises UsageError, also for the port of the agent."""
        from isvclog.httpserver import parse_address, parse_origin, parse_server

        listen: Address | None = None
        if self.listen is not None:
            listen = parse_address(self.listen)
        elif agent is not None and agent.startup is not None:
            listen = parse_address(f"127.0.0.1:{agent.startup.port}", "the agent's --port")
        sink: ServerOrigin | None = parse_server(self.sink, "--sink") if self.sink else None
        parts = {
            "listen": listen,
            "upstream": parse_origin(self.upstream, "--upstream") if self.upstream else None,
            "sink": sink,
            "metrics": parse_address(self.metrics, "--metrics") if self.metrics else None,
            "blob_dir": self.blob_dir,
        }
        return parts if self.ca_dir is None else {**parts, "ca_dir": self.ca_dir}


class DeliveryOptions(NamedTuple):
    """The options that KServe's agent does not have: what is masked, limited and tried again."""

    redact: Annotated[bool, typer.Option("--redact", help="Mask what looks sensitive in annotations and headers.")] = (
        False
    )
    bounded: Annotated[
        bool,
        typer.Option(
            "--bounded",
            help="Limit waiting events, large bodies and slow clients, unlike the agent; count what is dropped.",
        ),
    ] = False
    timeout: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="How long the sink may take to answer; default without a limit, with --bounded 10.",
        ),
    ] = None
    retries: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            help="How often an event is sent again if the sink does not answer, or answers with 5xx.",
        ),
    ] = 0
    max_metadata: Annotated[
        int | None,
        typer.Option(
            metavar="BYTES",
            min=0,
            help="How large the annotations may be in memory; default 131071, the most for an argument on Linux.",
        ),
    ] = None
    grace: Annotated[
        float,
        typer.Option(metavar="SECONDS", min=0, help="Seconds to wait at the end for unfinished answers and events."),
    ] = 30

    def check(self) -> None:
        """Raise UsageError for a time-out that ends before it begins."""
        if self.timeout is not None and not 0 < self.timeout < float("inf"):
            raise UsageError(f"--timeout {self.timeout:g}: write the seconds above 0, such as 2.5.")

    def parts(self) -> dict[str, Any]:
        """Build the limits, as the parts of a Simulation."""
        from isvclog.sidecar.limits import BOUNDED, Limits
        from isvclog.sidecar.watch.clients import BOUNDED_CLIENTS, ClientLimits

        limits = BOUNDED if self.bounded else Limits()
        limits = limits._replace(retries=self.retries, timeout=self.timeout or limits.timeout)
        parts = {
            "limits": limits,
            "client_limits": BOUNDED_CLIENTS if self.bounded else ClientLimits(),
            "grace": self.grace,
        }
        return parts if self.max_metadata is None else {**parts, "max_metadata": self.max_metadata}


class SimulationDisplay(NamedTuple):
    """The options about how a simulation and its events are printed."""

    output: Annotated[
        Literal["text", "json", "http"],
        typer.Option("-o", "--output", help="How to show the events: for people, as JSON lines, or as they came."),
    ] = "text"
    reveal: Reveal = False
    config: ProjectFile = None
    no_config: NoConfig = False
    color: Color = "auto"
