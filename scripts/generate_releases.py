"""Write `releases.json`, which isvclog reads in place of `releases.toml`, because Python reads JSON much faster.

`--check` writes nothing and fails if the table differs.
"""

import json
import sys
import tomllib
from typing import Any

from scripts import ROOT
from scripts.generated import save_generated

SOURCE = ROOT / "src" / "isvclog" / "kserve" / "apis" / "releases.toml"
TABLE = SOURCE.with_suffix(".json")


def generated() -> str:
    """Return the text of the table: a line for each capability."""
    sections = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {_rows(rows)}" for name, rows in sections.items()) + "\n}\n"


def _rows(rows: Any) -> str:
    if isinstance(rows, list):
        return json.dumps(rows)
    lines = (f" {json.dumps(name)}: {json.dumps(row, ensure_ascii=False)}" for name, row in rows.items())
    return "{\n" + ",\n".join(lines) + "\n}"


if __name__ == "__main__":
    sys.exit(save_generated({TABLE: generated()}))
