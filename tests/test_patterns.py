"""No regular expression has a possessive repeat or an atomic group: `re` mishandles them before Python 3.11.5.

Debian 12 has Python 3.11.2. There, a possessive repeat of a group matches less than it should
(https://github.com/python/cpython/issues/106052), and nothing fails but what the expression was to find.
"""

import ast
import re
import re._constants as opcodes  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from isvclog.patterns import late_pattern

SOURCE = Path(__file__).parents[1] / "src"
FORBIDDEN = (opcodes.POSSESSIVE_REPEAT, opcodes.ATOMIC_GROUP)
SUSPECT = re.compile(r"[*+?}]\+|\(\?>")
ANYTHING = "1"
"""What is parsed in the place of an expression in braces: valid between brackets, as a number and as an atom."""


def expressions(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and value of each raw string, and of each string that `late_pattern` or a function of `re` gets."""
    tree, lines = ast.parse(text), text.encode().splitlines()
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    arguments = {
        id(call.args[0]) for call in calls if call.args and ast.unparse(call.func).startswith(("re.", "late_pattern"))
    }
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in inner and (value := literal(node)):
            begin = re.match(rb"[a-zA-Z]*", lines[node.lineno - 1][node.col_offset :])
            if id(node) in arguments or (begin and b"r" in begin[0].lower()):
                yield node.lineno, value


def literal(node: ast.JoinedStr | ast.Constant) -> str | None:
    """Return the text of a literal; None if it is no text."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else ANYTHING for part in node.values)
    value = node.value
    return value.decode("latin-1") if isinstance(value, bytes) else value if isinstance(value, str) else None


def uses_forbidden(parsed: Any) -> bool:
    """Return True if a parsed expression, or anything in it, is a possessive repeat or an atomic group."""
    if isinstance(parsed, parser.SubPattern):
        parsed = parsed.data
    if isinstance(parsed, list | tuple):
        return any(map(uses_forbidden, parsed))
    # Opcodes are numbers, and equal those of repeats.
    return any(parsed is code for code in FORBIDDEN)


def offenders(text: str) -> Iterator[str]:
    """Yield the expressions of a module that use what is forbidden, with their lines.

    What looks like it and cannot be parsed is one of them; what replaces a match cannot be parsed either.
    """
    for line, expression in expressions(text):
        try:
            if uses_forbidden(parser.parse(expression)):
                yield f"{line}: {expression}"
        except re.error as error:
            if SUSPECT.search(expression):
                yield f"{line}: {error}: {expression}"


def test_no_expression_is_possessive_or_atomic() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{offender}"
        for path in sorted(SOURCE.rglob("*.py"))
        for offender in offenders(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "A = re.compile(r'(?:ab)*+c')",
        "A = re.compile('a?+')",
        "A = late_pattern('a?+')",
        "A = rb'x{2,3}+'",
        "A = rf'(?P<name>{WORD}(?>a|b))'",
        "A = re.split('(a++)', text)",
        "A = r'(?=(a++))'",
        "A = rf'a' rf'[{B}]*+'",
        "A = r'(?P=name)a*+'",
    ],
)
def test_each_kind_is_recognized(line: str) -> None:
    assert len([*offenders(f"import re\n{line}\n")]) == 1


@pytest.mark.parametrize(
    "line",
    [
        'A = "!$&\'*+,"',
        "A = r'[*+]+'",
        r"A = r'\++'",
        "A = rf'[^{B}]{{2}}'",
        "A = r'a*?b+?'",
        r"A = r'\1'",
        "A = r'a{28}'",
    ],
)
def test_nothing_else_is(line: str) -> None:
    assert [*offenders(f"import re\n{line}\n")] == []


def test_a_late_pattern_is_used_as_one_that_was_compiled() -> None:
    late, compiled = (
        late_pattern(r"(?P<word>[a-z]+)-?", re.IGNORECASE),
        re.compile(r"(?P<word>[a-z]+)-?", re.IGNORECASE),
    )
    for _ in range(2):
        assert [found["word"] for found in late.finditer("One-two")] == ["One", "two"]
        assert (late.pattern, late.flags, late.groups) == (compiled.pattern, compiled.flags, compiled.groups)
        assert late.sub("x", "One-two") == compiled.sub("x", "One-two")
        assert [bool(found) for found in (late.fullmatch("One"), late.match("-"), late.search("1a"))] == [
            True,
            False,
            True,
        ]
    assert late_pattern(rb"a").findall(b"aa") == [b"a", b"a"]
    with pytest.raises(AttributeError):
        _ = late.matches  # type: ignore[attr-defined]


def test_a_late_pattern_is_not_compiled_before() -> None:
    broken = late_pattern("(")
    with pytest.raises(re.error):
        broken.match("")
