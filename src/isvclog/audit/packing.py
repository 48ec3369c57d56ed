"""Services and pods as compressed bytes, which take a tenth of the memory of their data."""

import json
import sys
import zlib
from collections.abc import Iterable, Reversible
from itertools import islice
from typing import Any

from isvclog.drift import RunningPod, read_pod, reduce_pod, service_of_pod
from isvclog.keypath import string_at
from isvclog.records import NamedTuple

Name = tuple[str, str]
"""Namespace and name of a service or pod; empty for what it lacks."""

_ENTRY = 400
"""The bytes of memory that an object takes apart from its data: its names, and its parts of dictionaries."""
_RECENT = 4
_FAST = 1
"""The level of compression. Objects are short, and a higher one saves a few percent."""


class Packed(NamedTuple):
    """A service or pod with its name and its data.

    `service` is the name of the service that a pod belongs to, None for a pod of no service and for one that has ended.
    """

    name: Name
    data: bytes = b""
    service: Name | None = None

    @property
    def size(self) -> int:
        """The bytes of memory that it takes."""
        return len(self.data) + _ENTRY + len(self.name[1])

    def share(self, others: Reversible["Packed"]) -> "Packed":
        """Return this pod with the data of one of the last `others` that has the same."""
        same = next((other for other in islice(reversed(others), _RECENT) if other.data == self.data), self)
        return self._replace(data=same.data, service=same.service)


def pack_service(service: dict[str, Any]) -> Packed:
    """Pack an InferenceService without its `managedFields`, which are half of it."""
    metadata = service.get("metadata")
    if isinstance(metadata, dict):
        service = {**service, "metadata": {key: metadata[key] for key in metadata if key != "managedFields"}}
    return Packed(_name_of(service), _pack(service))


def unpack_service(packed: Packed) -> Any:
    """Return the data of a packed service."""
    return json.loads(zlib.decompress(packed.data))


def pack_pod(pod: Any) -> Packed:
    """Pack what is read of a pod; equal bytes are packed of the pods of one revision."""
    name, service = _name_of(pod), service_of_pod(pod)
    return Packed(name, _pack(reduce_pod(pod)), (name[0], service)) if service else Packed(name)


def unpack_pods(pods: Iterable[Packed]) -> list[RunningPod]:
    """Read packed pods of services, those with the same data once."""
    read: dict[bytes, RunningPod | None] = {}
    found = []
    for packed in pods:
        if packed.data not in read:
            read[packed.data] = read_pod(json.loads(zlib.decompress(packed.data)))
        if pod := read[packed.data]:
            found.append(pod._replace(name=packed.name[1]))
    return found


def _pack(data: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(data, separators=(",", ":")).encode(), _FAST)


def _name_of(data: Any) -> Name:
    return sys.intern(string_at(data, ("metadata", "namespace"))), string_at(data, ("metadata", "name"))
