"""Credentials in a URL: before the `@`, in its parameters, or as a known shape anywhere."""

import re

from isvclog.redact.keys import is_sensitive_parameter
from isvclog.redact.shapes import Class
from isvclog.redact.values import value_shape


def url_secret(url: str, *, user_is_plain: bool = False) -> str | None:
    """Name what a URL contains that should not be logged ("a password"), or return None.

    A user name without a password may be a token, unless `user_is_plain` says that it is not
    (`abfs://container@account`). The URL need not be valid.
    """
    user = re.match(r"(?:[a-zA-Z][\w+.-]*:)?(?://)?([^/?#]*)@", url)
    name, colon, _ = user[1].partition(":") if user else ("", "", "")
    if colon:
        return "a password"
    if name and not user_is_plain:
        return "a user name, which may be a token"
    for part in re.split(r"[?&#;]", url)[1:]:
        parameter, _, value = part.partition("=")
        if value and is_sensitive_parameter(_decoded(parameter)):
            return "a parameter that is named like a secret"
    shape = value_shape(url)
    return shape.name if shape and shape.kind is Class.SECRET else None


def _decoded(parameter: str) -> str:
    return re.sub(r"%([0-9A-Fa-f]{2})", lambda code: chr(int(code[1], 16)), parameter)
