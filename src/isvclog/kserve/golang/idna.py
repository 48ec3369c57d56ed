"""Host names outside ASCII, as golang.org/x/net/idna converts them for net/http's client."""

from isvclog.kserve.golang.punycode import INVALID_BYTES, PunycodeError, decode, encode
from isvclog.kserve.golang.strings import to_bytes

_ACE_PREFIX = "xn--"
_DOTS = dict.fromkeys((0x3002, 0xFF0E, 0xFF61), ".")  # ideographic and full-width full stops
_IGNORED = dict.fromkeys(
    (0xAD, 0x34F, 0x180B, 0x180C, 0x180D, 0x180F, 0x200B, 0x2060, 0x2064, 0xFEFF, *range(0xFE00, 0xFE10),
     *range(0x1BCA0, 0x1BCA4), *range(0xE0100, 0xE01F0))
)  # fmt: skip
_JOINERS = "\u200c\u200d"
_NOT_MAPPED = "\xdf\u03c2" + _JOINERS
_REPLACEMENTS = "\ufffc\ufffd"
_LEADING_BYTES = (0xC2, 0xE0, 0xF0)  # of characters with two, three and four bytes
_VIRAMA = 9
_DISALLOWED_CATEGORIES = ("Cc", "Cf", "Cn", "Co", "Zl", "Zp", "Zs")
_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))


def to_ascii(host: str) -> str:
    """Encode each label in punycode, as `idna.ToASCII` does for the `Host` header.

    Nothing is mapped (`BÜCHER` is not `bücher`) or checked, but PunycodeError is raised for a broken `xn--` label.
    """
    labels = [decode(label[4:]) if label.startswith(_ACE_PREFIX) else label for label in host.split(".")]
    return _encoded(labels)


def lookup(host: str) -> str | None:
    """Convert a host to the name to resolve, as `idna.Lookup.ToASCII` does; None if Go returns an error.

    The name is mapped to lower case and NFC. Python has no tables for UTS 46. They are derived from those for
    normalisation, case and direction, which differs from Go for some characters that hardly occur in names (old
    Georgian capitals, Hangul fillers, ideographic description) and for joiners that do not follow a virama.
    """
    mapped = _mapped(host)
    if mapped is None:
        return None
    labels = mapped.split(".")
    for index, label in enumerate(labels):
        if label.startswith(_ACE_PREFIX):
            try:
                labels[index] = decode(label[4:])
            except PunycodeError:
                return None
            if _mapped(labels[index]) != labels[index]:
                return None
    named = [label for label in labels if label]
    return _encoded(labels) if all(map(_is_label, named)) and _fits_direction(named) else None


def _encoded(labels: list[str]) -> str:
    return ".".join(label if label.isascii() else _ACE_PREFIX + encode(label) for label in labels)


def _mapped(host: str) -> str | None:
    import unicodedata  # a shared library that hardly any run needs

    if any(least <= byte < 0xF8 for byte, least in zip(reversed(to_bytes(host)), _LEADING_BYTES, strict=False)):
        return None  # it breaks off within a character
    chars = []
    for char in host.translate(_DOTS).translate(_IGNORED):
        mapped = _mapped_char(char)
        if mapped is None:
            return None
        chars.append(mapped)
    return unicodedata.normalize("NFC", "".join(chars).translate(INVALID_BYTES))


def _mapped_char(char: str) -> str | None:
    """Fold a character to lower case and NFKC; None if a host name may not contain it."""
    from unicodedata import category, normalize

    if char == "." or char in _NOT_MAPPED:
        return char
    folded = normalize("NFKC", normalize("NFKC", char).casefold())
    plain = all(part.isalnum() or part == "-" for part in folded if part.isascii())
    allowed = plain and char not in _REPLACEMENTS and category(char) not in _DISALLOWED_CATEGORIES
    return folded if allowed else None


def _is_label(label: str) -> bool:
    import unicodedata

    data = label.encode()
    if label.startswith("-") or label.endswith("-") or (len(data) > 4 and data[2:4] == b"--"):
        return False
    if unicodedata.category(label[0]).startswith("M"):
        return False
    previous = zip("." + label, label, strict=False)
    return all(unicodedata.combining(before) == _VIRAMA for before, char in previous if char in _JOINERS)


def _fits_direction(labels: list[str]) -> bool:
    """Check the Bidi rule (RFC 5893, section 2) on all labels if one of them has a right-to-left character."""
    from unicodedata import bidirectional

    directions = [list(map(bidirectional, label)) for label in labels]
    if _RIGHT_TO_LEFT.isdisjoint(direction for label in directions for direction in label):
        return True
    return all(map(_follows_bidi_rule, directions))


def _follows_bidi_rule(directions: list[str]) -> bool:
    found = set(directions)
    last = next((direction for direction in reversed(directions) if direction != "NSM"), "")
    neutral = {"ES", "CS", "ET", "ON", "BN", "NSM", "EN"}
    if directions[0] == "L":
        return found <= neutral | {"L"} and last in ("L", "EN")
    if directions[0] not in ("R", "AL") or {"EN", "AN"} <= found:
        return False
    return found <= neutral | _RIGHT_TO_LEFT and last in ("R", "AL", "EN", "AN")
