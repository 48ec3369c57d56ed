"""The changes of an upgrade as one JSON document. `schemas/events-compare.schema.json` describes it."""

from collections.abc import Iterator, Sequence
from typing import Any

from isvclog.events.upgrade import Upgrade
from isvclog.kserve.apis.releases import Capability, Release
from isvclog.lint.json_text import dumps
from isvclog.report.comparison.data import comparison_data
from isvclog.report.formats import FormatSettings


def write(upgrade: Upgrade, settings: FormatSettings) -> Iterator[str]:
    """Yield the document of the comparison with the releases, in ASCII."""
    old, new = upgrade.releases
    data = {
        **comparison_data(upgrade.comparison, settings),
        "from": _release(old),
        "to": _release(new),
        "gained": _capabilities(upgrade.gained),
        "lost": _capabilities(upgrade.lost),
    }
    yield dumps(data, indent=2) + "\n"


def _release(release: Release) -> dict[str, str | None]:
    return {"version": release.name, "note": release.caution or None}


def _capabilities(rows: Sequence[Capability]) -> list[dict[str, Any]]:
    return [
        {"name": row.name, "kind": row.kind, "since": row.since.name, "is": row.sentence, "issues": list(row.evidence)}
        for row in rows
    ]
