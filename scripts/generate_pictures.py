"""Write the pictures of `docs/pictures/`: terminals of 80 columns, exported as SVG by rich.

Each is a session whose commands run in a terminal of their own, so that colours and line breaks are those a user sees.
`--check` writes nothing and fails if a picture shows other text than its commands print now.
"""

import fcntl
import html
import io
import os
import pty
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.text import Text
from ruamel.yaml import YAML

from scripts import ROOT
from scripts.generated import save_generated

PICTURES = ROOT / "docs" / "pictures"
CLUSTER = [ROOT / "tests" / "cli" / "live" / "audit" / "cluster.yaml", ROOT / "tests" / "pages" / "cluster.yaml"]
"""The objects of the cluster that the pages of the documentation use."""
COLUMNS = 80
CHARACTER_WIDTH = 12.2
"""Of rich's pictures, in their own unit."""
SINK = "127.0.0.1:8080"
"""Where `isvclog sink` listens; the sessions use a free port and show this one."""
FIXED = ["--id", "5f0c5d5c-6b1e-4b0e-9d52-7c1a5f3c2b10", "--time", "2026-01-02T03:04:05.120Z"]
"""What makes an event the same each time."""
FRAME = """\
<svg width="700" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<style>
.{unique_id}-matrix {{ font: {char_height}px Menlo, Consolas, "DejaVu Sans Mono", monospace; }}
.{unique_id}-title {{ font: bold 18px arial, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="100%" height="100%" /></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""rich's own frame without its fonts, which a browser would fetch from elsewhere."""


class Picture(NamedTuple):
    """A session in a terminal: its name, the commands in their order, and shell commands that are run before, unseen.

    A command that ends with `&` is a server that listens at `SINK` until the end; then the rest of its output is shown.
    """

    name: str
    commands: tuple[str, ...]
    before: str = "true"


SESSIONS = (
    Picture("preview", ("isvclog preview examples/01-multi-tenant.yaml -H 'X-Request-Id: 4711'",)),
    Picture("lint", ("isvclog lint examples/11-comma.yaml examples/15-lower-case-header.yaml",)),
    Picture("audit", ("isvclog audit",)),
    Picture(
        "sink",
        ("isvclog sink --count 2 &", "isvclog replay events.json --to http://127.0.0.1:8080/"),
        before=f"isvclog preview examples/01-multi-tenant.yaml -o cloudevent {shlex.join(FIXED)} > events.json",
    ),
)


def main() -> int:
    with _settings() as (folder, environment):
        return save_generated(dict(_current(picture, folder, environment) for picture in SESSIONS))


def shown_text(picture: str) -> list[str]:
    """Return the lines of text that a picture shows, without spaces at their ends."""
    lines: dict[float, list[tuple[float, str]]] = {}
    for x, y, text in re.findall(r'<text class="[^"]*-r\d+" x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>', picture):
        lines.setdefault(float(y), []).append((float(x), html.unescape(text).replace("\xa0", " ")))
    return [_joined(sorted(parts)) for _, parts in sorted(lines.items())]


def _joined(parts: Sequence[tuple[float, str]]) -> str:
    """Return the text of a line, whose parts begin at distances from its left end; rich leaves out spaces alone."""
    line = ""
    for x, text in parts:
        line = line.ljust(round(x / CHARACTER_WIDTH)) + text
    return line.rstrip()


def _current(picture: Picture, folder: Path, environment: Mapping[str, str]) -> tuple[Path, str]:
    """Return the file of a picture and what it has to be: as it is, if it shows the text that is printed now."""
    file = PICTURES / f"{picture.name}.svg"
    drawn = _svg(picture.name, _screen(picture, folder, environment))
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    return file, old if shown_text(old) == shown_text(drawn) else drawn


def _svg(name: str, screen: str) -> str:
    """Draw the text of a screen, with escape sequences for its colours."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(Text.from_ansi(screen), soft_wrap=True)
    drawn = console.export_svg(title="", code_format=FRAME, unique_id=name)
    return "".join(line.rstrip() + "\n" for line in drawn.splitlines())


def _screen(picture: Picture, folder: Path, environment: Mapping[str, str]) -> str:
    """Run the commands of a picture; return what the terminal shows."""
    subprocess.run(picture.before, shell=True, check=True, cwd=folder, env=environment)
    shown, server, address = "", None, SINK
    for command in picture.commands:
        shown += f"\x1b[1;32m$\x1b[0m {command}\n"
        words = shlex.split(command.replace(SINK, address))
        if words[-1] == "&":
            server = _Terminal([*words[:-1], "--listen", "127.0.0.1:0"], folder, environment)
            text = server.read(until="\n")
            address = re.findall(r"127\.0\.0\.1:\d+", text)[0]
        else:
            text = _Terminal(words, folder, environment).read()
        shown += text.replace(address, SINK)
    return (shown + (server.read() if server else "")).rstrip()


class _Terminal:
    """A command in a terminal of its own, 80 columns wide and as high as its output."""

    def __init__(self, words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._screen, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 1000, COLUMNS, 0, 0))
        self._process = subprocess.Popen(words, cwd=folder, env=environment, stdin=side, stdout=side, stderr=side)
        os.close(side)

    def read(self, until: str = "") -> str:
        """Return the output up to and with `until`, or to the end of the command, which must not fail to start."""
        output = b""
        while not until or until.encode() not in output:
            try:
                output += os.read(self._screen, 4096 if not until else 1)
            except OSError:  # Linux: the other side is closed
                self._process.wait()
                os.close(self._screen)
                break
        return output.decode().replace("\r\n", "\n")


@contextmanager
def _settings() -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Make a folder with the examples, and the environment of somebody who has the cluster of the documentation."""
    sys.path.insert(0, str(ROOT / "tests" / "cluster"))
    server = import_module("apiserver").ApiServer
    with tempfile.TemporaryDirectory() as name, server() as api:
        folder = Path(name)
        shutil.copytree(ROOT / "examples", folder / "examples")
        for file in CLUSTER:
            api.add_all(YAML(typ="safe").load_all(file))
        programs = [str(Path(sys.executable).parent), "/usr/bin", "/bin"]
        yield (
            folder,
            {
                "HOME": name,
                "KUBECONFIG": api.kubeconfig(folder, context="prod", namespace="ml"),
                "LANG": "C.UTF-8",
                "PATH": os.pathsep.join(programs),
                "TERM": "xterm-256color",
            },
        )


if __name__ == "__main__":
    sys.exit(main())
