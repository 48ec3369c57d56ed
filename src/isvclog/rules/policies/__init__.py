"""Rules about what the project's configuration asks for."""

from isvclog.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
