"""The rules of a run: those that a user selects, within what the project file says."""

from collections.abc import Collection

from isvclog.config import Config
from isvclog.errors import UsageError
from isvclog.rules.registry import all_rules


def select_names(select: Collection[str] | None, ignore: Collection[str], project: Config) -> frozenset[str] | None:
    """Select the rules to run by their known names; None means all.

    A rule in `select` runs even if the project file ignores it. Raises UsageError if no rule is left.
    """
    if select is None and not (ignore or project.select or project.ignore):
        return None
    ignored = frozenset(ignore)
    if select is None:
        select = project.select or all_rules()
        ignored |= frozenset(project.ignore)
    if names := frozenset(select) - ignored:
        return names
    raise UsageError("no rule is left to run, because all selected rules are ignored; ignore fewer.")
