"""Print the oldest Python 3.11 and the newest Python on this machine, a line for each: the version and the program.

They are looked for in PATH and among the versions of pyenv, if it is there. Python 3.11 before 3.11.5 has defects that
the code has to avoid, and Debian 12 ships 3.11.2. `--except VERSION` leaves out a version that was tested already.
"""

import argparse
import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

Version = tuple[int, int, int]
Pythons = dict[Version, str]
"""Programs by their versions."""

OLDEST = (3, 11)
NAME = re.compile(r"python3(?:\.\d+)?")
ASK = "import sys, venv, ensurepip; print(*sys.version_info[:3], sys.version_info.releaselevel)"


def programs(path: str) -> Iterator[str]:
    """Yield programs that are called like a Python: in each folder of `path`, and each version that pyenv installed."""
    for folder in dict.fromkeys(filter(None, path.split(os.pathsep))):
        try:
            found = sorted(each for each in Path(folder).iterdir() if NAME.fullmatch(each.name))
        except OSError:
            continue
        yield from map(str, found)
    for version in output("pyenv", "versions", "--bare").split():
        if prefix := output("pyenv", "prefix", version).strip():
            yield str(Path(prefix) / "bin" / "python3")


def output(*command: str) -> str:
    """Return what a command prints; nothing if there is no such command, or it fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def usable(found: Iterable[str]) -> Pythons:
    """Keep released versions that isvclog runs on and that can make a virtual environment, one program for each."""
    pythons: Pythons = {}
    for program in found:
        answer = output(program, "-c", ASK).split()
        if len(answer) != 4 or answer[3] != "final":
            continue
        major, minor, micro = map(int, answer[:3])
        if (major, minor) >= OLDEST:
            pythons.setdefault((major, minor, micro), program)
    return pythons


def chosen(pythons: Pythons) -> Iterator[Version]:
    """Choose the oldest release of the oldest Python that isvclog runs on, and the newest of all."""
    if old := [version for version in pythons if version[:2] == OLDEST]:
        yield min(old)
    if pythons and max(pythons) not in [min(old, default=None)]:
        yield max(pythons)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--except", dest="tested", metavar="VERSION", help="leave out this version, such as 3.12.1")
    tested = parser.parse_args().tested
    pythons = usable(programs(os.environ.get("PATH", "")))
    for version in chosen(pythons):
        if (name := ".".join(map(str, version))) != tested:
            print(name, pythons[version])


if __name__ == "__main__":
    main()
