"""Rules about what the project's configuration requires."""

from isvclog.rules.policies.forbidden_annotation import forbidden_annotation
from isvclog.rules.policies.required_annotation import required_annotation
from isvclog.rules.policies.unapproved_sink import unapproved_sink

RULES = (required_annotation, forbidden_annotation, unapproved_sink)
