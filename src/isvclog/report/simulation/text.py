"""Simulations for people: why an agent does not start. The rest is told by notes."""

from collections.abc import Iterator

from isvclog.kserve.apis.releases import NEWEST
from isvclog.preview.model import Preview
from isvclog.report.color import painter
from isvclog.report.formats import FormatSettings
from isvclog.report.preview import text
from isvclog.report.preview.layout import Style
from isvclog.report.preview.problems import failed_start, problem_rows
from isvclog.report.preview.redaction import mask_agent_message
from isvclog.report.simulation.redaction import agent_redaction
from isvclog.sidecar.simulation.agent import SimulatedAgent
from isvclog.sidecar.simulation.items import NotStarted, SimulationItem


def write(item: SimulationItem, settings: FormatSettings) -> Iterator[str]:
    """Yield lines about an agent that does not start: as in a preview, if it is one of a manifest."""
    if not isinstance(item, NotStarted):
        return
    agent = item.agent
    if agent.shown is not None:
        yield from text.write(Preview([agent.shown], NEWEST), settings)
    else:
        yield "".join(f"{line}\n" for line in _agent(agent, settings))


def _agent(agent: SimulatedAgent, settings: FormatSettings) -> Iterator[str]:
    style, gate = Style(painter(settings.color), settings.width), agent_redaction(agent, settings.reveal)
    assert agent.startup is not None
    assert agent.diagnosis is not None
    yield f"{style.paint(agent.label, 'bold')}  {style.paint(failed_start(agent.startup), 'bold red')}"
    yield from problem_rows(
        agent.diagnosis, agent.startup, lambda sentence: mask_agent_message(sentence, agent.startup, gate), style
    )
