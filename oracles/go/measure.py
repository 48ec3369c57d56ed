"""Ask real Go what it does, and keep the answers for the tests or compare them with isvclog's.

Needs Go 1.25 (the module names it, and Go fetches that toolchain by itself) and, from the root of the repository:

    python -m oracles.go.measure write            # tests/kserve/golang/measured/*.json
    python -m oracles.go.measure compare 100000   # so many new random inputs for each function

Questions are made from a seed, so `write` always asks the same ones.
"""

import json
import os
import random
import re
import runpy
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from oracles.go.picked import PICKED
from oracles.go.questions import GENERATORS

HERE = Path(__file__).parent
TESTS = HERE.parents[1] / "tests" / "kserve" / "golang"
BATCH = 20_000
RANDOM_ASKED = 10_000
MOST_CASES = 250
MOST_BYTES = 150_000

Arguments = list[Any]
Answer = dict[str, Any]


def main(command: str, count: int, names: list[str]) -> int:
    names = names or sorted(GENERATORS)
    if command == "write":
        for name in names:
            write(name)
        return 0
    return min(1, sum(compare(name, count, random.randrange(1 << 32)) for name in names))


def write(name: str) -> None:
    """Write all hand-picked cases, then random ones while there is room, first those with a new kind of answer."""
    source = random.Random(name)
    picked = PICKED.get(name, [])
    asked = [*picked, *(GENERATORS[name](source) for _ in range(RANDOM_ASKED))]
    lines = [
        (json.dumps({"in": arguments, "go": answer}, separators=(",", ":")), kind_of(answer))
        for arguments, answer in zip(asked, ask(name, asked), strict=True)
    ]
    kept = dict.fromkeys(line for line, _ in lines[: len(picked)])
    size = sum(map(len, kept)) + 2 * len(kept)
    kinds: dict[str, int] = defaultdict(int)
    for _, kind in lines[: len(picked)]:
        kinds[kind] += 1
    for most in (3, MOST_CASES):
        for line, kind in lines[len(picked) :]:
            fits = len(kept) < len(picked) + MOST_CASES and size + len(line) + 2 < MOST_BYTES
            if kinds[kind] < most and line not in kept and fits:
                kept[line] = None
                kinds[kind] += 1
                size += len(line) + 2
    (TESTS / "measured").mkdir(exist_ok=True)
    (TESTS / "measured" / f"{name}.json").write_text("[\n" + ",\n".join(kept) + "\n]\n", "ascii")
    print(f"{name}: {len(kept)} cases, {size} bytes", flush=True)


def kind_of(answer: Answer) -> str:
    """Return the kind of an answer: answers that differ only in numbers and quoted parts are of one kind."""
    text = str(answer["error"]) if "error" in answer else ascii(answer["ok"])
    return re.sub(r'"(\\.|[^"\\])*"|\'[^\']*\'|[0-9]+', "_", text)[:80]


def compare(name: str, count: int, seed: int) -> int:
    """Count the inputs for which isvclog's answer is not Go's, and print the first few."""
    ours: Callable[[str, Arguments], Answer] = runpy.run_path(str(TESTS / "test_measured.py"))["answer"]
    source = random.Random(seed)
    wrong = 0
    for start in range(0, count, BATCH):
        asked = [GENERATORS[name](source) for _ in range(min(BATCH, count - start))]
        for arguments, answer in zip(asked, ask(name, asked), strict=True):
            got = ours(name, arguments)
            if got != answer:
                wrong += 1
                if wrong <= 5:
                    print(f"  {arguments!a}\n    Go:   {answer!a}\n    ours: {got!a}")
    print(f"{name}: {count} inputs (seed {seed}), {wrong} differ", flush=True)
    return wrong


def ask(name: str, asked: list[Arguments]) -> Iterator[Answer]:
    questions = "".join(json.dumps({"f": name, "a": to_latin1(arguments)}) + "\n" for arguments in asked)
    go = subprocess.run(
        ["go", "run", "."],
        cwd=HERE,
        env={**os.environ, "GOTOOLCHAIN": "go1.25.5"},
        input=questions,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    for line in go.stdout.removesuffix("\n").split("\n"):
        answer = from_latin1(json.loads(line))
        yield {"error": answer["error"]} if "error" in answer else {"ok": answer["ok"]}


def to_latin1(value: Any) -> Any:
    """Replace each string by its bytes, one character for each byte."""
    return convert(value, lambda text: text.encode("utf-8", "surrogateescape").decode("latin-1"))


def from_latin1(value: Any) -> Any:
    return convert(value, lambda text: text.encode("latin-1").decode("utf-8", "surrogateescape"))


def convert(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [convert(item, change) for item in value]
    if isinstance(value, dict):
        return {change(name): convert(member, change) for name, member in value.items()}
    return value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20_000, sys.argv[3:]))
