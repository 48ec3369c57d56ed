"""Request headers that carry credentials, or that reveal who sent the request."""

from isvclog.redact.keys import personal_name, secret_name
from isvclog.redact.shapes import Class
from isvclog.redact.values import any_case_shape, value_shape
from isvclog.redact.words import Vocabulary, is_allowed, split_words

_CARRIED = {
    "credentials": """
        authorization proxy-authorization authentication dpop x-serverless-authorization x-ms-copy-source-authorization
        """,
    "a session cookie": "cookie set-cookie cookie2 set-cookie2",
    "a client certificate": """
        x-forwarded-client-cert x-client-cert ssl-client-cert x-ssl-client-cert x-amzn-mtls-clientcert x-arr-clientcert
        """,
    "a token that identifies the user": "x-amzn-oidc-data x-goog-iap-jwt-assertion cf-access-jwt-assertion",
    "the claims of the user's token": """
        x-ms-client-principal x-endpoint-api-userinfo x-apigateway-api-userinfo x-userinfo
        """,
    "a key": "x-functions-key x-rapidapi-key dd-application-key",
    "an encryption key": "x-amz-server-side-encryption-customer-key x-ms-encryption-key",
    "an e-mail address": "from",
}
CARRYING_HEADERS = {name: carried for carried, names in _CARRIED.items() for name in names.split()}
"""The contents of known headers, by their names in lower case."""


def header_secret(name: str, vocabulary: Vocabulary | None = None) -> str | None:
    """Name what a request header carries that should not be logged ("a session cookie", "api key"), or return None.

    Some write the value behind the name (`X-Api-Key: value`): it never matches a header, and may be secret itself.
    """
    entry = name
    name, value = split_entry(entry)
    if is_allowed(entry, vocabulary) or is_allowed(name, vocabulary):
        return None
    if value and (shape := value_shape(value)) and shape.kind is not Class.HINT:
        return shape.name
    if shape := any_case_shape(name):
        return shape.name
    if known := CARRYING_HEADERS.get(name.lower()):
        return known
    found = secret_name(name, vocabulary=vocabulary) or personal_name(name, vocabulary)
    words = split_words(name)
    return found or ("signature" if words and words[-1] in ("signature", "256") and "signature" in words else None)


def split_entry(entry: str) -> tuple[str, str]:
    """Split what is listed as a header into a name and, behind a colon or an equals sign, a value."""
    name, _, value = entry.replace("=", ":", 1).partition(":")
    return name.strip(), value.strip()


def is_sensitive_header(name: str) -> bool:
    """Check whether a request header carries credentials or reveals who sent the request."""
    return header_secret(name) is not None or ("signature" in split_words(name) and not is_allowed(name))
