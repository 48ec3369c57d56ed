"""Generated files: written, or only compared with `--check`."""

import sys
from collections.abc import Mapping
from pathlib import Path

from scripts import ROOT


def save_generated(texts: Mapping[Path, str | None]) -> int:
    """Write the text of each file, and remove those with None; return the exit code.

    With `--check`, write nothing, name each file that differs, and return 1 if there is one.
    """
    current = {path: path.read_text(encoding="utf-8") if path.exists() else None for path in texts}
    differing = sorted(path for path, text in texts.items() if current[path] != text)
    if "--check" in sys.argv[1:]:
        for path in differing:
            print(f"{path.relative_to(ROOT).as_posix()} is not current: run make generated", file=sys.stderr)
        return 1 if differing else 0
    for path in differing:
        if (text := texts[path]) is None:
            path.unlink()
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    return 0
