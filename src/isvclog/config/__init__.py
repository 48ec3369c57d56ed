"""The project file, `.isvclog.yaml`: what a team has agreed on, so that nobody has to say it on the command line."""

from typing import TYPE_CHECKING, NamedTuple

from isvclog.config.find import NAME, find_config
from isvclog.findings import Severity
from isvclog.rules.policy import Policy

if TYPE_CHECKING:
    from isvclog.suppressions import SuppressionEntry

__all__ = ["NAME", "Config", "find_config"]


class Config(NamedTuple):
    """What a project file says. `file` is its name; without one, everything has the value it has here.

    `kserve_version` is as it was written, and one that isvclog knows. `select` and `ignore` are names of rules; an
    empty `select` takes all. `fail_on` is None where it says nothing.
    """

    file: str = ""
    kserve_version: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity | None = None
    policy: Policy = Policy()
    suppressions: tuple["SuppressionEntry", ...] = ()
