"""Measure how well isvclog and others recognise sensitive names and values: the table of `docs/sensitive-data.md`.

Each judge sees every line of `tests/redact` as an annotation or a header of a manifest. "Found" is how many of what
has to be found were, "wrong" how many of the harmless ones, and "starts" what importing the judge adds to a start of
Python, in bare starts of the interpreter. Others are measured where they are installed beside this interpreter:

    pip install detect-secrets credsweeper datafog
    PYTHONPATH=src python evaluations/sensitive_values.py [--missed]
"""

import argparse
import json
import logging
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from isvclog.redact.headers import header_secret
from isvclog.redact.keys import personal_name, secret_name
from isvclog.redact.known import known_annotation
from isvclog.redact.values import has_sensitive_shape
from isvclog.redact.values import value_shape as shape

LISTS = Path(__file__).resolve().parent.parent / "tests" / "redact"
KINDS = ("keys", "values", "headers")
PASSWORD = "kX9fA2mQ7vT1zR4w"
"""The value of each key, for judges that report a name only with a value that could be secret."""


class Line(NamedTuple):
    """One line of a manifest or request, of which the name or the value is judged."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}: {json.dumps(self.value, ensure_ascii=False)}"


class Judge(NamedTuple):
    """A tool that returns the indexes of sensitive lines; `imports` is the statement that its users need."""

    name: str
    imports: str
    flagged: Callable[[str, list[Line]], Iterable[int]]
    kinds: tuple[str, ...] = KINDS

    @property
    def is_installed(self) -> bool:
        return find_spec(self.imports.split()[1].partition(".")[0]) is not None


def ours(kind: str, lines: list[Line]) -> Iterator[int]:
    """Flag lines with the functions that the rules call."""
    judges: dict[str, Callable[[Line], object]] = {
        "keys": lambda line: known_annotation(line.name) or secret_name(line.name) or personal_name(line.name),
        "values": lambda line: shape(line.value),
        "headers": lambda line: header_secret(line.name),
    }
    return (index for index, line in enumerate(lines) if judges[kind](line))


def ours_without_hints(kind: str, lines: list[Line]) -> Iterator[int]:
    """Flag lines by known shapes only, as previews mask them."""
    return (index for index, line in enumerate(lines) if has_sensitive_shape(line.value))


def detect_secrets(kind: str, lines: list[Line]) -> set[int]:
    """Flag lines with all plugins and filters of detect-secrets, as `detect-secrets scan` runs them."""
    scan, settings = import_module("detect_secrets.core.scan"), import_module("detect_secrets.settings")
    with tempfile.TemporaryDirectory() as folder, settings.default_settings():
        path = Path(folder) / "manifest.yaml"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return {secret.line_number - 1 for secret in scan.scan_file(str(path))}


def credsweeper(kind: str, lines: list[Line]) -> set[int]:
    """Flag lines with the rules and the machine-learning model of CredSweeper."""
    sweeper = import_module("credsweeper").CredSweeper()
    provider = import_module("credsweeper.file_handler.text_content_provider")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "manifest.yaml"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        with warnings.catch_warnings(action="ignore"):
            sweeper.scan([provider.TextContentProvider(path)], None)
    return {
        data.line_num - 1 for found in sweeper.credential_manager.get_credentials() for data in found.line_data_list
    }


def datafog(kind: str, lines: list[Line]) -> Iterator[int]:
    """Flag lines with the regular expressions of DataFog for personal data; it knows no credentials."""
    scan = import_module("datafog").scan
    return (index for index, line in enumerate(lines) if scan(line.value, engine="regex").entities)


JUDGES = (
    Judge("isvclog", "import isvclog.redact.headers", ours),
    Judge("isvclog without hints", "import isvclog.redact.headers", ours_without_hints, ("values",)),
    Judge("detect-secrets", "import detect_secrets.core.scan", detect_secrets),
    Judge("CredSweeper", "import credsweeper", credsweeper),
    Judge("DataFog", "import datafog", datafog, ("values",)),
)


def specimens(kind: str, sensitive: bool) -> list[Line]:
    """Read the lines of one list. A bar splits what scanners must not take for a real key; `\\n` is a line break."""
    path = LISTS / kind / ("true.txt" if sensitive else "false.txt")
    texts = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    if kind != "values":
        return [Line(text, PASSWORD) for text in texts]
    if sensitive:
        texts = [text.partition("\t")[2].replace("|", "").replace("\\n", "\n") for text in texts]
    return [Line(f"example.com/note-{number}", text) for number, text in enumerate(texts)]


def judged(judge: Judge, missed: bool) -> list[str]:
    """Return the cells of one judge: found and wrong for each kind."""
    cells = []
    for kind in KINDS:
        if kind not in judge.kinds:
            cells += ["", ""]
            continue
        for sensitive in (True, False):
            lines = specimens(kind, sensitive)
            flagged = {*judge.flagged(kind, lines)}
            cells.append(f"{len(flagged)} of {len(lines)}")
            failed = {*range(len(lines))} - flagged if sensitive else flagged
            if missed and failed:
                print(f"{judge.name}, {kind}:", "missed" if sensitive else "wrong")
                print(*(f"    {lines[index]}" for index in sorted(failed)), sep="\n")
    return cells


def added_starts(statement: str) -> float:
    """Measure what an import adds to a start, in bare starts. Both take turns, and their medians are compared."""
    times: dict[str, list[float]] = {"pass": [], statement: []}
    for _ in range(9):
        for code, taken in times.items():
            before = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            taken.append(time.perf_counter() - before)
    return statistics.median(times[statement]) / statistics.median(times["pass"]) - 1


def main() -> None:
    """Print one row for each judge that is installed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--missed", action="store_true", help="list what each judge got wrong, too")
    missed = parser.parse_args().missed
    logging.disable()
    print("| judge | keys found | keys wrong | values found | values wrong | headers found | headers wrong | starts |")
    print("|---|---|---|---|---|---|---|---|")
    for judge in JUDGES:
        if judge.is_installed:
            print("|", " | ".join([judge.name, *judged(judge, missed), f"{added_starts(judge.imports):.1f}"]), "|")


if __name__ == "__main__":
    main()
