"""Write `releases.json`, which isvclog reads in place of `releases.toml`, because Python reads JSON much faster.

`--check` writes nothing and fails if the table differs.
"""

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "isvclog" / "kserve" / "apis" / "releases.toml"
TABLE = SOURCE.with_suffix(".json")


def generated() -> str:
    """The text of the table: a line for each capability."""
    sections = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {_rows(rows)}" for name, rows in sections.items()) + "\n}\n"


def _rows(rows: Any) -> str:
    if isinstance(rows, list):
        return json.dumps(rows)
    lines = (f" {json.dumps(name)}: {json.dumps(row, ensure_ascii=False)}" for name, row in rows.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def main() -> int:
    text = generated()
    current = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    if "--check" in sys.argv[1:]:
        if text != current:
            print(f"{TABLE.relative_to(ROOT)} is not current: run make generated", file=sys.stderr)
        return int(text != current)
    TABLE.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
