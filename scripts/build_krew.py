"""Build the archives of krew: for each platform, isvclog with all that it needs, for every Python that it runs on.

    python -m scripts.build_krew WHEEL FOLDER

uv installs the wheel for each Python, and the results are merged: names of compiled modules tell for which Python they
are. An archive is the same again for the same versions and the same SOURCE_DATE_EPOCH.
"""

import gzip
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts import ROOT

PLATFORMS = {
    "darwin-amd64": "x86_64-apple-darwin",
    "darwin-arm64": "aarch64-apple-darwin",
    "linux-amd64": "x86_64-manylinux_2_28",
    "linux-arm64": "aarch64-manylinux_2_28",
}
"""What krew calls a platform, and what uv calls it."""
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
OF_THIS_MACHINE = ("bin", "direct_url.json", ".lock")
"""What an installation has of the machine it was made on: programs that name its Python, and its folders."""
LAUNCHER = "kubectl-isvclog"


def install(wheel: str, platform: str, library: Path) -> None:
    """Install the wheel and its dependencies for each Python into one folder."""
    for version in PYTHONS:
        with TemporaryDirectory() as folder:
            options = ["--python-platform", platform, "--python-version", version, "--only-binary", ":all:"]
            subprocess.run(["uv", "pip", "install", "--quiet", "--target", folder, *options, wheel], check=True)
            shutil.copytree(folder, library, ignore=shutil.ignore_patterns(*OF_THIS_MACHINE), dirs_exist_ok=True)


def pack(folder: Path, archive: Path) -> None:
    """Write the files of a folder in a fixed order, without owners, and with one time."""
    time = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))

    def anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mtime = time
        entry.mode = 0o755 if entry.isdir() or entry.name == LAUNCHER else 0o644
        return entry

    with gzip.GzipFile(archive, "wb", mtime=time) as compressed, tarfile.open(fileobj=compressed, mode="w") as tar:
        for path in sorted(folder.rglob("*")):
            tar.add(path, path.relative_to(folder).as_posix(), recursive=False, filter=anonymous)


def main() -> int:
    if len(sys.argv) != 3:
        print("Name the wheel and a folder: build_krew WHEEL FOLDER", file=sys.stderr)
        return 2
    wheel, target = sys.argv[1:]
    for name, platform in PLATFORMS.items():
        with TemporaryDirectory() as folder:
            for file in (ROOT / "release" / LAUNCHER, ROOT / "LICENSE"):
                shutil.copy(file, folder)
            install(wheel, platform, Path(folder) / "lib")
            pack(Path(folder), Path(target) / f"{LAUNCHER}-{name}.tar.gz")
    return 0


if __name__ == "__main__":
    sys.exit(main())
