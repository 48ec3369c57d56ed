"""The changes of an upgrade as Markdown for an issue or a comment: the table of a comparison, and a list."""

from collections.abc import Iterator, Sequence

from isvclog.events.upgrade import Upgrade
from isvclog.kserve.apis.releases import Capability
from isvclog.report.comparison import markdown
from isvclog.report.escape import escape_markdown, markdown_code
from isvclog.report.formats import FormatSettings

MARKER = "<!-- isvclog-events-compare -->"
"""The first line, by which a bot finds its comment."""


def write(upgrade: Upgrade, settings: FormatSettings) -> Iterator[str]:
    """Yield the table, and below it what else KServe does differently."""
    old, new = upgrade.releases
    first, *rest = markdown.write(upgrade.comparison, settings)
    yield first.replace(markdown.MARKER, f"{MARKER}\n**KServe {old.name} to {new.name}**\n", 1)
    yield from rest
    for release in (old, new):
        if release.caution:
            yield f"\nKServe {release.name}: {escape_markdown(release.caution)}.\n"
    yield from _capabilities("New in KServe since then", upgrade.gained)
    yield from _capabilities("Lost", upgrade.lost)


def _capabilities(title: str, rows: Sequence[Capability]) -> Iterator[str]:
    if rows:
        yield f"\n<details><summary>{title}: {len(rows)}</summary>\n\n"
        yield from (f"* {row.since.name}: {markdown_code(row.name)}: {escape_markdown(row.sentence)}\n" for row in rows)
        yield "\n</details>\n"
