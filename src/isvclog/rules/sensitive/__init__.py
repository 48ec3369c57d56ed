"""Rules about what must not leave the cluster."""

from isvclog.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
