"""The redaction of what is known about a simulated agent."""

from isvclog.redact.gate import Redaction, redaction_for
from isvclog.report.preview.redaction import service_redaction
from isvclog.sidecar.simulation.agent import SimulatedAgent


def agent_redaction(agent: SimulatedAgent, reveal: bool) -> Redaction:
    """Build the redaction of an agent: of its manifest, or of its arguments."""
    if agent.shown is not None:
        return service_redaction(agent.shown, reveal)
    return redaction_for(reveal, [agent.data])
