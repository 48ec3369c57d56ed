"""The output of a simulation besides its events: notes for people, and in JSON a line for each item."""

from isvclog.cli.commands.simulate.options import SimulationDisplay
from isvclog.cli.terminal.events import EventPrinter
from isvclog.cli.terminal.messages import masked_note, note
from isvclog.findings import counted
from isvclog.kserve.agent.settings import AgentSettings
from isvclog.report.formats import simulation_format
from isvclog.report.simulation.redaction import agent_redaction
from isvclog.report.simulation.sentences import opening_sentences
from isvclog.sidecar.simulation.agent import SimulatedAgent, service_with
from isvclog.sidecar.simulation.items import SettingsChanged, SimulationItem, Started
from isvclog.sidecar.simulation.running import Running, Simulation
from isvclog.sidecar.simulation.sensitive import sensitive_messages


class SimulationPrinter:
    """Prints items about the simulation of an agent, in the same output as its events."""

    def __init__(self, agent: SimulatedAgent, display: SimulationDisplay, events: EventPrinter) -> None:
        self.agent = agent
        self.gate = agent_redaction(agent, display.reveal)
        self._write = simulation_format("json" if display.output == "json" else "text")
        self._events = events

    def print(self, item: SimulationItem) -> None:
        """Print an item."""
        self._events.print(self._write(item, self._events.settings))


class SimulationReporter:
    """Reports what happens while a simulation runs."""

    def __init__(self, simulation: Simulation, printer: SimulationPrinter, redact: bool) -> None:
        self._simulation, self._printer, self._redact = simulation, printer, redact
        self._sensitive: list[str] = []

    def started(self, running: Running) -> None:
        """Print what the simulation does."""
        agent = self._printer.agent
        if agent.settings:
            self._sensitive = sensitive_messages(agent.data, agent.installation)
        started = Started(agent, self._simulation, running, self._sensitive, self._redact)
        for sentence in opening_sentences(started, self._printer.gate):
            masked_note(sentence)
        self._printer.print(started)

    def changed(self, generation: int, settings: AgentSettings | None, sentence: str) -> None:
        """Print what became of a change, and what is sensitive in it."""
        printer = self._printer
        note(sentence, printer.gate)
        found = [] if self._redact or not settings else self._sensitive_in(settings)
        for message in found:
            masked_note(printer.gate.sentence(message))
        printer.print(SettingsChanged(printer.agent, generation, sentence, found))

    def _sensitive_in(self, settings: AgentSettings) -> list[str]:
        """List the messages of lint about these settings that were not printed before."""
        messages = sensitive_messages(service_with(settings), self._printer.agent.installation)
        new = [message for message in messages if message not in self._sensitive]
        self._sensitive += new
        return new

    def ending(self, pending: int) -> None:
        """Print that the simulation ends."""
        note(f"ending after {counted(pending, 'more event')}, in {self._simulation.grace:g} s at most (Ctrl-C: now).")

    def lost(self, message: str) -> None:
        """Print a message about lost events."""
        note(message, self._printer.gate)
