"""Rules about features that a release of KServe does not have yet."""

from isvclog.rules.releases.unknown_to_release import unknown_to_release

RULES = (unknown_to_release,)
