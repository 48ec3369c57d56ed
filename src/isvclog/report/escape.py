"""Text from a manifest, a file name or a cluster, made safe to show: control characters are seen, never obeyed."""

import re

# CI systems obey what they find in a log: GitHub `::add-mask::` at the start of a line, blanks aside, and `##[group]`
# anywhere in it, Azure `##vso[...]`, TeamCity `##teamcity[...]`.
_COMMAND = re.compile(r"(?:^|(?<= )):(?=:[A-Za-z])|#(?=#\w*\[)")


def printable(text: str) -> str:
    """The text with every character that does not simply show as itself written as Python escapes it.

    An escape character becomes `\\x1b`, a line feed `\\n`, a right-to-left override `\\u202e`, a zero width space
    `\\u200b`, the byte 0xff of a file name that is not UTF-8 `\\udcff`. Which characters those are is Unicode's own
    classification, by way of `str.isprintable`; letters and symbols of any script stay as they are. Of what a CI system
    would take for a command in its log, the first character is written likewise: `\\x3a:error`, `\\x23#[group]`.
    """
    if not text.isprintable():
        text = "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
    if "::" in text or "##" in text:
        text = _COMMAND.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
    return text
