"""Rules about records in object storage, and batches of them."""

from isvclog.rules.rule import Rule

RULES: tuple[Rule, ...] = ()
