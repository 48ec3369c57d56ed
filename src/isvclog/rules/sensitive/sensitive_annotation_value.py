"""A listed annotation whose value looks like a secret.

The value leaves the cluster with every event. The name of the annotation does not matter, unless it names a vendor and
says no more (`datadog`). isvclog knows the shape of private keys, JSON Web Tokens, access keys of clouds and of code
and model hubs, webhooks, URLs with a password, and card numbers. It also looks into JSON, `.env` and netrc lines,
percent-encoding and base64. A value that may be a secret key of AWS is a warning. A value that is only as random as a
password is reported as a hint, with severity info. The value itself is never shown.

Instead: Remove the annotation from `metadataAnnotations`, renew the secret if events were sent with it, and keep it in
a Secret. If the annotation is harmless, add its name to `sensitive.allow` in `.isvclog.yaml`.

    # before
    metadata:
      annotations:
        example.com/team: fraud
        example.com/upstream: https://scorer:change-me@features.example.com
    spec:
      predictor:
        logger:
          mode: all
          metadataAnnotations: [example.com/team, example.com/upstream]

    # after
    metadata:
      annotations:
        example.com/team: fraud
        example.com/upstream: https://features.example.com
    spec:
      predictor:
        logger:
          mode: all
          metadataAnnotations: [example.com/team, example.com/upstream]
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.redact.gate import contains_secret
from isvclog.redact.keys import names_secret, secret_name
from isvclog.redact.shapes import Class, Shape
from isvclog.redact.values import value_shape
from isvclog.redact.vendors import vendor_name
from isvclog.redact.words import is_allowed
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule

_UNSURE = {Class.LIKELY: Severity.WARNING, Class.HINT: Severity.INFO}
"""Kinds of shapes that are no errors."""
# A value without any of these has no parts, and its shape is known.
_PARTS = frozenset("=:@,; <\n\"'")


@rule("sensitive-annotation-value", Severity.ERROR, since="metadataAnnotations", security=8.0, applies_to="annotations")
def sensitive_annotation_value(context: LintContext) -> Iterator[Issue]:
    vocabulary = context.policy.vocabulary
    for logger in context.loggers:
        for key, value in logger.pairs:
            shape = _shape(key, value)
            if shape is None or shape.kind is Class.PERSONAL or is_allowed(key, vocabulary):
                continue
            if shape.kind in _UNSURE and secret_name(key, value, vocabulary):
                continue  # `sensitive-annotation-key` reports it with more certainty
            message = f"The value of {code(key)} looks like {shape.name}: it leaves the cluster with every event."
            remedy = f"Remove {code(key)} from `metadataAnnotations`, and renew the secret if events were sent."
            yield Issue(logger.value_path(key), message, remedy, severity=_UNSURE.get(shape.kind), at_key=True)


def _shape(key: str, value: str) -> Shape | None:
    """Find the shape of the value; a key that only names a vendor tells what an opaque value is."""
    shape = value_shape(value)
    if (shape is None or shape.kind in _UNSURE) and (vendor := vendor_name(key, value)):
        return Shape(f"a key of {vendor}", Class.SECRET)
    return shape or _inside(key, value)


def _inside(key: str, value: str) -> Shape | None:
    """Return the shape of a value in which the gate masks something, unless the name of the key already says so."""
    if _PARTS.isdisjoint(value) or names_secret(key, value) or secret_name(key, value):
        return None
    return Shape("text with a secret in it", Class.SECRET) if contains_secret(key, value) else None
