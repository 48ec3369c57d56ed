"""Regular expressions that are compiled at their first use: a short run imports two hundred, and uses few of them."""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    late_pattern = re.compile
else:

    class late_pattern:
        """A pattern that is used as one of `re.compile`, except in calls of functions of `re`."""

        def __init__(self, pattern: str | bytes, flags: int = 0) -> None:
            self._given = pattern, flags

        def __getattr__(self, name: str) -> Any:
            """Compile the pattern, and keep its methods here, where they are found from then on."""
            compiled = re.compile(*self._given)
            for method in ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"):
                setattr(self, method, getattr(compiled, method))
            return getattr(compiled, name)
