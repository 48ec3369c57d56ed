"""The project file, `.isvclog.yaml`: what a team has agreed on, so that nobody has to repeat it on the command line."""

from typing import TYPE_CHECKING

from isvclog.config.find import NAME, find_config
from isvclog.findings import Severity
from isvclog.records import NamedTuple
from isvclog.rules.policy import Policy

if TYPE_CHECKING:
    from isvclog.suppressions import SuppressionEntry

__all__ = ["NAME", "Config", "find_config"]


class Config(NamedTuple):
    """The content of a project file; without a file, every setting has the default below.

    `file` is the name of the file. `kserve_version` is written as in the file, and isvclog knows that release.
    `serving_runtimes` are files, relative to the current folder, or the word `shipped`; `inferenceservice_config` is a
    file with that ConfigMap, or None. `distribution` is None for KServe as it is released. `select` and `ignore` are
    names of rules; an empty `select` means all rules. `fail_on` is None if the file does not set it.
    """

    file: str = ""
    kserve_version: str | None = None
    distribution: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity | None = None
    policy: Policy = Policy()
    suppressions: tuple["SuppressionEntry", ...] = ()
    serving_runtimes: tuple[str, ...] = ()
    inferenceservice_config: str | None = None
