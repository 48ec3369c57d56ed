"""Names of columns for listed annotations and headers: the same in every format and run, and never two alike."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256

LONGEST = 63
"""The most characters of a column name: PostgreSQL cuts off what is longer."""
_DIGESTS = (8, 40)
"""The hexadecimal digits of a digest; the second number where two keys share the first, which can be searched for."""
_OTHER = re.compile("[^a-z0-9]+")
_DIGESTED = re.compile("|".join(f"_[0-9a-f]{{{digits}}}\\Z" for digits in _DIGESTS))


def name_columns(keys: Iterable[str], prefix: str) -> Mapping[str, str]:
    """Choose a column for each key, such as `annotation_example_com_team` for `example.com/team`.

    A column is the prefix and the key in lower case, with `_` for everything but ASCII letters and digits. It ends in a
    digest of the key if the key is too long, has no letter or digit, has the same column as another key, or if its
    column looks as if it ended in a digest. The order of the keys does not matter.
    """
    plain = {key: f"{prefix}_{_OTHER.sub('_', key.lower()).strip('_')}" for key in keys}
    shared = Counter(plain.values())
    short = {
        key: _digested(key, name, _DIGESTS[0]) if shared[name] > 1 or _is_unfit(name, prefix) else name
        for key, name in plain.items()
    }
    shared = Counter(short.values())
    return {key: _digested(key, plain[key], _DIGESTS[1]) if shared[name] > 1 else name for key, name in short.items()}


def _is_unfit(name: str, prefix: str) -> bool:
    return len(name) > LONGEST or name == f"{prefix}_" or _DIGESTED.search(name) is not None


def _digested(key: str, name: str, digits: int) -> str:
    digest = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:digits]
    return f"{name[: LONGEST - digits - 1].rstrip('_')}_{digest}"
