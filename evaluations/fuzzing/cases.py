"""What the parts of the fuzzer pass to each other: an input with its commands, and what a command did wrong."""

import base64
import random
from typing import Any, NamedTuple

Json = Any
Chance = random.Random

MANIFEST = "isvc.yaml"
"""The file that the commands of an input get, unless the input says otherwise."""


class Secret(NamedTuple):
    """A text that was planted: no output may contain `needle`, or a half of it.

    It is a secret wherever `text` is a whole value. A `bare` one is a secret only as the value of the key `key`.
    """

    shape: str
    text: str
    needle: str
    key: str = ""

    @property
    def is_bare(self) -> bool:
        """Return True if only the name of its key shows that it is a secret."""
        return bool(self.key)


class Step(NamedTuple):
    """A command. `FILE` in the arguments is the manifest; `edit` names the oracle for what it writes."""

    arguments: tuple[str, ...]
    edit: str = ""
    use_stdin: bool = False


class Answer(NamedTuple):
    """What the stand-in API server answers to requests whose path starts with `prefix`, instead of what it stores."""

    prefix: str
    status: int
    body: str


class Case(NamedTuple):
    """An input. `files` are in the folder where the commands run; the first one is the manifest.

    `objects` and `answers` make the cluster of a live input, whose `stored` is the object that `NAME` selects.
    """

    number: int
    origin: str
    files: dict[str, bytes]
    steps: tuple[Step, ...]
    secrets: tuple[Secret, ...] = ()
    objects: tuple[Json, ...] = ()
    answers: tuple[Answer, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def manifest(self) -> str:
        """Return the name of the manifest."""
        return next(iter(self.files), MANIFEST)

    @property
    def is_live(self) -> bool:
        """Return True if the commands ask a cluster."""
        return self.origin.startswith("live")

    @property
    def size(self) -> int:
        """Return the number of bytes of all that the commands read."""
        return sum(map(len, self.files.values())) + sum(len(str(item)) for item in (*self.objects, *self.answers))


class Failure(NamedTuple):
    """Something that must not happen. `kind` is the same for all inputs with the same defect."""

    kind: str
    step: int
    detail: str


class Result(NamedTuple):
    """What a command did: `code` is its exit code, or why there is none. `files` are those of the folder afterwards."""

    code: int | str
    out: str
    err: str
    seconds: float
    files: dict[str, bytes]
    crash: str = ""


def to_json(case: Case) -> Json:
    """Convert an input to JSON, to be stored or sent."""
    data = case._asdict() | {
        "files": {name: base64.b64encode(content).decode() for name, content in case.files.items()},
        "steps": [step._asdict() for step in case.steps],
        "secrets": [secret._asdict() for secret in case.secrets],
        "answers": [answer._asdict() for answer in case.answers],
    }
    return data


def from_json(data: Json) -> Case:
    """Convert it back."""
    return Case(
        data["number"],
        data["origin"],
        {name: base64.b64decode(content) for name, content in data["files"].items()},
        tuple(Step(tuple(step["arguments"]), step["edit"], step["use_stdin"]) for step in data["steps"]),
        tuple(Secret(**secret) for secret in data["secrets"]),
        tuple(data["objects"]),
        tuple(Answer(**answer) for answer in data["answers"]),
        tuple(data["warnings"]),
    )
