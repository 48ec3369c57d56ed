"""Rules about where events go: the sink's URL and how it is trusted."""

from isvclog.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
