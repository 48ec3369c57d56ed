"""Events in a file: a line for each, in the JSON format of CloudEvents, so that any tool can query and replay them.

`data` is the JSON as it came, character by character, except for line breaks between its values, which become spaces.
Data that is no JSON is text or, in `data_base64`, bytes.
"""

import base64
import json
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from isvclog.errors import IsvclogError
from isvclog.records import NamedTuple
from isvclog.redact.gate import redaction_for
from isvclog.sink.cloudevents.events import SinkEvent, Value, canonical, load_json
from isvclog.sink.cloudevents.spec import InvalidEvent
from isvclog.sink.cloudevents.structured import decode_object, is_json_type
from isvclog.sink.masking import mask_event

_FIRST = ("specversion", "id", "source", "type", "time")
_DATA = '"data":'
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Recorder:
    """A file to which events are appended. Each line is one write, so that no other program reads half of one."""

    def __init__(self, path: str, *, redact: bool) -> None:
        """Open the file, which only its owner may read if it is new. Raises IsvclogError."""
        self.path, self._redact = path, redact
        try:
            self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            mode = os.fstat(self._file).st_mode
            if not stat.S_ISREG(mode):
                raise IsvclogError(f"{path} is not a regular file; name another file with --record.")
            self.is_readable_by_others = bool(mode & _OTHERS)
            self._repair()
        except OSError as error:
            raise self._failure(error) from None

    def add(self, event: SinkEvent) -> None:
        """Append an event. Raises IsvclogError if it cannot be written completely; then nothing of it is kept."""
        line = record_line(mask_event(event, redaction_for(not self._redact)))
        try:
            end = os.lseek(self._file, 0, os.SEEK_END)
            if os.write(self._file, line) < len(line):
                os.ftruncate(self._file, end)
                raise IsvclogError(f"{self.path} cannot be written: the disk is full; free some space and start again.")
        except OSError as error:
            raise self._failure(error) from None

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _repair(self) -> None:
        """End the last line, if something else left it without a line break; `replay` skips it."""
        if os.lseek(self._file, 0, os.SEEK_END):
            os.lseek(self._file, -1, os.SEEK_END)
            if os.read(self._file, 1) != b"\n":
                os.write(self._file, b"\n")

    def _failure(self, error: OSError) -> IsvclogError:
        return IsvclogError(f"{self.path} cannot be written: {error.strerror}; name another file with --record.")


class RecordedEvent(NamedTuple):
    """An event of a file; `line` counts from 1."""

    line: int
    attributes: Mapping[str, Value]
    data: bytes | None

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Build the headers of binary mode, in the order and with the encoding of KServe's agent."""
        fields = {f"Ce-{name.capitalize()}": canonical(value) for name, value in self.attributes.items()}
        if content_type := fields.pop("Ce-Datacontenttype", ""):
            fields["Content-Type"] = content_type
        return [(name.encode("ascii"), fields[name].encode("utf-8", "surrogateescape")) for name in sorted(fields)]


def record_line(event: SinkEvent) -> bytes:
    """Encode an event as one line."""
    names = [*(name for name in _FIRST if name in event.attributes), *sorted(set(event.attributes) - set(_FIRST))]
    members = [f"{_encode(name)}:{_encode(event.attributes[name])}" for name in names]
    if event.data is not None:
        members.append(_data_member(event.data, event.text("datacontenttype")))
    return f"{{{','.join(members)}}}\n".encode("utf-8", "surrogatepass")


@contextmanager
def open_recording(path: str) -> Iterator[Iterable[bytes]]:
    """Open a file of recorded events, or standard input for `-`, and yield its lines. Raises IsvclogError."""
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        with open(path, "rb") as file:
            yield file
    except OSError as error:
        raise IsvclogError(
            f"{path} cannot be read: {error.strerror}; name a file of `isvclog sink --record`."
        ) from None


def read_events(lines: Iterable[bytes]) -> Iterator[RecordedEvent | str]:
    """Yield the events of a file, and a sentence for each line that is none.

    An event is a line of JSON, or several from a line `{` to a line `}`, as `preview -o cloudevent` prints it.
    """
    for number, document in _documents(lines):
        try:
            text = document.decode()
            attributes, data = decode_object(load_json(text))
            if is_json_type(str(attributes.get("datacontenttype", ""))):
                data = _original(text) or data
        except InvalidEvent as error:
            yield f"line {number} is not an event: {error.reason}"
        except ValueError:
            yield f"line {number} is not an event: it is not JSON"
        else:
            yield RecordedEvent(number, attributes, data)


def _documents(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield each document with the number of its first line."""
    numbered = iter(enumerate(lines, 1))
    for number, line in numbered:
        if line.strip() == b"{":
            parts = [line]
            for _, part in numbered:
                parts.append(part)
                if part.rstrip() == b"}":
                    break
            yield number, b"".join(parts)
        elif line.strip():
            yield number, line


def _data_member(data: bytes, content_type: str) -> str:
    try:
        text = data.decode()
        if not is_json_type(content_type):
            return f"{_DATA}{_encode(text)}" if content_type else _base64_member(data)
        load_json(text)
    except ValueError:
        return _base64_member(data)
    # A line break in JSON is white space between values: in a string, it is escaped.
    return _DATA + text.replace("\r", " ").replace("\n", " ")


def _base64_member(data: bytes) -> str:
    return f'"data_base64":"{base64.b64encode(data).decode("ascii")}"'


def _original(line: str) -> bytes | None:
    """Return the characters of `data`, if that is the last member, as in lines that `record_line` writes."""
    decoder, at = json.JSONDecoder(), 1
    while line.startswith('"', at):
        name, at = decoder.raw_decode(line, at)
        if not line.startswith(":", at):
            return None
        if name == "data":
            written = line[at + 1 :].rstrip("\n").removesuffix("}")
            _, at = decoder.raw_decode(line, len(line) - len(line[at + 1 :].lstrip(" \t")))
            return written.encode() if line[at:].strip() == "}" else None
        _, at = decoder.raw_decode(line, at + 1)
        at += line.startswith(",", at)
    return None


def _encode(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
