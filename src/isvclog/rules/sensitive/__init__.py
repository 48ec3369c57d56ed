"""Rules about data that must not leave the cluster. No finding shows a value."""

from isvclog.rules.sensitive.personal_annotation import personal_annotation
from isvclog.rules.sensitive.sensitive_annotation_key import sensitive_annotation_key
from isvclog.rules.sensitive.sensitive_annotation_value import sensitive_annotation_value
from isvclog.rules.sensitive.sensitive_header import sensitive_header

RULES = (sensitive_annotation_key, sensitive_annotation_value, personal_annotation, sensitive_header)
