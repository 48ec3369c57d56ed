"""Replace the placeholder of the repository's owner in all tracked files.

    python -m scripts.name_owner NAME

The public address is undecided: files say OWNER in `github.com/...`, `ghcr.io/...` and `....github.io`. A name in the
registry of images is in lower case. `scripts.check_release` refuses a release as long as a placeholder is left.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts import ROOT

PLACEHOLDER = re.compile(rb"(?P<registry>ghcr\.io/)?\bOWNER(?=/isvclog\b|\.github\.io\b)")
"""The placeholder where it is a part of an address, and nowhere else."""
NAME = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}")
"""What GitHub accepts as the name of an account."""


def unnamed(root: Path) -> Iterator[Path]:
    """Yield tracked files that contain the placeholder."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        path = root / name
        if path.is_file() and PLACEHOLDER.search(path.read_bytes()):
            yield path


def name_owner(root: Path, owner: str) -> list[Path]:
    """Replace the placeholder, and return the files that changed."""

    def named(found: re.Match[bytes]) -> bytes:
        registry = found["registry"] or b""
        return registry + (owner.lower() if registry else owner).encode()

    changed = list(unnamed(root))
    for path in changed:
        path.write_bytes(PLACEHOLDER.sub(named, path.read_bytes()))
    return changed


def main() -> int:
    if len(sys.argv) != 2 or not NAME.fullmatch(sys.argv[1]):
        print("Name the account of GitHub that has the repository: python -m scripts.name_owner NAME", file=sys.stderr)
        return 2
    for path in name_owner(ROOT, sys.argv[1]):
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
