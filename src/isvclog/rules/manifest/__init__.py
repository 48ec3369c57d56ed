"""Rules about what validation and the reader of manifests report; they have documentation here, and no check."""

from isvclog.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
