"""The suppressions of a run: those of the project file, and those of comments."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from isvclog.config import Config

if TYPE_CHECKING:
    from isvclog.suppressions import Suppressions


def suppressions_of(project: Config, active: Collection[str]) -> "Suppressions":
    """Build the suppressions of the project file and of comments, for a run of the active rules."""
    from datetime import date

    from isvclog.rules.registry import all_rules
    from isvclog.suppressions import Suppressions

    return Suppressions(project.suppressions, project.file, all_rules(), active, date.today())


def suppressions_of_selected(project: Config, rules: Collection[str] | None) -> "Suppressions":
    """Build the suppressions for a run of these rules (None for all) over a part of a project.

    Unused and expired suppressions are not reported then, because a part cannot show which ones are unused.
    """
    from isvclog.rules.registry import all_rules
    from isvclog.suppressions import EXPIRED, UNUSED

    return suppressions_of(project, frozenset(all_rules() if rules is None else rules) - {EXPIRED, UNUSED})
