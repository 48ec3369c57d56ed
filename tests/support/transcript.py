"""Sessions of a user, as text: what is typed, what comes back, and what is in a file afterwards.

$ isvclog lint - --fix < a.yaml      the command, run in a copy of the session's folder
kind: InferenceService               its standard output
! isvclog: fixed 1 finding           a line of its standard error
= 1                                  its exit code
$ show a.yaml                        a file, its line breaks and what is not ASCII escaped
$ write a.yaml b.yaml                copies the first over the second

Pages of documentation show sessions as a terminal does: see `at_terminal`.
"""

import io
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import MappingProxyType
from unittest.mock import patch

from isvclog.cli.main import main

Command = Callable[..., Iterable[str]]


def replay(transcript: str, commands: Mapping[str, Command] = MappingProxyType({})) -> str:
    """The transcript as it is when its commands are run in the current folder.

    `commands` are further ones: each takes the words behind its name and gives the lines that come back.
    """
    typed = [text for text in transcript.splitlines() if text.startswith("$ ")]
    return "\n".join(line for text in typed for line in _run(text, commands)) + "\n"


def at_terminal(words: list[str], columns: int) -> tuple[list[str], int]:
    """Run isvclog as on a terminal without colours; return the lines that appear there, and the exit code.

    `words` start with the program: `isvclog`, or `kubectl isvclog`. Lines of standard output and standard error come in
    the order in which they are written.
    """
    program = "kubectl-isvclog" if words[0] == "kubectl" else "isvclog"
    screen = _Screen(io.BytesIO(), "utf-8", newline="")
    environment = {"COLUMNS": str(columns), "TERM": "dumb"}
    with patch.object(sys, "argv", [program]), patch.dict(os.environ, environment):
        for name in ("FORCE_COLOR", "GITHUB_ACTIONS", "ISVCLOG_DEBUG"):
            os.environ.pop(name, None)
        code = _main(words[words.index("isvclog") + 1 :], screen, screen)
    return _text(screen), code


class _Screen(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def _run(line: str, commands: Mapping[str, Command]) -> Iterator[str]:
    yield line
    words = shlex.split(line[2:])
    if words[0] in commands:
        yield from commands[words[0]](*words[1:])
    elif words[0] == "show":
        for text in Path(words[1]).read_bytes().splitlines(keepends=True):
            shown = ascii(text.decode("utf-8", "surrogateescape"))[1:-1]
            yield shown.removesuffix("\\n") if text.endswith(b"\n") else f"{shown} (no line break)"
    elif words[0] == "write":
        shutil.copyfile(words[1], words[2])
    elif words[0] == "cd":
        os.chdir(words[1])
    else:
        yield from _isvclog(words[1:])


def _isvclog(words: list[str]) -> Iterator[str]:
    output, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    code = _main(words, output, errors)
    yield from _text(output)
    yield from (f"! {text}" for text in _text(errors))
    yield f"= {code}"


def _main(words: list[str], output: io.TextIOWrapper, errors: io.TextIOWrapper) -> int:
    """Run isvclog with these arguments, which may end with `< FILE`; return its exit code."""
    fed = Path(words[-1]).read_bytes() if "<" in words else b""
    words = words[: words.index("<")] if "<" in words else words
    stdin = io.TextIOWrapper(io.BytesIO(fed), "utf-8", newline="")
    with patch("sys.stdin", stdin), redirect_stdout(output), redirect_stderr(errors):
        return main(words)


def _text(stream: io.TextIOWrapper) -> list[str]:
    stream.flush()
    stream.seek(0)
    return stream.read().splitlines()
