"""Names of rules as arguments: completed by shells, and corrected."""

from collections.abc import Sequence

from isvclog.errors import UsageError


def complete_rule(incomplete: str) -> list[str]:
    """The rules that begin with what was typed."""
    from isvclog.rules.registry import all_rules

    return sorted(name for name in all_rules() if name.startswith(incomplete))


def complete_rules(incomplete: str) -> list[str]:
    """The same for names with commas between them."""
    before, comma, name = incomplete.rpartition(",")
    return [before + comma + rule for rule in complete_rule(name) if rule not in before.split(",")]


def known_rules(names: Sequence[str]) -> list[str]:
    """The names, each once; UsageError, with what may have been meant, for one that is no rule."""
    from isvclog.rules.registry import all_rules

    for name in names:
        if name not in all_rules():
            raise UsageError(_unknown(name, list(all_rules())))
    return list(dict.fromkeys(names))


def _unknown(name: str, known: Sequence[str]) -> str:
    from isvclog.typos import closest

    meant = closest(name, known)
    return f"there is no rule {name[:60]!a}: {f'did you mean {meant}?' if meant else '`isvclog rules` lists them.'}"
