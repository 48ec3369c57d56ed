"""Kubernetes' `resource.ParseQuantity`: `100m`, `1Gi`, `1e3`."""

import re
from functools import lru_cache
from math import ceil

from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.strconv import NumberError, parse_int

_SUFFIX_EXPONENTS = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY_EXPONENTS = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}

_LARGEST, _EXTREME = (1 << 63) - 1, 1000


class QuantityError(GoError):
    """`resource.ParseQuantity` rejected the text."""


@lru_cache(maxsize=64)
def check_quantity(text: str) -> None:
    """Raise QuantityError if `resource.ParseQuantity` (k8s.io/apimachinery) rejects this text.

    The check is looser than the documented grammar: `.`, `+` and `1.` pass. Missing digits are only an error if the
    number is read with arbitrary precision, which is slow, as for `.Ei` and `.e-10`.
    """
    match = re.fullmatch(r"([+-]?0*([0-9]*)(?:\.([0-9]*))?)([eEinumkKMGTP]*[-+]?[0-9]*)", text)
    if not text or not match:
        raise QuantityError(
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
        )
    number, _, _, suffix = match.groups()
    binary = _BINARY_EXPONENTS.get(suffix)
    exponent = _decimal_exponent(suffix) if binary is None else binary
    if exponent is None:
        raise QuantityError("unable to parse quantity's suffix")
    slow = exponent >= 50 if binary is not None else exponent < -9
    if slow and not any(char.isdigit() for char in number):
        raise QuantityError("unable to parse numeric part of quantity")


def quantity_value(text: str) -> int:
    """Return the value of a quantity as `Quantity.Value` does, rounded up, at most 2**63-1. Raises QuantityError."""
    from fractions import Fraction  # with decimal, a hundredth of a short run

    check_quantity(text)
    written = re.fullmatch(r"([+-]?)([0-9]*)\.?([0-9]*)(.*)", text)
    assert written
    sign, whole, fraction, suffix = written.groups()
    number = Fraction(int(whole or "0")) + Fraction(int(fraction or "0"), 10 ** len(fraction))
    if (binary := _BINARY_EXPONENTS.get(suffix)) is not None:
        number *= 1 << binary
    else:
        # A larger exponent is out of range whatever the number is, and would take long to compute.
        exponent = max(-_EXTREME, min(_decimal_exponent(suffix) or 0, _EXTREME))
        number *= Fraction(10**exponent) if exponent >= 0 else Fraction(1, 10**-exponent)
    return min(ceil(-number if sign == "-" else number), _LARGEST)


def _decimal_exponent(suffix: str) -> int | None:
    """Return the power of ten as Go's 32-bit number, or None if the suffix is not a decimal one."""
    if suffix in _SUFFIX_EXPONENTS:
        return _SUFFIX_EXPONENTS[suffix]
    if suffix[:1] not in ("e", "E"):
        return None
    try:
        exponent = parse_int(suffix[1:], base=10)
    except NumberError:
        return None
    return (exponent + (1 << 31)) % (1 << 32) - (1 << 31)
