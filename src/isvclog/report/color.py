"""Whether to colour, and how."""

import os
from collections.abc import Callable
from typing import TextIO

from isvclog.findings import Severity

Paint = Callable[[str, str], str]
"""`paint(text, style)` gives the text in that style, in rich's words: `"bold red"`."""

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
"""The styles of severities."""


def wants_color(choice: str, stream: TextIO) -> bool:
    """Whether text written to `stream` is coloured; `choice` is `always`, `never` or `auto`.

    `auto` follows NO_COLOR (no-color.org) before FORCE_COLOR (force-color.org), each when set and not empty, and then
    asks whether the stream is a terminal that can do more than print.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def painter(color: bool) -> Paint:
    """A `Paint`; rich is imported only when it has something to do. The text itself is never read as markup."""
    if not color:
        return lambda text, style: text
    from rich.color import ColorSystem
    from rich.style import Style

    return lambda text, style: Style.parse(style).render(text, color_system=ColorSystem.STANDARD)
