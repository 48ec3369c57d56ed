"""Colours of the output: the decision to use them, and how text is painted."""

import os
from collections.abc import Callable
from typing import TextIO

from isvclog.findings import Severity

Paint = Callable[[str, str], str]
"""Function `paint(text, style)` that returns the text in a style, in rich's notation: `"bold red"`."""

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
"""Style of each severity."""


def wants_color(choice: str, stream: TextIO) -> bool:
    """Decide whether text written to `stream` is coloured; `choice` is `always`, `never` or `auto`.

    With `auto`, NO_COLOR (no-color.org) is checked before FORCE_COLOR (force-color.org); each counts if it is set and
    not empty. If neither counts, text is coloured if the stream is a terminal and TERM is not `dumb`.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def painter(color: bool) -> Paint:
    """Create a `Paint`. rich is imported only if `color` is true. The text itself is never read as markup."""
    if not color:
        return lambda text, style: text
    from rich.color import ColorSystem
    from rich.style import Style

    return lambda text, style: Style.parse(style).render(text, color_system=ColorSystem.STANDARD)
