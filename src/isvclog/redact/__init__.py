"""Detection of secrets and personal data that should not be shown or sent, by a name's words and a value's shape.

`docs/sensitive-data.md` says how well this works and what else was tried.
"""

from isvclog.redact.headers import header_secret, is_sensitive_header
from isvclog.redact.keys import (
    has_sensitive_name,
    is_sensitive_parameter,
    names_secret,
    personal_name,
    secret_name,
)
from isvclog.redact.known import known_annotation
from isvclog.redact.masks import REDACTED
from isvclog.redact.shapes import Class, Shape
from isvclog.redact.values import has_sensitive_shape, value_shape
from isvclog.redact.vendors import vendor_name
from isvclog.redact.words import Vocabulary, is_allowed, use_vocabulary, vocabulary_in_force

__all__ = [
    "REDACTED",
    "Class",
    "Shape",
    "Vocabulary",
    "has_sensitive_name",
    "has_sensitive_shape",
    "header_secret",
    "is_allowed",
    "is_sensitive",
    "is_sensitive_header",
    "is_sensitive_parameter",
    "is_still_sensitive",
    "known_annotation",
    "names_secret",
    "personal_name",
    "secret_name",
    "use_vocabulary",
    "value_shape",
    "vendor_name",
    "vocabulary_in_force",
]


def is_sensitive(key: str, value: str) -> bool:
    """Check whether an annotation's value should be hidden."""
    return names_secret(key, value) or has_sensitive_shape(value)


def is_still_sensitive(text: str) -> bool:
    """Check whether a text with hidden parts has a sensitive shape.

    A hidden part counts as some text, although the shapes skip a password that its author replaced by asterisks:
    otherwise hiding a password would show the rest of the text.
    """
    return has_sensitive_shape(text.replace(f":{REDACTED}@", "@").replace(REDACTED, "..."))
