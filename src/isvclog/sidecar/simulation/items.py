"""The items that a simulation reports besides events."""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from isvclog.httpserver import Address
from isvclog.sidecar.simulation.agent import SimulatedAgent
from isvclog.sidecar.simulation.running import Ending, Simulation


class NotStarted(NamedTuple):
    """An agent that a cluster would not start, or not inject."""

    agent: SimulatedAgent


class Started(NamedTuple):
    """A simulation that listens at an address. `sensitive` are the messages of lint about what leaves with events."""

    agent: SimulatedAgent
    simulation: Simulation
    address: Address
    sensitive: Sequence[str]
    redact: bool


SimulationItem: TypeAlias = NotStarted | Started | Ending
