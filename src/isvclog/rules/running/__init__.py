"""Problems of running pods that `isvclog audit` reports, compared with what is declared."""

from isvclog.rules.running.crashing_agent import crashing_agent
from isvclog.rules.running.foreign_argument import foreign_argument
from isvclog.rules.running.inconsistent_agent import inconsistent_agent
from isvclog.rules.running.missing_agent import missing_agent
from isvclog.rules.running.pending_rollout import pending_rollout
from isvclog.rules.running.previous_revision import previous_revision
from isvclog.rules.running.stale_agent import stale_agent
from isvclog.rules.running.undeclared_agent import undeclared_agent

RULES = (
    crashing_agent,
    missing_agent,
    pending_rollout,
    stale_agent,
    inconsistent_agent,
    undeclared_agent,
    foreign_argument,
    previous_revision,
)
