"""Inputs of any size whose edits and fixes were once quadratic: `bench.py` times them, `tests/test_growth.py` counts.

Each is a manifest with one kind of thing again and again, and the command that once compared each of these with all.
"""

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple

_HEAD = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: s
  annotations: {example.com/team: red}
spec:
  predictor:
    model: {modelFormat: {name: sklearn}, storageUri: s3://b/m}
    logger:
      mode: all
      url: http://sink.ml
"""
_FIX = ("lint", "--no-config", "--exit-zero", "--unsafe-fixes", "--diff", "-q")
_ADD = ("add-annotation", "--force", "--diff", "-q", "--name", "s")


class Growth(NamedTuple):
    """A kind of input: the arguments before and behind the file's name, its text, and the size that is measured.

    Twice that size is measured, too. `counted` is the size for which a test counts the calls of functions, or 0 if the
    work is not in such calls.
    """

    arguments: tuple[str, ...]
    keys: tuple[str, ...]
    text: Callable[[int], str]
    size: int
    counted: int

    def command(self, file: str) -> tuple[str, ...]:
        """Return the arguments of isvclog for a file."""
        return (*self.arguments, *(("-f", file) if self.keys else (file,)), *self.keys)


def _service(name: str, logger: Mapping[str, object]) -> dict[str, object]:
    model = {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://b/m"}
    return {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": name},
        "spec": {"predictor": {"model": model, "logger": {"mode": "all", "url": "http://sink.ml", **logger}}},
    }


def _rivals(count: int) -> str:
    """Write a JSON List of services, each with three misspellings of one field."""
    fields = {"metadataAnnotation": ["a"], "metadata_annotations": ["b"], "metadataannotations": ["c"]}
    services = [_service(f"s{number}", fields) for number in range(count)]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": services}, indent=1)


def _near_misses(count: int) -> str:
    fields = {f"metadataAnnotation{'x' * (number % 7)}{number}": number for number in range(count)}
    return json.dumps(_service("s", fields), indent=1)


def _flow_list(count: int) -> str:
    return f"{_HEAD}      metadataAnnotations: [{', '.join(f'a{number}' for number in range(count))}]\n"


def _tiny_scalars(count: int) -> str:
    return f"{_HEAD}  x: [{'1,' * (count - 1)}1]\n"


def _headers(count: int) -> str:
    headers = "".join(f"      - X-Api-Key-{number}\n" for number in range(count))
    return f"{_HEAD}      metadataHeaders:\n      - X-Request-Id\n{headers}"


def _flow_headers(count: int) -> str:
    return f"{_HEAD}      metadataHeaders: [X-Request-Id, {', '.join(f'X-Api-Key-{n}' for n in range(count))}]\n"


def _shared_lists(count: int) -> str:
    """Write a List of services whose fixes would change another place, too, so that none can be made."""
    service = """\
- apiVersion: serving.kserve.io/v1beta1
  kind: InferenceService
  metadata: {{name: s{0}}}
  spec:
    predictor:
      model: {{modelFormat: {{name: sklearn}}, storageUri: "s3://b/m"}}
      logger:
        mode: all
        url: http://sink.ml
        metadataHeaders: &headers{0}
        - x-foo
  other: *headers{0}
"""
    return "apiVersion: v1\nkind: List\nitems:\n" + "".join(map(service.format, range(count)))


def _like_services(count: int) -> str:
    """Write the same service again and again, so that no line of the file is the only one of its kind."""
    return "---\n".join([f"{_HEAD}      metadataHeaders:\n      - x-foo\n"] * count)


GROWTHS = {
    "three rival misspellings a service": Growth(_FIX, (), _rivals, 300, 15),
    "near-misses of one field": Growth(_FIX, (), _near_misses, 1_000, 60),
    "a key added to a list in brackets": Growth(_ADD, ("example.com/x",), _flow_list, 20_000, 0),
    "a key added beside tiny scalars": Growth(_ADD, ("example.com/team",), _tiny_scalars, 200_000, 4_000),
    "sensitive headers, removed": Growth(_FIX, (), _headers, 10_000, 150),
    "sensitive headers in brackets, removed": Growth(_FIX, (), _flow_headers, 5_000, 150),
    "a fix in each of many like services": Growth(_FIX, (), _like_services, 500, 50),
    "fixes of what aliases share": Growth(_FIX, (), _shared_lists, 200, 0),
}
GROWTH_LIMIT = 2.6
"""How many times as long twice the input may take."""


def long_scalars(count: int) -> str:
    """Write a manifest with many strings of 40 bytes, for the peak of memory."""
    return _HEAD + "  x:\n" + "".join(f"  - {number:06}-{'v' * 29}\n" for number in range(count))


def tiny_scalars(mebibytes: int) -> str:
    """Write a manifest of this size whose scalars take two bytes each, for the peak of memory."""
    return _tiny_scalars(mebibytes * 512 * 1024)
