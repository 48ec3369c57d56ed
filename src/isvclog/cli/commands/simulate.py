"""`isvclog simulate`: runs the agent's logger for real traffic."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from isvclog.cli.options.cluster import ClusterOptions, Connection, Context, Namespace
from isvclog.cli.options.common import Color, Filenames, Reveal
from isvclog.cli.options.completion import complete_service
from isvclog.cli.options.installation import InstallationOptions
from isvclog.cli.terminal.messages import masked_note, note, reveal_secrets
from isvclog.errors import UsageError
from isvclog.findings import counted

if TYPE_CHECKING:
    from isvclog.cli.terminal.events import EventPrinter
    from isvclog.httpserver import Address
    from isvclog.preview.model import Preview
    from isvclog.sidecar.simulation.agent import SimulatedAgent
    from isvclog.sidecar.simulation.items import SimulationItem
    from isvclog.sidecar.simulation.running import Simulation
    from isvclog.sink.engine import EventSink


class TrafficOptions(NamedTuple):
    """The options about where requests come from, and where requests and events go."""

    listen: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="Where to listen; port 0 takes a free one; default the agent's port, 127.0.0.1:9081.",
        ),
    ] = None
    upstream: Annotated[
        str | None, typer.Option(metavar="URL", help="The model, http://HOST:PORT; default a sample model.")
    ] = None
    sink: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Send the events to http://HOST:PORT, unchanged, in place of the log URL; default: show them here.",
        ),
    ] = None
    redact: Annotated[bool, typer.Option("--redact", help="Mask what looks sensitive in annotations and headers.")] = (
        False
    )
    grace: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="How long to finish answers and events at the end.")
    ] = 30

    def servers(self) -> "tuple[Address | None, Address | None]":
        """Parse the addresses of the model and of the sink, None for those built in. Raises UsageError."""
        from isvclog.httpserver import parse_origin

        model = parse_origin(self.upstream, "--upstream") if self.upstream else None
        return model, parse_origin(self.sink, "--sink") if self.sink else None

    def simulation(self, agent: "SimulatedAgent", receiver: "EventSink") -> "Simulation":
        """Build the simulation of an agent that starts. Raises UsageError for a wrong address."""
        from isvclog.httpserver import parse_address
        from isvclog.sidecar.simulation.running import Simulation
        from isvclog.sidecar.simulation.sensitive import header_mask, mask_settings

        assert agent.startup is not None
        if self.listen is None:
            listen = parse_address(f"127.0.0.1:{agent.startup.port}", "the agent's --port")
        else:
            listen = parse_address(self.listen)
        model, sink = self.servers()
        settings, mask = agent.settings, None
        if self.redact and settings is not None:
            settings, mask = mask_settings(settings, agent.data), header_mask()
        return Simulation(settings, listen, receiver, model, sink, mask, self.grace, agent.startup.batcher)


class AgentOptions(NamedTuple):
    """The options about the agent."""

    component: Annotated[
        Literal["predictor", "transformer", "explainer"] | None, typer.Option(help="The component with the agent.")
    ] = None
    env: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE", help="Set a variable of the agent's environment, or remove it: NAME-; repeatable."
        ),
    ] = None

    def change(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Set and remove variables. Raises UsageError."""
        from isvclog.cli.options.values import parse_environment

        changed = {**environment, **parse_environment(self.env or ())}
        return {name: value for name, value in changed.items() if value is not None}


class SimulationDisplay(NamedTuple):
    """The options about how a simulation and its events are printed."""

    output: Annotated[
        Literal["text", "json", "http"],
        typer.Option("-o", "--output", help="How to show the events: for people, as JSON lines, or as they came."),
    ] = "text"
    reveal: Reveal = False
    color: Color = "auto"


def simulate(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME | -- AGENT-ARGS]",
            show_default=False,
            help="A service, as name or namespace/name, of the cluster or with -f of the files; or arguments of the "
            "agent, behind --.",
            autocompletion=complete_service,
        ),
    ] = None,
    filename: Filenames = None,
    *,
    agent: AgentOptions,
    traffic: TrafficOptions,
    display: SimulationDisplay,
    installation: InstallationOptions,
    namespace: Namespace = None,
    context: Context = None,
    connection: Connection,
) -> int:
    """Run the agent's logger for real traffic, between a model and a sink.

    Requests are passed on to the model, and their events are sent to the sink, or shown. The agent is that of a
    manifest, of a service in a cluster, or one with your own arguments. It starts as KServe's agent would, or says why
    that would not start. Ctrl-C or SIGTERM ends it, and it prints a summary.

    The exit code is 0 after a simulation, 1 if the agent would not start or would not be injected, 2 for wrong usage,
    and 3 if a file or a service cannot be read or the port is taken.
    """
    from isvclog.cli.terminal.events import EventPrinter
    from isvclog.sidecar.simulation.items import NotStarted

    reveal_secrets(display.reveal)
    traffic.servers()
    cluster = ClusterOptions(namespace=namespace, context=context, connection=connection)
    chosen = _choose_agent(arguments or [], filename or [], agent, installation, cluster)
    printer = EventPrinter(display.output, reveal=display.reveal, color=display.color)
    if not chosen.runs:
        _print_item(NotStarted(chosen), display, printer)
        return 1
    return _run(chosen, traffic, display, printer)


def _choose_agent(
    arguments: list[str],
    filenames: list[str],
    options: AgentOptions,
    installation: InstallationOptions,
    cluster: ClusterOptions,
) -> "SimulatedAgent":
    """Read the agent from its arguments, a manifest or a cluster. Raises UsageError for a mixture."""
    from isvclog.sidecar.simulation.agent import agent_of_component, agent_with_arguments, default_environment

    if len(arguments) > 1 or (arguments and arguments[0].startswith("-")):
        if filenames or options.component:
            raise UsageError("arguments of an agent (behind --) exclude -f and --component; leave one of them out.")
        cluster.refuse("leave it out with arguments of an agent")
        return agent_with_arguments(arguments, options.change(default_environment(os.environ)), installation.read())
    name = arguments[0] if arguments else None
    if filenames:
        cluster.refuse("leave it out with -f, or leave out -f and name a service of the cluster")
    elif name is None:
        raise UsageError(
            "simulate needs the NAME of a service in the cluster, a manifest (isvclog simulate -f FILE), or the "
            "arguments of an agent (isvclog simulate -- --log-url URL)."
        )
    preview = _preview(name, filenames, options.component, installation, cluster)
    return agent_of_component(preview.about(options.component), options.change)


def _preview(
    name: str | None,
    filenames: list[str],
    component: str | None,
    installation: InstallationOptions,
    cluster: ClusterOptions,
) -> "Preview":
    from isvclog.cli.commands.preview import preview_live
    from isvclog.cli.terminal.runs import read_stdin_once
    from isvclog.preview.model import PreviewRequest, preview_files

    read_stdin_once(*filenames, *installation.files)
    request, known = PreviewRequest(component=component, new_id=lambda: "sample"), installation.read()
    if filenames:
        return preview_files(filenames, name, known, request)
    return preview_live(name or "", cluster, installation, known, request)


def _run(agent: "SimulatedAgent", traffic: TrafficOptions, display: SimulationDisplay, printer: "EventPrinter") -> int:
    import asyncio

    from isvclog.report.simulation.sentences import closing_sentence
    from isvclog.sidecar.simulation.running import run_simulation
    from isvclog.sink.engine import EventSink, SinkSettings

    receiver = EventSink(SinkSettings(), printer)
    printer.on_closed = receiver.is_full.set
    simulation = traffic.simulation(agent, receiver)
    ending = asyncio.run(run_simulation(simulation, _Reports(agent, simulation, traffic.redact, display, printer)))
    if printer.is_closed:
        raise BrokenPipeError
    _print_item(ending, display, printer)
    note(closing_sentence(ending))
    return 0


class _Reports:
    """Prints notes while a simulation runs, and in JSON the line about its start."""

    def __init__(
        self,
        agent: "SimulatedAgent",
        simulation: "Simulation",
        redact: bool,
        display: SimulationDisplay,
        printer: "EventPrinter",
    ) -> None:
        from isvclog.report.simulation.redaction import agent_redaction

        self._agent, self._simulation, self._redact = agent, simulation, redact
        self._display, self._printer = display, printer
        self._gate = agent_redaction(agent, display.reveal)

    def started(self, address: "Address") -> None:
        """Print what the simulation does."""
        from isvclog.report.simulation.sentences import opening_sentences
        from isvclog.sidecar.simulation.items import Started
        from isvclog.sidecar.simulation.sensitive import sensitive_messages

        agent = self._agent
        sensitive = sensitive_messages(agent.data, agent.installation) if agent.settings else []
        started = Started(agent, self._simulation, address, sensitive, self._redact)
        for sentence in opening_sentences(started, self._gate):
            masked_note(sentence)
        _print_item(started, self._display, self._printer)

    def ending(self, pending: int) -> None:
        """Print that the simulation ends."""
        note(
            f"ending when {counted(pending, 'event')} are sent, in {self._simulation.grace:g} s at most (Ctrl-C: now)."
        )

    def lost(self, message: str) -> None:
        """Print a message of the agent."""
        note(f"agent: {message}", self._gate)


def _print_item(item: "SimulationItem", display: SimulationDisplay, printer: "EventPrinter") -> None:
    from isvclog.report.formats import simulation_format

    printer.print(simulation_format("json" if display.output == "json" else "text")(item, printer.settings))
