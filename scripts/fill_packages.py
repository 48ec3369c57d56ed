"""Write the manifest of krew and the formula of Homebrew for a release, from the templates in `release/`.

    python -m scripts.fill_packages TAG FOLDER PYLOCK

FOLDER has the sdist and an archive for each platform, `kubectl-isvclog-OS-ARCH.tar.gz`; the two files are written into
it. PYLOCK is a pylock.toml of the dependencies. Homebrew builds them from source, except those that are formulas.
"""

import hashlib
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scripts import ROOT

ARCHIVE = re.compile(r"kubectl-isvclog-(?P<os>[a-z]+)-(?P<arch>[a-z0-9]+)\.tar\.gz")
FORMULA = re.compile(r'^ *depends_on "([^"]+)"', re.MULTILINE)

PLATFORM = """\
    - selector:
        matchLabels: {{os: {os}, arch: {arch}}}
      uri: {uri}
      sha256: {sha256}
      bin: kubectl-isvclog
"""
RESOURCE = """\
  resource "{name}" do
    url "{url}"
    sha256 "{sha256}"
  end
"""


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def platforms(folder: Path, downloads: str) -> Iterator[str]:
    """Yield the entry of each platform for which there is an archive; raise SystemExit if there is none."""
    found = {path: ARCHIVE.fullmatch(path.name) for path in sorted(folder.iterdir())}
    if not any(found.values()):
        raise SystemExit(f"{folder}: no kubectl-isvclog-OS-ARCH.tar.gz. Build the archives first.")
    for path, named in found.items():
        if named:
            yield PLATFORM.format(**named.groupdict(), uri=f"{downloads}/{path.name}", sha256=sha256_of(path))


def resources(lock: Mapping[str, Any], formulas: set[str]) -> Iterator[str]:
    """Yield a resource for each locked package that is no formula; raise SystemExit for one without an sdist."""
    for package in lock["packages"]:
        name, sdist = package["name"], package.get("sdist")
        if name in formulas:
            continue
        if not sdist:
            raise SystemExit(f"{name} {package['version']}: no sdist. Add a formula or exclude this version.")
        yield RESOURCE.format(name=name, url=sdist["url"], sha256=sdist["hashes"]["sha256"])


def fill(template: str, **values: str) -> str:
    """Replace `@NAME@` by values."""
    return re.sub(r"@([A-Z0-9]+)@", lambda found: values[found[1]], template)


def fill_packages(root: Path, tag: str, folder: Path, lock: Mapping[str, Any]) -> None:
    """Write `isvclog.yaml` and `isvclog.rb` into the folder of a release."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    homepage = project["urls"]["Homepage"]
    downloads = f"{homepage}/releases/download/{tag}"
    krew = (root / "release" / "krew.yaml").read_text(encoding="utf-8")
    entries = "".join(platforms(folder, downloads)).rstrip()
    filled = fill(krew, TAG=tag, HOMEPAGE=homepage, PLATFORMS=entries)
    (folder / "isvclog.yaml").write_text(filled, encoding="utf-8", newline="\n")
    formula = (root / "release" / "homebrew.rb").read_text(encoding="utf-8")
    sdist = folder / f"isvclog-{tag.removeprefix('v')}.tar.gz"
    filled = fill(
        formula,
        HOMEPAGE=homepage,
        SDIST=f"{downloads}/{sdist.name}",
        SHA256=sha256_of(sdist),
        RESOURCES="\n".join(resources(lock, set(FORMULA.findall(formula)))).rstrip(),
    )
    (folder / "isvclog.rb").write_text(filled, encoding="utf-8", newline="\n")


def main() -> int:
    if len(sys.argv) != 4:
        print("Name the tag, a folder and a lock: fill_packages TAG FOLDER PYLOCK", file=sys.stderr)
        return 2
    tag, folder, lock = sys.argv[1:]
    fill_packages(ROOT, tag, Path(folder), tomllib.loads(Path(lock).read_text(encoding="utf-8")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
