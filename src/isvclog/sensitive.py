"""What must not be shown: secrets and personal data, by the words of a key and by the shape of a value.

Keys are judged word by word, so that `tokenizer` and `author` pass and `api-key`, `apiKey` and `access_token` do not.
"""

import re
from itertools import pairwise

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

_SECRET_WORDS = frozenset(
    "password passwd passphrase pwd secret secrets token tokens apikey credential credentials creds session cookie "
    "authorization bearer jwt".split()
)
_SECRET_PAIRS = frozenset(
    {
        ("api", "key"),
        ("private", "key"),
        ("access", "key"),
        ("secret", "key"),
        ("encryption", "key"),
        ("signing", "key"),
    }
)
_PERSONAL_WORDS = frozenset("email phone ssn birthdate passport".split())
_PERSONAL_PAIRS = frozenset({("e", "mail"), ("birth", "date"), ("national", "id"), ("social", "security")})
# `my-secret-name` and `secretRef` point to a secret and hold none.
_REFERENCES = frozenset("name names ref reference type enabled".split())
# `max-tokens` and `eos-token-id` are about a model's tokens, and a number with such a word is no secret.
_MEASURES = frozenset(
    "max min maximum minimum limit limits count counts total number num per rate budget quota size length usage ttl "
    "timeout age expiry rotation interval window seconds minutes hours days input output prompt completion".split()
)
_MODEL_WORDS = frozenset("eos bos pad".split())
_NUMBER = re.compile(r"[+-]?\d[\d_,.]{0,11}\s?(?:%|[a-zA-Z]{1,3})?\Z")
# They hold more than their names say: the whole manifest, the store's parameters, Vault's instructions, a cloud role.
_TELLING_KEYS = re.compile(
    r"kubectl\.kubernetes\.io/last-applied-configuration\Z|internal\.serving\.kserve\.io/storage-spec-param\Z"
    r"|serving\.kserve\.io/logger-secret-|vault\.hashicorp\.com/|eks\.amazonaws\.com/role-arn\Z"
    r"|iam\.amazonaws\.com/|iam\.gke\.io/gcp-service-account\Z|azure\.workload\.identity/"
)
# Names of URL parameters that hold a secret or a signature, beside those that would be sensitive anywhere.
_PARAMETER_WORDS = frozenset("sig signature sas key auth code".split())
_HEADERS = frozenset(
    "authorization proxy-authorization cookie set-cookie x-api-key x-amz-security-token x-forwarded-access-token "
    "x-auth-token x-csrf-token x-goog-iap-jwt-assertion".split()
)

# Annotations may be as long as 256 KiB: no pattern may look at the same long run from each of its characters.
_SHAPES = re.compile(
    r"-----BEGIN [A-Z ]*(?:PRIVATE KEY|CERTIFICATE)"
    r"|\beyJ[\w-]{8,500}\.[\w-]{8,}\."  # JWT
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"  # AWS access key
    r"|\bAIza[\w-]{35}|\bya29\.[\w-]{20}"  # Google
    r"|\bgh[pousr]_\w{30}|\bgithub_pat_\w{20}|\bglpat-[\w-]{20}"
    r"|\bxox[abeoprs]-[\w-]{10}"  # Slack
    r"|\bhf_[A-Za-z0-9]{20}|\bsk-[\w-]{16}|\b[rs]k_(?:live|test)_\w{10}"  # Hugging Face, OpenAI, Stripe
    r"|\bAccountKey=|\bSharedAccessSignature=|[?&]sig=[\w%]{20}"  # Azure
    r"|\b[a-z][a-z0-9+.-]{0,20}://[^\s/@:]+:[^\s/@]+@"  # a URL with a password
    r"|\b(?:Bearer|Basic) [\w+/=.-]{8}"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+\.[\w.-]*[a-zA-Z]")
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){13,19}(?!\d)")


def is_sensitive(key: str, value: str) -> bool:
    """Whether an annotation's value should be hidden."""
    return names_secret(key, value) or has_sensitive_shape(value)


def names_secret(key: str, value: str) -> bool:
    """Whether the key says that this value is secret or personal: `tokens` with a number is a quantity."""
    return has_sensitive_name(key) and not (_NUMBER.match(value) and {*_words(key)} & {*_MEASURES, "tokens"})


def has_sensitive_name(key: str) -> bool:
    """Whether the key says that its value is secret or personal; references to a secret are neither."""
    if _TELLING_KEYS.match(key):
        return True
    words = _words(key)
    if not words or words[-1] in _REFERENCES:
        return False
    pairs, telling = set(pairwise(words)), {*words} & (_SECRET_WORDS | _PERSONAL_WORDS)
    if {*words} & (_MEASURES | _MODEL_WORDS):
        telling -= {"token", "tokens"}
    return bool(telling or pairs & (_SECRET_PAIRS | _PERSONAL_PAIRS))


def is_sensitive_parameter(name: str) -> bool:
    """Whether a parameter of a URL is named like a secret or a signature."""
    return has_sensitive_name(name) or not _PARAMETER_WORDS.isdisjoint(_words(name))


def has_sensitive_shape(value: str) -> bool:
    """Whether the value looks like a known kind of credential, a card number or an e-mail address."""
    return bool(_SHAPES.search(value) or _EMAIL.search(value) or any(map(_passes_luhn, _CARD.findall(value))))


def is_sensitive_header(name: str) -> bool:
    """Whether a request header carries credentials."""
    return name.lower() in _HEADERS or has_sensitive_name(name) or "signature" in _words(name)


def masked(value: str) -> str:
    """What may be shown of a sensitive value: its first and last two characters, where it is long, and its length."""
    shown = f"{value[:2]}…{value[-2:]}" if len(value) >= 12 else "…"
    return f"{shown} ({len(value)} characters)"


def _words(key: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(key.rpartition("/")[2])]


def _passes_luhn(candidate: str) -> bool:
    digits = [int(char) for char in candidate if char.isdigit()][::-1]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = [digit if index % 2 == 0 else digit * 2 - 9 * (digit > 4) for index, digit in enumerate(digits)]
    return sum(doubled) % 10 == 0
