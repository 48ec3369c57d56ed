"""The runtimes that KServe ships: those of one release, from a table that `scripts/generate_runtimes.py` writes."""

import json
from functools import cache
from pathlib import Path

from isvclog.kserve.apis.runtimes import Runtime, read_runtime

SHIPPED_RELEASE = "0.20.0"
"""The release whose runtimes are in the table: the only one whose shipped runtimes were recorded."""


@cache
def shipped_runtimes() -> tuple[Runtime, ...]:
    """Load the ClusterServingRuntimes that an installation of KServe brings."""
    text = Path(__file__).with_name("shipped_runtimes.json").read_text(encoding="ascii")
    return tuple(map(read_runtime, json.loads(text)["runtimes"]))
