"""The releases of KServe, and what each can do. The facts are rows of `releases.toml`.

They are read from `releases.json`, which `scripts/generate_releases.py` writes, because every command reads them.
This is the only module that compares versions; everything else asks `release.has("batchSize")`.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from isvclog.errors import UsageError
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

_LONGEST = 20
_WRITTEN = late_pattern(r"v?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?")
_NEXT, _UNRELEASED = "next", 1_000

NEXT: "Release"
"""The release that does not exist yet: the newest one, with changes that are open upstream."""
NEWEST: "Release"
ALL_RELEASES: tuple["Release", ...]
"""All known releases, oldest first, without release candidates."""


class Release(NamedTuple):
    """A release of KServe, for example 0.16.0. Older releases are smaller. NEXT is newer than all others."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return self.name if self.is_released else f"{self.name} (not released)"

    @property
    def name(self) -> str:
        """The version as users write it: `0.16.0`, or `next`."""
        return f"{self.major}.{self.minor}.{self.patch}" if self.is_released else _NEXT

    @property
    def is_released(self) -> bool:
        """True for every release but NEXT."""
        return self.major < _UNRELEASED

    @property
    def caution(self) -> str:
        """A sentence about how far predictions for this release can be trusted, without a full stop; empty for most."""
        return self._caution("is")

    @property
    def short_caution(self) -> str:
        """The same in a few words."""
        return self._caution("short")

    def _caution(self, form: str) -> str:
        return _table()[2].get(self.name, {}).get(form, "")

    def has(self, capability: str) -> bool:
        """Check whether this release has a capability of `releases.toml`; raise KeyError for an unknown name."""
        return _had(self)[capability]


NEXT = Release(_UNRELEASED, 0, 0)


class Capability(NamedTuple):
    """Something KServe can do since a release. `evidence` are numbers of issues and pull requests of kserve/kserve."""

    name: str
    kind: str
    """`field` of an InferenceService, `flag` of the agent, `attribute` of an event, or `behaviour`."""
    since: Release
    sentence: str
    evidence: tuple[int, ...]


def find_release(text: str) -> Release:
    """Find the release that people write as `0.16.0`, `v0.16.0`, `0.16` or `v0.16`; without a patch, the newest one.

    `next` is the one that is not released yet. Any other text and releases that isvclog does not know raise UsageError.
    """
    if text.strip() == _NEXT:
        return NEXT
    if written := _WRITTEN.fullmatch(text.strip()):
        wanted = [None if number is None else int(number) for number in written.groups()]
        for release in reversed(_table()[0]):
            if wanted in ([release.major, release.minor, release.patch], [release.major, release.minor, None]):
                return release
    known = ", ".join([*map(str, _table()[0]), str(NEXT)])
    named = ascii(text) if len(text) <= _LONGEST else "with such a long name"  # half of a secret could not be masked
    raise UsageError(f"isvclog does not know a KServe release {named}: choose one of {known}.")


def image_tag(image: str) -> str:
    """Return the tag of an image, like that of `kserve/agent:v0.16.0@sha256:...`, or an empty string.

    A registry's port is not a tag.
    """
    return image.partition("@")[0].rpartition("/")[2].partition(":")[2]


def nearest_release(major: int, minor: int, patch: int | None = None) -> Release:
    """Find the newest release that isvclog knows and that is not newer than this version.

    Without a patch, the version is the newest of the minor. If all known releases are newer, the oldest one is
    returned.
    """
    wanted = (major, minor, float("inf") if patch is None else patch)
    return max((release for release in _table()[0] if release <= wanted), default=_table()[0][0])


def capabilities() -> Mapping[str, Capability]:
    """Return all capabilities by name, in the order of the table."""
    return _table()[1]


def since(capability: str) -> Release:
    """Look up the first release that has a capability; raise KeyError for a name that is not in the table."""
    return capabilities()[capability].since


def __getattr__(name: str) -> Any:
    # So that the table is read, and json imported, when somebody first asks: most runs of `--help` never do.
    if name == "NEWEST":
        return _table()[0][-1]
    if name == "ALL_RELEASES":
        return _table()[0]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@cache
def _table() -> tuple[tuple[Release, ...], Mapping[str, Capability], Mapping[str, Mapping[str, str]]]:
    import json

    table = json.loads(Path(__file__).with_name("releases.json").read_text(encoding="utf-8"))
    releases, cautions = tuple(map(_release, table.pop("releases"))), table.pop("caution")
    rows = {
        name: Capability(name, kind, _release(row["since"]), row["is"], tuple(row.get("evidence", ())))
        for kind, named in table.items()
        for name, row in named.items()
    }
    return releases, MappingProxyType(rows), cautions


@cache
def _had(release: Release) -> Mapping[str, bool]:
    return {name: capability.since <= release for name, capability in capabilities().items()}


@cache
def _release(text: str) -> Release:
    return NEXT if text == _NEXT else Release(*map(int, text.split(".")))
