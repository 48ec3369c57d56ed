"""The changes of an upgrade, for people: each service, the totals, and what else KServe does differently."""

from collections.abc import Iterator, Sequence

from isvclog.events.upgrade import Upgrade
from isvclog.kserve.apis.releases import Capability
from isvclog.report.color import painter
from isvclog.report.comparison import text
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.layout import Style, wrap


def write(upgrade: Upgrade, settings: FormatSettings) -> Iterator[str]:
    """Yield the comparison, and the sentences."""
    style = Style(painter(settings.color), settings.width)
    old, new = upgrade.releases
    yield f"{style.paint(f'KServe {old.name} to {new.name}', 'bold')}\n"
    for release in (old, new):
        if release.caution:
            yield from (f"{line}\n" for line in wrap("", f"KServe {release.name}: {release.caution}.", style.width))
    yield "\n"
    yield from text.write(upgrade.comparison, settings)
    yield from _capabilities("new in KServe since then", upgrade.gained, style)
    yield from _capabilities("lost", upgrade.lost, style)


def _capabilities(title: str, rows: Sequence[Capability], style: Style) -> Iterator[str]:
    if rows:
        yield f"\n{style.paint(title, 'bold')}\n"
    for row in rows:
        yield from (f"{line}\n" for line in wrap(f"  {row.since.name:<7} ", f"{row.name}: {row.sentence}", style.width))
