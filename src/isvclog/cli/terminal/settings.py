"""The settings of the formats that come from the terminal: its width, and whether it shows colours."""

import os
import shutil
import sys

from isvclog.report.color import wants_color
from isvclog.report.formats import FormatSettings

_DEFAULT = FormatSettings()


def terminal_settings(color: str, settings: FormatSettings = _DEFAULT) -> FormatSettings:
    """Fit the settings to standard output. `color` is `always`, `never` or `auto`."""
    return settings._replace(color=wants_color(color, sys.stdout), width=terminal_width(), terminal=sys.stdout.isatty())


def terminal_width() -> int | None:
    """Return the columns at which to wrap standard output: COLUMNS, else the terminal's; None if there is neither."""
    if not sys.stdout.isatty() and not os.environ.get("COLUMNS"):
        return None
    return shutil.get_terminal_size((0, 0)).columns or None
