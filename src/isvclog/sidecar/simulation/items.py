"""The items that a simulation reports besides events."""

from collections.abc import Sequence
from typing import TypeAlias

from isvclog.records import NamedTuple
from isvclog.sidecar.simulation.agent import SimulatedAgent
from isvclog.sidecar.simulation.running import Ending, Running, Simulation


class NotStarted(NamedTuple):
    """An agent that a cluster would not start, or not inject."""

    agent: SimulatedAgent


class Started(NamedTuple):
    """A simulation that listens. `sensitive` are the messages of lint about what leaves with events."""

    agent: SimulatedAgent
    simulation: Simulation
    running: Running
    sensitive: Sequence[str]
    redact: bool


class SettingsChanged(NamedTuple):
    """A change of the service that a simulation applied or refused.

    `generation` is the number of the metadata in use. `sensitive` are the messages of lint that are new.
    """

    agent: SimulatedAgent
    generation: int
    sentence: str
    sensitive: Sequence[str] = ()


SimulationItem: TypeAlias = NotStarted | Started | SettingsChanged | Ending
