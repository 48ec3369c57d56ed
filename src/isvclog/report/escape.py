"""Text from a manifest, a file name or a cluster, made safe to show: control characters are seen, never obeyed."""


def printable(text: str) -> str:
    """The text with every character that does not simply show as itself written as Python escapes it.

    An escape character becomes `\\x1b`, a line feed `\\n`, a right-to-left override `\\u202e`, a zero width space
    `\\u200b`, the byte 0xff of a file name that is not UTF-8 `\\udcff`. Which characters those are is Unicode's own
    classification, by way of `str.isprintable`; letters and symbols of any script stay as they are.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
