"""`isvclog simulate`: runs the agent's logger for real traffic."""

from typing import TYPE_CHECKING, Annotated

import typer

from isvclog.cli.commands.simulate.options import AgentOptions, DeliveryOptions, SimulationDisplay, TrafficOptions
from isvclog.cli.options.cluster import ClusterOptions, Connection, Context, Namespace
from isvclog.cli.options.common import Filenames
from isvclog.cli.options.completion import complete_service
from isvclog.cli.options.files import NoIgnoreVcs
from isvclog.cli.options.installation import InstallationOptions
from isvclog.cli.options.project import read_project
from isvclog.cli.terminal.messages import note, reveal_secrets
from isvclog.errors import UsageError

if TYPE_CHECKING:
    from isvclog.cli.commands.simulate.source import AgentSource
    from isvclog.cli.terminal.events import EventPrinter
    from isvclog.sidecar.simulation.running import Receiver, Simulation


def simulate(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME | FILE... | -- AGENT-ARGS]",
            show_default=False,
            help="A service of the cluster, as NAME or NAMESPACE/NAME; or files, and a service in them; or "
            "arguments of the agent, after --.",
            autocompletion=complete_service,
        ),
    ] = None,
    filename: Filenames = None,
    no_ignore_vcs: NoIgnoreVcs = False,
    *,
    agent: AgentOptions,
    traffic: TrafficOptions,
    delivery: DeliveryOptions,
    display: SimulationDisplay,
    installation: InstallationOptions,
    namespace: Namespace = None,
    context: Context = None,
    connection: Connection,
) -> int:
    """Run KServe's logger on this machine, between a model and a sink.

    Requests are passed on to the model, and their events are sent to the sink, or shown. The agent is that of a
    manifest, of a service in a cluster, or one with your own arguments. If KServe's agent would not start, it says why
    and ends. Ctrl-C or SIGTERM ends it, and it prints a summary.

    The exit code is 0 after a simulation, 1 if the agent would not start or would not be injected, 2 for wrong usage,
    and 3 if a file or a service cannot be read, a port is taken, or the metadata is too large.
    """
    from isvclog.cli.commands.simulate.reports import SimulationPrinter
    from isvclog.cli.commands.simulate.source import SourceOptions
    from isvclog.cli.terminal.events import EventPrinter
    from isvclog.manifest.syntax.files import respect_gitignore
    from isvclog.sidecar.simulation.items import NotStarted

    reveal_secrets(display.reveal)
    respect_gitignore(not no_ignore_vcs)
    traffic.parts()
    delivery.check()
    _check_released(installation)
    cluster = ClusterOptions(namespace=namespace, context=context, connection=connection)
    project = read_project(display.config, display.no_config)
    chosen = SourceOptions(arguments or [], filename or [], agent, installation, project, cluster, delivery.redact)
    events = EventPrinter(display.output, reveal=display.reveal, color=display.color)
    with chosen.open() as source:
        if not source.agent.runs:
            SimulationPrinter(source.agent, display, events).print(NotStarted(source.agent))
            return 1
        return _run(source, traffic, delivery, display, events)


def _check_released(installation: InstallationOptions) -> None:
    """Raise UsageError for a release whose agent does not exist yet."""
    from isvclog.cli.options.common import find_chosen_release

    release = find_chosen_release(installation.kserve_version)
    if not release.is_released:
        raise UsageError(
            f"simulate cannot run the agent of KServe {release}: isvclog does not know all that it will send; name a "
            "release that exists, or use preview."
        )


def _run(
    source: "AgentSource",
    traffic: TrafficOptions,
    delivery: DeliveryOptions,
    display: SimulationDisplay,
    events: "EventPrinter",
) -> int:
    import asyncio

    from isvclog.cli.commands.simulate.reports import SimulationPrinter, SimulationReporter
    from isvclog.report.simulation.sentences import closing_sentence
    from isvclog.sidecar.simulation.running import run_simulation
    from isvclog.sink.engine import EventSink, SinkSettings

    receiver = EventSink(SinkSettings(), events)
    events.on_closed = receiver.is_full.set
    simulation = _simulation(source, traffic, delivery, receiver)
    printer = SimulationPrinter(source.agent, display, events)
    ending = asyncio.run(run_simulation(simulation, SimulationReporter(simulation, printer, delivery.redact)))
    if events.is_closed:
        raise BrokenPipeError
    printer.print(ending)
    note(closing_sentence(ending))
    return 0


def _simulation(
    source: "AgentSource", traffic: TrafficOptions, delivery: DeliveryOptions, receiver: "Receiver"
) -> "Simulation":
    """Build the simulation of an agent that starts. Raises UsageError for a wrong port of the agent."""
    from isvclog.sidecar.simulation.running import Simulation
    from isvclog.sidecar.simulation.sensitive import header_mask, mask_settings

    agent = source.agent
    assert agent.startup is not None
    settings = agent.settings
    if delivery.redact and settings is not None:
        settings = mask_settings(settings, agent.data)
    return Simulation(
        settings,
        receiver=receiver,
        batcher=agent.startup.batcher,
        mask=header_mask() if delivery.redact else None,
        follow=source.follow,
        args=agent.args,
        **traffic.parts(agent),
        **delivery.parts(),
    )
