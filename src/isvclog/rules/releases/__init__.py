"""Rules about what a release of KServe cannot do yet."""

from isvclog.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
