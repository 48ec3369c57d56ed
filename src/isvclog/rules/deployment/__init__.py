"""Rules about pods and Services that keep traffic from the agent, or the agent from starting."""

from isvclog.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
