"""Rules about features that a release of KServe does not have yet, and faults of upgrades between releases."""

from isvclog.rules.releases.misread_mode import misread_mode
from isvclog.rules.releases.rejected_update import rejected_update
from isvclog.rules.releases.unknown_to_release import unknown_to_release

RULES = (unknown_to_release, rejected_update, misread_mode)
