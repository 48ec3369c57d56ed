"""Rules about what a release of KServe cannot do yet."""

from isvclog.rules.releases.unknown_to_release import unknown_to_release

RULES = (unknown_to_release,)
