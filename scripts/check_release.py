"""Check that everything names the release of a tag, and print its section of the changelog.

    python -m scripts.check_release TAG

The version is `__version__` and not derived from the tag: an sdist and the shallow clone of pre-commit have no history,
and a build from them must have the right version, too. So the tag is compared with it instead.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts import ROOT
from scripts.name_owner import unnamed

TAG = re.compile(r"v(?P<version>[0-9]+\.[0-9]+\.[0-9]+)")
VERSION = re.compile(r'^__version__ = "(.+)"$', re.MULTILINE)
REFERENCE = re.compile(r"(?:\brev: |/isvclog@)(v[0-9][^\s\"'#]*)")
"""Where pages name a tag of this repository: for pre-commit, for pip, and as an action."""


def release_notes(changelog: str, version: str) -> str | None:
    """Return the section of a version without its heading; None if there is none with a date, or nothing is in it."""
    heading = rf"^## \[{re.escape(version)}\] - [0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$"
    found = re.search(rf"{heading}(?P<notes>.*?)(?=^## |^\[[^\]]+\]: |\Z)", changelog, re.MULTILINE | re.DOTALL)
    return (found["notes"].strip() or None) if found else None


def other_tags(root: Path, tag: str) -> Iterator[str]:
    """Yield the pages that tell users to install another release."""
    for page in (root / "README.md", *sorted((root / "docs").glob("*.md"))):
        for other in sorted(set(REFERENCE.findall(page.read_text(encoding="utf-8"))) - {tag}):
            yield f"{page.relative_to(root)}: names {other}, which users would install. Write {tag}."


def problems(root: Path, tag: str) -> Iterator[str]:
    """Yield what is wrong with a checkout for a release, with the remedy."""
    named = TAG.fullmatch(tag)
    if not named:
        yield f"{tag}: not a tag of a release. Write it like v1.2.3."
        return
    version = named["version"]
    found = VERSION.search((root / "src" / "isvclog" / "__init__.py").read_text(encoding="utf-8"))
    if not found or found[1] != version:
        yield f"src/isvclog/__init__.py: __version__ is {found and found[1]}. Set it to {version}, or correct the tag."
    if release_notes((root / "CHANGELOG.md").read_text(encoding="utf-8"), version) is None:
        yield f"CHANGELOG.md: no entries for this version. Put them below `## [{version}] - YYYY-MM-DD`."
    yield from other_tags(root, tag)
    for path in unnamed(root):
        yield f"{path.relative_to(root)}: the repository's address is a placeholder. Run python -m scripts.name_owner."


def main() -> int:
    if len(sys.argv) != 2:
        print("Name the tag: python -m scripts.check_release TAG", file=sys.stderr)
        return 2
    tag = sys.argv[1]
    found = list(problems(ROOT, tag))
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    if not found:
        print(release_notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), tag.removeprefix("v")))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
