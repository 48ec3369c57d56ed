"""How others read a manifest: sigs.k8s.io/yaml in a process of Go that stays, or PyYAML where there is no Go."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from .cases import Json
from .splicing import yaml

ORACLE = Path(__file__).resolve().parents[2] / "oracles" / "yaml"
_DEEPEST = 200
_MOST = 100_000
_MEMORY = "/dev/shm"
_MARKER = re.compile(r"^(?:---(?=[ \t\r\n]|\Z)|\.\.\.[ \t\r]*$)", re.MULTILINE)
_MARKS = (
    ("utf-32", b"\xff\xfe\x00\x00"),
    ("utf-16", b"\xff\xfe"),
    ("utf-16", b"\xfe\xff"),
    ("utf-8-sig", b"\xef\xbb\xbf"),
)


class Unreadable(Exception):
    """A text that the reader refuses."""


class UnreadableDocument(NamedTuple):
    """A document that the reader refuses, and what is in it."""

    error: str
    text: str


def build(folder: str) -> str | None:
    """Compile the program of Go; None where there is no Go or its modules cannot be had."""
    go = shutil.which("go")
    if not go:
        return None
    program = str(Path(folder, "read-yaml"))
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run(
            [go, "build", "-o", program, "."], cwd=ORACLE, capture_output=True, timeout=300, check=False
        )
        return program if done.returncode == 0 else None
    return None


def decode(data: bytes) -> str:
    """Decode a file by its mark, or as UTF-8. Raises Unreadable if it is neither."""
    encoding = next((name for name, mark in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(str(error)) from None


def split(text: str) -> list[str]:
    """Split a stream into its documents; what is behind `---` on the same line belongs to the next one."""
    found, start = [], 0
    for match in _MARKER.finditer(text):
        found.append(text[start : match.start()])
        start = match.end()
    return [*found, text[start:]]


class Reader:
    """Reads documents. Raises Unreadable for those that cannot be read."""

    name = "PyYAML"

    def documents(self, data: bytes) -> list[Json]:
        """Return the data of each document of a file that is not empty, or an UnreadableDocument."""
        found: list[Json] = []
        for text in split(decode(data)):
            if any(line.strip() and not line.lstrip().startswith(("#", "%")) for line in text.split("\n")):
                try:
                    found.append(self.read(text))
                except Unreadable as error:
                    found.append(UnreadableDocument(str(error), text))
        return found

    def read(self, text: str) -> Json:
        """Return the data of a document."""
        try:
            node = yaml.compose(text, yaml.SafeLoader)
            return None if node is None else _data(node, 0, [_MOST])
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            raise Unreadable(str(error)) from None

    def close(self) -> None:
        """Release what is in use."""


class GoReader(Reader):
    """Asks the process of Go, which gives what the API server would get."""

    name = "sigs.k8s.io/yaml"

    def __init__(self, program: str) -> None:
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, text: str) -> Json:
        """Return the data of a document."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(text).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise Unreadable("the process of Go ended")
        answer = json.loads(line)
        if "json" not in answer:
            raise Unreadable(answer.get("error", ""))
        return json.loads(answer["json"], parse_int=_number, parse_float=_number)

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin
        with suppress(OSError):
            self.process.stdin.close()
        self.process.wait(10)


def reader(program: str | None) -> Reader:
    """Start the reader there is."""
    return GoReader(program) if program else Reader()


def _number(text: str) -> Json:
    """Keep a number as it is written, but apart from a text."""
    return {"tag": "number", "text": text}


def _data(node: Any, depth: int, budget: list[int]) -> Json:
    """Convert a node: a scalar to a text, unless PyYAML takes it for another type by its look; tags of one's own count
    for nothing. Raises Unreadable for what is too deep or, by aliases, too much."""
    budget[0] -= 1
    if budget[0] < 0 or depth > _DEEPEST:
        raise Unreadable("too deep, or too much by aliases")
    if isinstance(node, yaml.SequenceNode):
        return [_data(item, depth + 1, budget) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, depth, budget)
    text, tag = node.value, node.tag.rpartition(":")[2]
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() in ("true", "yes", "on")
    return {"tag": tag, "text": text} if tag in ("int", "float", "binary") else text


def _mapping(node: Any, depth: int, budget: list[int]) -> Json:
    own: Json = {}
    merged: Json = {}
    for key, value in node.value:
        inner = _data(value, depth + 1, budget)
        if key.tag.endswith(":merge"):
            for each in inner if isinstance(inner, list) else [inner]:
                if not isinstance(each, dict):
                    raise Unreadable("a merge of what is no mapping")
                merged = each | merged
        else:
            own[str(key.value)] = inner
    return merged | own


def temporary() -> "tempfile.TemporaryDirectory[str]":
    """Make a folder, in memory if there is such a place: each input is a few files."""
    return tempfile.TemporaryDirectory(prefix="isvclog-fuzz-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None)
