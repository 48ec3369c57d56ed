"""Compare what two checkouts of isvclog report about manifests, and which bytes they write.

    python evaluations/compare_commits.py OLD NEW [PATH...]

OLD and NEW are folders with `src/isvclog`; a PATH is a manifest or a folder of manifests (default: the examples and the
test cases of the rules). Each checkout runs in a process of its own and gets every manifest with every command of
`STEPS`. The two must agree on positions, severities, rules, pointers, fixes, events, edited bytes and exit codes.

Words may differ: messages that were reworded are listed, but only another number or quoted part in the same sentence
counts as a difference. JSON keys and values that were renamed on purpose go into `RENAMED_KEYS` and `RENAMED_VALUES`.

A manifest may name options in a comment, as the test cases of the rules do: `# isvclog lint --kserve-version 0.14`.

The exit code is 0 if only words differ, 1 if anything else does, 2 for wrong usage.
"""

import argparse
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent

RENAMED_KEYS: dict[str, str | None] = {
    "annotations.fate": "status",
    "annotations.why": "message",
    "headers.fate": "status",
    "headers.why": "message",
    "components.obstacle": "blockedBy",
    "components.losses": "dropped",
    "components.waitingForBatch": "pending",
    "components.batchWillBeDropped": "pendingDropReason",
    "services.refused": "rejected",
}
"""JSON keys of OLD and what NEW calls them. The longest path that ends a key's path counts; lists add nothing to it."""

ADDED_KEYS: tuple[str, ...] = (
    *("annotations.reason", "annotations.causedBy", "headers.reason", "headers.causedBy"),
    *("services.refusedFields", "services.misspelledLoggers"),
)
"""JSON keys that only NEW has, in the terms of NEW, likewise by the end of their path."""

RENAMED_VALUES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "components.obstacle": {"refused-pod": "rejected-pod"},
}
"""By the end of a key's path in OLD: its values and what each is in NEW, one or one of several."""

WORDS = {
    "failures",
    "findings.fix.title",
    "findings.message",
    "findings.remedy",
    "services.components.annotations.why",
    "services.components.headers.why",
    "services.components.notes",
    "services.components.problem.because",
    "services.components.problem.effect",
    "services.components.problem.remedy",
    "services.refused.reason",
}
"""Paths of JSON texts that are written for people. The paths are those of OLD, or of NEW after renaming."""

PROBE = "example.com/isvclog-probe"
FIXED = ("--id", "5f0c5d5c-6b1e-4b0e-9d52-7c1a5f3c2b10", "--time", "2026-01-02T03:04:05.120Z")
SECONDS = 120
"""How long one command may take."""


class Step(NamedTuple):
    """A command that is run on a manifest.

    `options` are the options of the manifest that it understands, `output` says how to compare its standard output:
    `json`, `bytes` or `words`. A step starts from the manifest, or with `goes_on` from the result of the step before.
    """

    name: str
    arguments: tuple[str, ...]
    options: tuple[str, ...]
    output: str
    goes_on: bool = False


_RELEASE = ("--kserve-version",)
_CLUSTER = (*_RELEASE, "--deployment-mode", "--inferenceservice-config", "--serving-runtime")
_LINT = (*_CLUSTER, "--config", "--sink-profile")
_EDIT = (*_RELEASE, "--config")
STEPS = (
    Step("lint", ("lint", "-o", "json", "FILE"), _LINT, "json"),
    Step("lint --fix --diff", ("lint", "--fix", "--diff", "FILE"), _LINT, "bytes"),
    Step("lint --unsafe-fixes --diff", ("lint", "--unsafe-fixes", "--diff", "FILE"), _LINT, "bytes"),
    Step("lint --fix", ("lint", "--fix", "-o", "json", "FILE"), _LINT, "json"),
    Step("lint --unsafe-fixes", ("lint", "--unsafe-fixes", "-o", "json", "FILE"), _LINT, "json"),
    Step("validate", ("validate", "-o", "json", "FILE"), _RELEASE, "json"),
    Step("preview -o json", ("preview", "-o", "json", *FIXED, "-f", "FILE"), _CLUSTER, "json"),
    Step("preview -o http", ("preview", "-o", "http", *FIXED, "-f", "FILE"), _CLUSTER, "bytes"),
    Step("add-annotation", ("add-annotation", PROBE, "-f", "FILE"), _EDIT, "words"),
    Step("remove it again", ("remove-annotation", PROBE, "-f", "FILE"), _EDIT, "words", goes_on=True),
    Step("remove-annotation", ("remove-annotation", "LISTED", "-f", "FILE"), _EDIT, "words"),
)

_OPTIONS = re.compile(r"^# isvclog lint (.*)$", re.MULTILINE)
_LISTED = re.compile(
    r"""metadataAnnotations["']?[ \t]*:\s*(?:#.*\s+)*(?:\[|-\s)\s*(?:#.*\s+)*["']?([^\s"',\]\[{}#&*!]+)"""
)
_FINDING = re.compile(r"(?P<place>.+?): (?P<severity>error|warning|info): (?P<message>.*) \[(?P<rule>[a-z0-9-]+)\]")
_FACT = re.compile(r"""`[^`]*`|"[^"]*"|(?<!\w)'[^']*'|\d[\d,.]*\d|\d""")

Json = Any


# Running


class Case(NamedTuple):
    """A manifest: its options, and the first key that it lists, or an empty text."""

    path: str
    options: list[str]
    listed: str


def find_cases(paths: Iterable[str]) -> Iterator[Case]:
    """Yield the manifests at the paths; files in folders that are hidden are none."""
    for path in map(Path, paths):
        found = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in found:
            if file.suffix in (".yaml", ".yml", ".json") and not file.name.startswith(".") and file.is_file():
                text = file.read_text(encoding="utf-8", errors="replace")
                listed = _LISTED.search(text)
                yield Case(str(file.resolve()), _options(file, text), listed[1] if listed else "")


def _options(file: Path, text: str) -> list[str]:
    """Return the options that the manifest names, or the flagged one that it is the clean version of."""
    flagged = file.with_name(file.name.replace("clean", "flagged"))
    if flagged != file and flagged.is_file():
        text = flagged.read_text(encoding="utf-8", errors="replace")
    written = _OPTIONS.search(text)
    return shlex.split(written[1]) if written else []


class _TooLong(BaseException):
    """A command did not end in time. No Exception, so that nothing takes it for an error of its own."""


def serve() -> None:
    """Run the cases that standard input names, one a line, and print the results of each in a line of JSON."""
    from isvclog.cli.main import main

    def give_up(*_: object) -> None:
        raise _TooLong

    signal.signal(signal.SIGALRM, give_up)
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / ".git").mkdir()  # no project file above it counts
        os.environ["HOME"] = name
        for number, line in enumerate(sys.stdin):
            place = folder / str(number)
            place.mkdir()
            os.chdir(place)
            print(json.dumps(_results(main, Case(*json.loads(line)))), file=answers, flush=True)
            os.chdir(folder)
            shutil.rmtree(place)


def _results(main: Any, case: Case) -> list[Json]:
    """Run all steps on one manifest, in the current folder."""
    path = Path(case.path)
    before = path.read_bytes()
    for beside in case.options:
        if "/" not in beside and path.with_name(beside).is_file():
            shutil.copy(path.with_name(beside), beside)
        elif (path.parent / beside).is_file():
            Path(beside).parent.mkdir(exist_ok=True)
            shutil.copy(path.parent / beside, beside)
    copy = Path(path.name)
    results: list[Json] = []
    for step in STEPS:
        if "LISTED" in step.arguments and not case.listed:
            results.append(None)
            continue
        if not step.goes_on:
            copy.write_bytes(before)
        names = {"FILE": path.name, "LISTED": case.listed}
        arguments = [names.get(argument, argument) for argument in step.arguments]
        result = _run(main, [*arguments, *_understood(case.options, step.options)])
        after = copy.read_bytes()
        result["after"] = None if after == before else after.decode(errors="surrogateescape")
        results.append(result)
    return results


def _understood(options: Sequence[str], names: Sequence[str]) -> Iterator[str]:
    """Yield the options of these names, each with the value behind it."""
    for name, value in pairwise(options):
        if name in names:
            yield from (name, value)


def _run(main: Any, arguments: list[str]) -> dict[str, Json]:
    """Run one command; its output and exit code, or how it crashed."""
    kept = sys.stdout, sys.stderr
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in kept]
    sys.stdout, sys.stderr = streams
    signal.alarm(SECONDS)
    code: int | str
    try:
        code = main(arguments)
    except _TooLong:
        code = f"nothing after {SECONDS} s"
    except BaseException as error:
        code = f"crash: {type(error).__name__}"
    finally:
        signal.alarm(0)
        sys.stdout, sys.stderr = kept
    texts = []
    for stream in streams:
        with suppress(ValueError):  # a stream that the command has closed
            stream.flush()
        texts.append(stream.buffer.getvalue().decode(errors="surrogateescape"))
    return {"code": code, "out": texts[0], "err": texts[1]}


def start(checkout: str) -> subprocess.Popen[str]:
    """Start the process that runs the cases with the isvclog of a checkout."""
    source = str(Path(checkout, "src").resolve())
    colours = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "ISVCLOG_DEBUG", "GITHUB_ACTIONS", "KUBECONFIG")
    environment = {name: value for name, value in os.environ.items() if name not in colours}
    environment |= {"PYTHONPATH": source, "PYTHONHASHSEED": "0", "TZ": "UTC"}
    probe = subprocess.run(
        [sys.executable, "-c", "import isvclog; print(isvclog.__file__)"],
        env=environment,
        cwd=source,
        capture_output=True,
        text=True,
        check=True,
    )
    if not probe.stdout.startswith(source):
        raise SystemExit(f"{checkout} is not what is imported, but {probe.stdout.strip()}.")
    command = [sys.executable, __file__, "--serve"]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


# Comparing


class Comparison:
    """What the results of two checkouts have in common, and where they differ."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.differences: dict[tuple[str, str], list[str]] = {}
        self.renamed: Counter[str] = Counter()
        self.rewordings: dict[tuple[str, str], list[str]] = {}
        self.bugs: list[str] = []
        self.case = self.step = ""

    def differ(self, what: str, example: str = "") -> None:
        self.differences.setdefault((self.step, what), []).append(f"{self.case}{example and ': '}{example}")

    def results(self, case: Case, old: list[Json], new: list[Json]) -> None:
        """Compare the results of all steps on one manifest."""
        self.case = os.path.relpath(case.path)
        self.counts["manifests"] += 1
        for step, before, after in zip(STEPS, old, new, strict=True):
            if before is not None:
                self.step = step.name
                self.counts["commands with each checkout"] += 1
                self._step(step, before, after)

    def _step(self, step: Step, old: Json, new: Json) -> None:
        if old["code"] != new["code"]:
            self.differ(f"exit code {old['code']} -> {new['code']}")
        if old["after"] != new["after"]:
            self.differ("edited bytes", first_difference(old["after"], new["after"]))
        self.counts["edited files"] += old["after"] is not None
        if "this is a bug" in new["err"]:
            self.bugs.append(f"{self.case}: {step.name}: {new['err'].strip()}")
        self._lines(old["err"], new["err"])
        if step.output == "words":
            self._lines(old["out"], new["out"])
        elif step.output == "bytes" or not (old["out"].startswith("{") and new["out"].startswith("{")):
            self.counts["bytes of diffs and events"] += len(old["out"])
            if old["out"] != new["out"]:
                self.differ("output", first_difference(old["out"], new["out"]))
        else:
            self.json("", json.loads(old["out"]), json.loads(new["out"]))

    def _lines(self, old: str, new: str) -> None:
        """Compare lines for people; of findings among them, place, severity and rule must be the same."""
        lines = old.splitlines(), new.splitlines()
        found = [[match for line in side if (match := _FINDING.fullmatch(line))] for side in lines]
        if [_identity(match) for match in found[0]] != [_identity(match, renamed=False) for match in found[1]]:
            self.differ("findings in lines for people", first_difference(old, new))
        else:
            for one, other in zip(*found, strict=True):
                self.words(one["message"], other["message"])
        rest = [[line for line in side if not _FINDING.fullmatch(line)] for side in lines]
        for index in range(max(map(len, rest))):
            self.words(*("\n".join(side[index : index + 1]) for side in rest))

    def words(self, old: str, new: str) -> None:
        """Note a text that was reworded; it is a difference if the sentence is the same about something else."""
        self.counts["texts"] += 1
        if old == new:
            return
        key = template(old), template(new)
        if key[0] == key[1]:
            self.differ("numbers or names in a message", f"{old!r} -> {new!r}")
        else:
            self.rewordings.setdefault(key, []).append(f"{old}\n{new}")

    def json(self, path: str, old: Json, new: Json) -> None:
        """Compare two JSON values; `path` has the keys of OLD that lead to them, with dots between them."""
        if isinstance(old, dict) and isinstance(new, dict):
            self._objects(path, old, new)
        elif isinstance(old, list) and isinstance(new, list):
            self.counts[path.rpartition(".")[2]] += len(old)
            pairs = self._findings(old, new) if path == "findings" else self._items(path, old, new)
            for one, other in pairs:
                self.json(path, one, other)
        elif isinstance(old, str) and isinstance(new, str) and _is_words(path):
            self.words(old, new)
        elif not _same_value(path, old, new):
            self.differ(*_value_change(path, old, new))

    def _objects(self, path: str, old: dict[str, Json], new: dict[str, Json]) -> None:
        rest = dict(new)
        for key, value in old.items():
            where = f"{path}.{key}".lstrip(".")
            name = _longest(RENAMED_KEYS, where, key)
            if name != key:
                self.renamed[f"{where} -> {name or '(gone)'}"] += 1
            if name in rest:
                self.json(where, value, rest.pop(name))
            elif name is not None:
                alike = [f"`{other}`" for other in rest if other not in old and rest[other] == value]
                self.differ(f"key {where} is missing in NEW", f"the same value has {alike[0]}" if alike else "")
        for key in rest:
            where = f"{path}.{key}".lstrip(".")
            if not any(_ends(where, added) for added in ADDED_KEYS):
                self.differ(f"key {where} is only in NEW", shortened(rest[key]))

    def _items(self, path: str, old: list[Json], new: list[Json]) -> Iterable[tuple[Json, Json]]:
        if len(old) != len(new):
            self.differ(f"number of {path}", f"{shortened(old)} -> {shortened(new)}")
        return zip(old, new, strict=False)

    def _findings(self, old: list[Json], new: list[Json]) -> Iterator[tuple[Json, Json]]:
        """Yield the findings that belong together: first those of the same place and rule, then those nearly so."""
        everywhere = ("file", "line", "column", "endLine", "endColumn", "severity", "rule", "pointer")
        left = [list(enumerate(old)), list(enumerate(new))]
        pairs = []
        for keys in (everywhere, ("rule", "pointer", "object", "document"), ("line", "column", "pointer")):
            waiting: dict[tuple[Json, ...], list[tuple[int, Json]]] = {}
            for index, finding in left[1]:
                waiting.setdefault(tuple(finding.get(key) for key in keys), []).append((index, finding))
            unmatched = []
            for index, finding in left[0]:
                same = waiting.get(tuple(_renamed_value(f"findings.{key}", finding.get(key)) for key in keys))
                if same:
                    pairs.append(((index, finding), same.pop(0)))
                else:
                    unmatched.append((index, finding))
            left = [unmatched, sorted((each for others in waiting.values() for each in others), key=lambda it: it[0])]
        for side, rest in zip(("OLD", "NEW"), left, strict=True):
            for _, finding in rest:
                self.differ(f"finding only in {side}: {finding['rule']}", shortened(finding))
        pairs.sort(key=lambda pair: pair[0][0])
        if [other[0] for _, other in pairs] != sorted(other[0] for _, other in pairs):
            self.differ("order of findings")
        return ((one, other) for (_, one), (_, other) in pairs)


def _identity(match: re.Match[str], renamed: bool = True) -> tuple[Json, ...]:
    """Return what must stay the same of a finding in a line, in the terms of NEW."""
    found = [match["place"], match["severity"], match["rule"]]
    if renamed:
        found[1:] = [_renamed_value("findings.severity", found[1]), _renamed_value("findings.rule", found[2])]
    return tuple(found)


def _ends(path: str, end: str) -> bool:
    return f".{path}".endswith(f".{end}")


def _longest(table: dict[str, Any], path: str, default: Any) -> Any:
    """Return the entry with the longest key that ends the path."""
    return table[max(found, key=len)] if (found := [key for key in table if _ends(path, key)]) else default


def _is_words(path: str) -> bool:
    """Return True for texts for people, by the path in OLD or, if OLD has the new keys already, in NEW."""
    return path in WORDS or path in {_renamed_path(words) for words in WORDS}


def _renamed_path(path: str) -> str:
    keys = path.split(".")
    names = [_longest(RENAMED_KEYS, ".".join(keys[: index + 1]), key) for index, key in enumerate(keys)]
    return ".".join(name or key for name, key in zip(names, keys, strict=True))


def _renamed_value(path: str, value: Json) -> Json:
    """Return the value of OLD in the terms of NEW; a tuple if it may be one of several."""
    return _longest(RENAMED_VALUES, path, {}).get(value, value) if isinstance(value, str) else value


def _same_value(path: str, old: Json, new: Json) -> bool:
    if type(old) is not type(new):
        return False
    expected = _renamed_value(path, old)
    return bool(new in expected if isinstance(expected, tuple) else new == expected)


def _value_change(path: str, old: Json, new: Json) -> tuple[str, str]:
    """Return what differs, so that equal changes of short values count as one, and an example of it."""
    change = f"{shortened(old)} -> {shortened(new)}"
    enumerated = isinstance(old, str) and isinstance(new, str) and len(old) < 20 and len(new) < 20
    return (f"{path}: {change}", "") if enumerated else (path, change)


def template(text: str) -> str:
    """Return the text without its numbers and quoted parts."""
    return _FACT.sub(lambda match: "N" if match[0][0].isdigit() else "`…`", text)


def facts(text: str) -> Counter[str]:
    """Return the numbers and quoted parts of a text, without the quotes."""
    return Counter(match[0].strip("`\"'") for match in _FACT.finditer(text))


def first_difference(old: str | None, new: str | None) -> str:
    """Return the first line that differs; None stands for a file that was not changed."""
    if old is None or new is None:
        return f"{'unchanged' if old is None else 'changed'} -> {'unchanged' if new is None else 'changed'}"
    lines = [text.splitlines(keepends=True) for text in (old, new)]
    for number, (one, other) in enumerate(zip(*lines, strict=False), 1):
        if one != other:
            return f"line {number}: {shortened(one)} -> {shortened(other)}"
    return f"{len(lines[0])} -> {len(lines[1])} lines"


def shortened(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < 300 else text[:300] + "…"


# Reporting


def report(comparison: Comparison, examples: int) -> int:
    """Print what was compared and what differs; the exit code."""
    compared = ", ".join(f"{count:,} {what}" for what, count in comparison.counts.items() if count)
    print(f"Compared: {compared}.")
    for title, lines in (
        ("Renamed keys", [f"{name}: {count:,} times" for name, count in comparison.renamed.items()]),
        ("Reworded messages", _reworded(comparison, examples)),
        ("Reported as bugs by NEW", comparison.bugs),
        ("Differences", _different(comparison, examples)),
    ):
        if lines:
            print(f"\n{title}: {len(lines):,}")
            print(*(f"  {line}" for line in lines), sep="\n")
    found = sum(map(len, comparison.differences.values()))
    print(
        f"\n{found:,} differences" if found else "\nNothing differs but words." if comparison.rewordings else "\nSame."
    )
    return 1 if found else 0


def _reworded(comparison: Comparison, examples: int) -> list[str]:
    """Return a paragraph for each pair of wordings; `(!)` marks those that also differ in a number or a quoted part."""
    found = []
    for pairs in sorted(comparison.rewordings.values(), key=len, reverse=True):
        others = [pair for pair in pairs if facts(pair.partition("\n")[0]) != facts(pair.partition("\n")[2])]
        mark = f" (!) {len(others):,} with other numbers or quoted parts" if others else ""
        shown = list(dict.fromkeys([*others, *pairs]))[: min(examples, 1)]
        old_and_new = "".join(f"\n    - {old}\n    + {new}" for old, _, new in (pair.partition("\n") for pair in shown))
        found.append(f"{len(pairs):,} times{mark}{old_and_new}")
    return found


def _different(comparison: Comparison, examples: int) -> list[str]:
    """Return a paragraph for each kind of difference, the most frequent first."""
    found = []
    for (step, what), places in sorted(comparison.differences.items(), key=lambda item: len(item[1]), reverse=True):
        shown = "".join(f"\n    {place}" for place in list(dict.fromkeys(places))[:examples])
        found.append(f"{step}: {what}: {len(places):,} times{shown}")
    return found


def main() -> int:
    """Run both checkouts on all manifests and print what differs."""
    if sys.argv[1:] == ["--serve"]:
        serve()
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", metavar="OLD")
    parser.add_argument("new", metavar="NEW")
    parser.add_argument("paths", nargs="*", metavar="PATH")
    parser.add_argument("--examples", type=int, default=3, metavar="N", help="show N places of each difference")
    options = parser.parse_args()
    for checkout in (options.old, options.new):
        if not Path(checkout, "src", "isvclog").is_dir():
            parser.error(f"{checkout} has no src/isvclog")
    paths = options.paths or [str(ROOT / "examples"), str(ROOT / "tests" / "rules")]
    if missing := [path for path in paths if not Path(path).exists()]:
        parser.error(f"there is no {missing[0]}")
    comparison = Comparison()
    with ExitStack() as stack:
        old, new = (stack.enter_context(start(checkout)) for checkout in (options.old, options.new))
        for number, case in enumerate(find_cases(paths), 1):
            for worker in (old, new):
                assert worker.stdin
                print(json.dumps(case), file=worker.stdin, flush=True)
            comparison.results(case, *(_answer(worker, case) for worker in (old, new)))
            if sys.stderr.isatty():
                print(f"\r{number:,} manifests", end="", file=sys.stderr)
        for worker in (old, new):
            assert worker.stdin
            worker.stdin.close()
    return report(comparison, options.examples)


def _answer(worker: subprocess.Popen[str], case: Case) -> list[Json]:
    assert worker.stdout
    line = worker.stdout.readline()
    if not line:
        raise SystemExit(f"{worker.args!r} ended with {case.path}.")
    answer: list[Json] = json.loads(line)
    return answer


if __name__ == "__main__":
    sys.exit(main())
