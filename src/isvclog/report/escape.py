"""Escaping of text from manifests, file names and clusters: control characters are shown and have no effect."""

from collections.abc import Callable

from isvclog.patterns import late_pattern

# CI systems obey what they find in a log: GitHub `::add-mask::` at the start of a line, blanks aside, and `##[group]`
# anywhere in it, Azure `##vso[...]`, TeamCity `##teamcity[...]`.
_COMMAND = late_pattern(r"(?:^|(?<= )):(?=:[A-Za-z])|#(?=#\w*\[)")
# As character references, which mean the same in any place; an at sign would make a link.
_SPECIAL = str.maketrans({char: f"&#{ord(char)};" for char in "&<>|\\`*_[]~@!#"})


def printable(text: str) -> str:
    """Escape every character that does not simply show as itself, in Python's notation.

    An escape character becomes `\\x1b`, a line feed `\\n`, a right-to-left override `\\u202e`, a zero width space
    `\\u200b`, the byte 0xff of a file name that is not UTF-8 `\\udcff`. Unicode's own classification, by way of
    `str.isprintable`, decides which characters these are; letters and symbols of any script do not change. If a CI
    system would read a part of the text as a command in its log, the first character of that part is escaped too:
    `\\x3a:error`, `\\x23#[group]`.
    """
    if not text.isprintable():
        text = "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
    if "::" in text or "##" in text:
        text = _COMMAND.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
    return text


def escape_markdown(text: str) -> str:
    """Escape text so that nothing in it is read as Markdown, HTML or a link."""
    return printable(text).translate(_SPECIAL).replace("://", "&#58;//").replace("www.", "www&#46;")


def markdown_code(text: str) -> str:
    """Format text as code, in which GitHub and GitLab see no mention and no reference to an issue; empty for none."""
    return f"<code>{escape_markdown(text)}</code>" if text else ""


def mark_names(sentence: str, escape: Callable[[str], str] = escape_markdown) -> str:
    """Escape a sentence for Markdown or, with another `escape`, for HTML; names in backticks become code.

    A sentence with an odd number of backticks is escaped as a whole.
    """
    parts = sentence.split("`")
    if not len(parts) % 2:
        return escape(sentence)
    return "".join(f"<code>{escape(part)}</code>" if index % 2 else escape(part) for index, part in enumerate(parts))
