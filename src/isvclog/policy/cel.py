"""Text of CEL expressions: literals, and the shapes that the checks have in common.

The expressions use the standard library of CEL and its extension of strings, both as Kubernetes 1.30 and later have
them, and no function that only one engine knows.
"""

from collections.abc import Iterable

_SHOWN = "^[A-Za-z0-9][-A-Za-z0-9._/]{0,99}$"
"""Matches what a message may repeat: names as Kubernetes and HTTP have them, of at most 100 characters."""
_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def text(value: str) -> str:
    """Write a string literal."""
    return f"'{''.join(_ESCAPES.get(char) or _printable(char) for char in value)}'"


def _printable(char: str) -> str:
    return char if char.isprintable() else f"\\U{ord(char):08x}"


def regex(pattern: str) -> str:
    """Write a regular expression as a raw literal; raise ValueError for one with both kinds of quotes."""
    quote = "'" if "'" not in pattern else '"'
    if quote in pattern or "\n" in pattern:
        raise ValueError(f"the pattern {pattern!a} has no raw literal")
    return f"r{quote}{pattern}{quote}"


def string_list(values: Iterable[str]) -> str:
    """Write a list of string literals."""
    return f"[{', '.join(map(text, values))}]"


def record(**fields: str) -> str:
    """Write a map with named expressions.

    Kubernetes only compiles maps whose values have one type, so each is `dyn`.
    """
    return "{" + ", ".join(f"{text(name)}: dyn({expression})" for name, expression in fields.items()) + "}"


def characters(values: str) -> str:
    """Write the class of a regular expression with exactly these characters, all of them ASCII."""
    for ends in ("AZ", "az", "09"):
        whole = "".join(map(chr, range(ord(ends[0]), ord(ends[1]) + 1)))
        if whole in values:
            return f"[{ends[0]}-{ends[1]}{characters(values.replace(whole, ''))[1:]}"
    return "[" + "".join(char if char.isalnum() else "\\x" + format(ord(char), "02x") for char in values) + "]"


def shown(name: str) -> str:
    """Write the expression that quotes a name for a message, or says `an entry` if it may not be repeated."""
    return f"({name}.matches({regex(_SHOWN)}) ? '`' + {name} + '`' : 'an entry')"


def first_items(variable: str, condition: str, name: str = "i") -> str:
    """Write the list of the first item of each logger that fulfils the condition, as a message names it.

    `variable` is a list of loggers `l` with `component` and `items`; the condition may use `l` and an item `i`. `name`
    is the part of the item that is shown.
    """
    label = f"{shown(name)} + ' (' + l.component + ')'"
    found = f"l.items.filter(i, {condition}).map(i, {label})"
    return f"variables.{variable}.map(l, {found}).filter(f, size(f) > 0).map(f, f[0])"


def each(variable: str, condition: str, field: str = "") -> str:
    """Write the list of the loggers `l` of a variable that fulfil the condition, each as the path of one of its fields.

    Without a field, it is the path of the component.
    """
    ending = text(f".{field}`" if field else "`")
    return f"variables.{variable}.filter(l, {condition}).map(l, '`spec.' + l.component + {ending})"


def if_true(condition: str, name: str) -> str:
    """Write a list with one literal name if the condition is true, and else an empty one."""
    return f"({condition}) ? [{text(f'`{name}`')}] : []"


def glob(pattern: str, anything: str = ".*", *, anchored: bool = True) -> str:
    """Write the expression of the regular expression for a shell pattern; `anything` is what its `*` may be.

    As in the project file, `?` is any character, and `[...]` and `[!...]` are classes.
    """
    written = pattern
    for char in "\\.+^$(){}|":
        escaped = "\\" + char
        written += f".replace({text(char)}, {text(escaped)})"
    written += f".replace('?', '.').replace('[!', '[^').replace('*', {text(anything)})"
    return f"'(?s)^' + {written} + '$'" if anchored else written
