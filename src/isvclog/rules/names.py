"""Names of rules that a user gives."""

from collections.abc import Collection, Iterable

from isvclog.errors import UsageError


def known_rules(names: Iterable[str]) -> list[str]:
    """Check that all names are rules, and return each once. Raises UsageError, with a suggestion, otherwise."""
    from isvclog.rules.registry import all_rules

    given = list(dict.fromkeys(names))
    for name in given:
        if name not in all_rules():
            raise UsageError(_unknown(name, all_rules()))
    return given


def _unknown(name: str, known: Collection[str]) -> str:
    from isvclog.findings import code
    from isvclog.suggest import closest_name

    similar = closest_name(name, known)
    return f"there is no rule {code(name)}: {f'did you mean {similar}?' if similar else '`isvclog rules` lists them.'}"
