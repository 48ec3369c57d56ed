"""Shapes whose candidates need a check of their own: check digits, issuers, decoded logins."""

from collections.abc import Callable
from re import UNICODE

from isvclog.redact.shapes import BASIC, CARD, EMAIL, IBAN, PHONE, SSN, Class, Shape, compile_late

_NO_MAIL = frozenset(
    "local internal lan svc cluster localhost png jpg jpeg svg gif webp pdf json yaml yml txt md".split()
)
# Of the issuers of payment cards: how numbers begin, and how long they are.
_ISSUERS = (
    (range(4, 5), 1, (13, 16, 19)),
    (range(51, 56), 2, (16,)),
    (range(2221, 2721), 4, (16,)),
    (range(34, 38, 3), 2, (15,)),
    (range(6011, 6012), 4, (16, 19)),
    (range(644, 660), 3, (16, 19)),
    (range(3528, 3590), 4, (16, 19)),
    (range(300, 306), 3, (14,)),
    (range(36, 40), 2, (14,)),
    (range(62, 63), 2, (16, 17, 18, 19)),
)
# Of the IBAN registry: how long the numbers of a country are.
_IBANS = """
    NO15 BE16 DK18 FI18 NL18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 XK20 CH21 HR21 LI21 LV21 BG22 BH22 CR22 DE22 GB22
    GE22 IE22 ME22 RS22 VA22 AE23 GI23 IL23 IQ23 TL23 AD24 CZ24 ES24 MD24 PK24 RO24 SA24 SE24 SK24 TN24 VG24 PT25 IS26
    TR26 FR27 GR27 IT27 MC27 MR27 SM27 AL28 AZ28 BY28 CY28 DO28 GT28 HU28 LB28 PL28 SV28 BR29 EG29 PS29 QA29 UA29 JO30
    KW30 MU30 MT31
"""
_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _IBANS.split()}
_PHONE_DIGITS = range(10, 16)  # E.164 allows fewer; so few may be anything


def is_login(encoded: str) -> bool:
    """Return True if this is a name and a password as a browser sends them, and not a word behind `basic`."""
    from binascii import Error, a2b_base64

    try:
        decoded = a2b_base64(encoded + "=" * (-len(encoded) % 4))
    except (Error, ValueError):
        return False
    return b":" in decoded and decoded.isascii()


def _has_login(value: str) -> bool:
    return "asic " in value and any(map(is_login, compile_late(BASIC).findall(value)))


def _has_manifest(value: str) -> bool:
    """Check for a manifest of a Secret of Kubernetes, as YAML."""
    if "Secret" not in value or ("data:" not in value and "stringData:" not in value):
        return False
    return (
        compile_late(r"(?:\A|\n)[ ]*kind: *[\"']?Secret\b").search(value) is not None
        and compile_late(r"(?:\A|\n)[ ]*(?:d|stringD)ata:").search(value) is not None
    )


def _has_address(value: str) -> bool:
    return "@" in value and any(_is_personal(found[0]) for found in compile_late(EMAIL, UNICODE).finditer(value))


def _is_personal(address: str) -> bool:
    """Return True if people read mail to this address: not `git@`, service accounts and names inside a cluster."""
    user, _, domain = address.lower().partition("@")
    return user != "git" and domain.rpartition(".")[2] not in _NO_MAIL and not domain.endswith("gserviceaccount.com")


def _has_card(value: str) -> bool:
    return any(_is_card(found[0]) for found in compile_late(CARD).finditer(value))


def _is_card(candidate: str) -> bool:
    digits = "".join(filter(str.isdigit, candidate))
    issued = any(int(digits[:size]) in numbers and len(digits) in lengths for numbers, size, lengths in _ISSUERS)
    return issued and len(set(digits)) > 1 and _passes_luhn(digits)


def _passes_luhn(digits: str) -> bool:
    """Check whether the last digit is the check digit of ISO/IEC 7812."""
    doubled = (int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits)))
    return sum(number - 9 * (number > 9) for number in doubled) % 10 == 0


def _has_ssn(value: str) -> bool:
    return value.count("-") >= 2 and compile_late(SSN).search(value) is not None


def _has_iban(value: str) -> bool:
    return any(_is_iban(value, found.start()) for found in compile_late(IBAN).finditer(value))


def _is_iban(value: str, start: int) -> bool:
    """Check the length, the groups of four and the check digits (ISO 7064) of the number that starts there."""
    length = _LENGTHS.get(value[start : start + 2].upper())
    if not length:
        return False
    groups, rest = divmod(length, 4)
    ending = f" ?[A-Za-z0-9]{{{rest}}}" if rest else ""
    found = compile_late(rf"[A-Za-z0-9]{{4}}(?: ?[A-Za-z0-9]{{4}}){{{groups - 1}}}{ending}(?![\w-])").match(
        value, start
    )
    if not found:
        return False
    number = found[0].replace(" ", "")
    return int("".join(str(int(char, 36)) for char in number[4:] + number[:4])) % 97 == 1


def _has_phone(value: str) -> bool:
    return ("+" in value or "00" in value) and any(map(_is_phone, compile_late(PHONE).findall(value)))


def _is_phone(candidate: str) -> bool:
    """Check the number of digits; those of North America have eleven, and an area that begins with two or more."""
    digits = "".join(filter(str.isdigit, candidate)).removeprefix("00")
    if digits[0] == "1":
        return len(digits) == 11 and digits[1] in "23456789"
    return len(digits) in _PHONE_DIGITS


Checks = tuple[tuple[Shape, Callable[[str], bool]], ...]

LETTERS: Checks = (
    (Shape("a user name and password", Class.SECRET), _has_login),
    (Shape("a Secret of Kubernetes", Class.SECRET), _has_manifest),
    (Shape("an e-mail address", Class.PERSONAL), _has_address),
)
"""Each shape with the function that looks for it in a value."""
NUMBERS: Checks = (
    (Shape("a card number", Class.SECRET), _has_card),
    (Shape("a social security number", Class.PERSONAL), _has_ssn),
    (Shape("an IBAN", Class.PERSONAL), _has_iban),
    (Shape("a phone number", Class.PERSONAL), _has_phone),
)
"""Those that have at least `FEWEST_DIGITS` digits."""
FEWEST_DIGITS = 9
