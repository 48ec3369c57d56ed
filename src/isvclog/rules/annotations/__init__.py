"""Rules about annotations that do not arrive as written."""

from isvclog.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
