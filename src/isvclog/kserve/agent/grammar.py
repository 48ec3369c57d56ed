r"""The grammar of one value in the agent's list of annotations, as regular expressions.

`read_pairs` reads the whole list; these patterns read one value of it, for programs that have regular expressions and
no parser, such as admission policies. They are valid in RE2 and in Python. A value must have `\n` for `\r\n`, because
`encoding/csv` reads it so. A property test proves that they agree with `read_pairs`.
"""

_PLAIN = r'[^,"\n]*'
_QUOTED = r'"(?:[^"]|"")*"'
_ITEMS = rf"^{_PLAIN}(?:,(?:{_PLAIN}|{_QUOTED}))*"
_END = r"(?:\n|$)"

READABLE = _ITEMS + _END
"""A value that the agent can read; a double quote may only surround a whole item after a comma."""
CONTINUED = rf"^{_PLAIN},"
"""A value that a comma ends, with an item after the comma."""
BARE_ITEM = rf'{_ITEMS},(?:[^,"=\n]*|"(?:[^"=]|"")*")(?:,|\n|$)'
"""A value with an item without `=` after a comma, at which the agent exits."""
CUT = rf"{_ITEMS}\n"
"""A readable value with a line break that ends the list."""
