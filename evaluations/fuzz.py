"""Try isvclog on inputs that nobody would write, and check what must hold for every input.

    python -m evaluations.fuzz [CORPUS...] [--minutes 30] [--seed 1] [--start N] [--out FOLDER]

Inputs are files, clusters and edits: InferenceServices by the structure of the CustomResourceDefinition with hostile
values and secrets in any place, written in all styles of YAML, and real files of a CORPUS, cut and joined. Each input
is a few commands, run through `isvclog.cli.main.main` in a process with limits for processor time and memory; a
cluster is the stand-in of `tests/cluster` on loopback. After each command must hold:

* it ends with 0 to 3, in time, without a traceback and without reporting a bug;
* no output has a control character, a command to a CI system, or a secret that was planted (unless `--reveal`);
* JSON, SARIF, JUnit, CSV and Markdown can be read, and JSON matches the published schemas;
* nothing is written that was not asked for, and an edit changes what it is for and nothing else, as
  sigs.k8s.io/yaml sees it where Go is installed, PyYAML elsewhere.

What fails is counted by kind. At the end the smallest input of each kind is reduced, and written to FOLDER. The kinds
that `fuzzing/known.txt` lists are counted apart. An input depends on the seed and its number only: `--only N` shows
one, `--start N` goes on where a run has ended. The exit code is 0 if only known kinds failed, else 1.
"""

import argparse
import json
import os
import selectors
import signal
import sys
import time
import traceback
from collections import Counter
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from evaluations.fuzzing import reading, reducing
from evaluations.fuzzing.cases import Case, Failure, Result, from_json
from evaluations.fuzzing.checks import Checker
from evaluations.fuzzing.generate import Generator
from evaluations.fuzzing.grammar import structures
from evaluations.fuzzing.running import Runner, limit_memory
from evaluations.fuzzing.splicing import Corpus

ROOT = Path(__file__).resolve().parents[1]
KNOWN = ROOT / "evaluations" / "fuzzing" / "known.txt"
_SILENCE = 60
"""Seconds without a word of a process after which it is ended."""
_PER_PROCESS = 3000
"""Inputs after which a process is replaced, so that what one leaves behind does not add up."""
_OWN_FAULT = 70
"""The exit code of a process in which the fuzzer itself failed."""


class Settings(NamedTuple):
    """Limits of a run, and what its processes share."""

    seconds: float
    memory: int
    program: str | None
    folder: Path


class Kind:
    """What is known about the inputs that fail in the same way: how many, and the smallest."""

    def __init__(self) -> None:
        self.count = 0
        self.number = -1
        self.size = 0
        self.failure = Failure("", 0, "")

    def add(self, number: int, size: int, failure: Failure) -> None:
        """Count an input."""
        self.count += 1
        if self.number < 0 or size < self.size:
            self.number, self.size, self.failure = number, size, failure


# In the processes


def work(numbers: range, generator: Generator, settings: Settings, end: float, pipe: int) -> None:
    """Run inputs until the time is over, and report each in a line of JSON."""
    with (
        os.fdopen(pipe, "w", encoding="ascii") as answers,
        _tools(settings, f"work{numbers.start}") as (runner, checker),
    ):

        def tell(**message: Any) -> None:
            print(json.dumps(message), file=answers, flush=True)

        for number in numbers:
            if time.monotonic() > end:
                break
            tell(begin=number)
            case = generator.case(number)
            results = runner.run(case)
            tell(ran=number)
            failures = checked(case, results, checker)
            tell(done=number, size=case.size, origin=case.origin, commands=len(case.steps), failures=failures)
        tell(end=True)


def failures_of(case: Case, runner: Runner, checker: Checker) -> list[Failure]:
    """Run an input and check it."""
    return checked(case, runner.run(case), checker)


def checked(case: Case, results: list[Result], checker: Checker) -> list[Failure]:
    """Check what the commands did. Memory that is used up while checking is no failure of isvclog."""
    with suppress(MemoryError, RecursionError):
        return checker.check(case, results)
    return []


class _tools:
    """The tools of a process: a runner in a folder of its own and a checker, within the limits."""

    def __init__(self, settings: Settings, name: str) -> None:
        self.settings = settings
        self.name = name

    def __enter__(self) -> tuple[Runner, Checker]:
        from isvclog.cli.main import main

        for variable in ("NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS", "ISVCLOG_DEBUG", "TERM", "KUBECONFIG"):
            os.environ.pop(variable, None)
        os.environ["COLUMNS"] = "100"
        time.sleep = lambda _: None  # what waits for a cluster to recover
        sys.path[:0] = [str(ROOT / "tests" / "cluster")]
        folder = self.settings.folder / self.name
        folder.mkdir(exist_ok=True)
        self.reader = reading.reader(self.settings.program)
        checker = Checker(self.reader, self.settings.seconds / 2)
        self.runner = Runner(main, folder, self.settings.seconds)
        limit_memory(self.settings.memory)
        return self.runner, checker

    def __exit__(self, *_: object) -> None:
        self.runner.close()
        self.reader.close()


def reduce_all(
    kinds: list[tuple[str, Kind]], generator: Generator, settings: Settings, seconds: float, out: Path
) -> None:
    """Reduce the smallest input of each kind, and store it."""
    with _tools(settings, f"reduce{os.getpid()}") as (runner, checker):
        for name, kind in kinds:
            case, failure = generator.case(kind.number), kind.failure

            def fails(candidate: Case, name: str = name) -> bool:
                return any(each.kind == name for each in failures_of(candidate, runner, checker))

            if not name.startswith("process"):
                if fails(case):
                    case = reducing.reduce(case, failure, fails, seconds)
                    failure = next((each for each in failures_of(case, runner, checker) if each.kind == name), failure)
                else:
                    failure = failure._replace(detail="not again\n" + failure.detail)
            reducing.store(out, case, failure, kind.count)


# In the process that starts them


class Pool:
    """Processes that share the numbers: each takes every n-th."""

    def __init__(self, generator: Generator, settings: Settings, end: float) -> None:
        self.generator = generator
        self.settings = settings
        self.end = end
        self.kinds: dict[str, Kind] = {}
        self.origins: Counter[str] = Counter()
        self.commands = 0
        self.done = 0
        self.slowest = 0.0

    def run(self, start: int, stop: int, workers: int) -> int:
        """Run the inputs of these numbers; returns the first number that was not run."""
        selector = selectors.DefaultSelector()
        rest = [range(start + offset, stop, workers) for offset in range(workers)]
        for index in range(workers):
            self._fork(selector, index, rest)
        looked = time.monotonic()
        while selector.get_map():
            ready = selector.select(1)
            paused, looked = time.monotonic() - looked > _SILENCE / 2, time.monotonic()
            for worker in [key.data for key in selector.get_map().values()]:
                worker.heard = looked if paused else worker.heard  # whoever stopped this process stopped them, too
            for key, _ in ready:
                worker = key.data
                data = os.read(key.fd, 1 << 20)
                worker.heard = time.monotonic()
                *lines, worker.buffer = (worker.buffer + data).split(b"\n")
                for line in lines:
                    self._hear(worker, json.loads(line), rest)
                if not data:
                    self._ended(selector, worker, rest)
            for worker in [key.data for key in selector.get_map().values()]:
                if time.monotonic() - worker.heard > _SILENCE:
                    os.kill(worker.pid, signal.SIGKILL)
                    worker.heard = time.monotonic()
        return min(numbers.start if numbers else stop for numbers in rest)

    def _fork(self, selector: selectors.BaseSelector, index: int, rest: list[range]) -> None:
        reads, writes = os.pipe()
        pid = os.fork()
        if pid:
            os.close(writes)
            selector.register(reads, selectors.EVENT_READ, _Worker(pid, index, reads))
            return
        _child(lambda: work(rest[index][:_PER_PROCESS], self.generator, self.settings, self.end, writes))

    def _hear(self, worker: "_Worker", message: Any, rest: list[range]) -> None:
        if "begin" in message:
            worker.number, worker.has_run = message["begin"], False
        elif "ran" in message:
            worker.has_run = True
        elif "done" in message:
            number = message["done"]
            worker.number = None
            rest[worker.index] = rest[worker.index][1:]
            self.done += 1
            self.commands += message["commands"]
            self.origins[message["origin"]] += 1
            for failure in message["failures"]:
                self._count(number, message["size"], Failure(*failure))
            if sys.stderr.isatty() and self.done % 50 == 0:
                print(f"\r{self.done:,} inputs, {len(self.kinds)} kinds", end="", file=sys.stderr)
        else:
            worker.is_done = True

    def _count(self, number: int, size: int, failure: Failure) -> None:
        self.kinds.setdefault(failure.kind, Kind()).add(number, size, failure)

    def _ended(self, selector: selectors.BaseSelector, worker: "_Worker", rest: list[range]) -> None:
        selector.unregister(worker.pipe)
        os.close(worker.pipe)
        _, status = os.waitpid(worker.pid, 0)
        if worker.number is not None:
            case = self.generator.case(worker.number)
            code = os.waitstatus_to_exitcode(status)
            if code == _OWN_FAULT or worker.has_run:
                raise SystemExit(f"The fuzzer itself failed on input {worker.number}.")
            self._count(
                worker.number,
                case.size,
                Failure(f"process ended with {code}", 0, str([s.arguments for s in case.steps])),
            )
            rest[worker.index] = rest[worker.index][1:]
        elif not worker.is_done:
            raise SystemExit("A process could not start.")
        if rest[worker.index] and time.monotonic() < self.end:
            self._fork(selector, worker.index, rest)


class _Worker:
    def __init__(self, pid: int, index: int, pipe: int) -> None:
        self.pid = pid
        self.index = index
        self.pipe = pipe
        self.number: int | None = None
        self.is_done = False
        self.has_run = False
        self.heard = time.monotonic()
        self.buffer = b""


def _child(task: Any) -> None:
    """Run a task and end this process, without what its parent would do at its end."""
    code = 0
    try:
        task()
    except BaseException:
        code = _OWN_FAULT
        traceback.print_exc(limit=-6)
    finally:
        sys.stderr.flush()
        os._exit(code)


def reduce_in_processes(pool: Pool, names: list[str], seconds: float, workers: int, out: Path) -> None:
    """Share the kinds among processes, which have so many seconds for all of them."""
    ordered = [(name, pool.kinds[name]) for name in names]
    if not ordered:
        return
    each = min(30.0, seconds * workers / len(ordered))
    pids = []
    for index in range(workers):
        pid = os.fork()
        if not pid:
            _child(lambda index=index: reduce_all(ordered[index::workers], pool.generator, pool.settings, each, out))
        pids.append(pid)
    for pid in pids:
        os.waitpid(pid, 0)


# Reporting


def known_kinds(path: Path) -> list[str]:
    """Read the patterns of kinds that are known."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def is_known(name: str, patterns: list[str]) -> bool:
    """Return True if a pattern covers the kind; `*` stands for anything."""
    return any(fnmatchcase(name, pattern.replace("[", "[[]")) for pattern in patterns)


def report(pool: Pool, patterns: list[str], seconds: float, resume: str) -> int:
    """Print the counts; returns the exit code."""
    rate = pool.done / seconds if seconds else 0
    print(f"{pool.done:,} inputs with {pool.commands:,} commands in {seconds:.0f} s: {rate:.0f} inputs/s. {resume}")
    print("Inputs: " + ", ".join(f"{count:,} {origin}" for origin, count in pool.origins.most_common()))
    new = {name: kind for name, kind in pool.kinds.items() if not is_known(name, patterns)}
    for title, chosen in (
        ("New", new),
        ("Known", {name: kind for name, kind in pool.kinds.items() if name not in new}),
    ):
        print(f"\n{title} kinds: {len(chosen)}")
        for name, kind in sorted(chosen.items(), key=lambda item: -item[1].count):
            if not name.startswith("leak"):
                print(f"  {kind.count:>6,}  {ascii(name)[1:-1]}  (--only {kind.number})")
        _report_leaks({name: kind for name, kind in chosen.items() if name.startswith("leak")})
    return 1 if new else 0


def _report_leaks(kinds: dict[str, Kind]) -> None:
    """Print the leaks by place: what the secret looks like, and the outputs that have it."""
    places: dict[str, list[tuple[str, str, Kind]]] = {}
    for name, kind in kinds.items():
        _, place, output, shape = name.split(": ", 3)
        places.setdefault(place, []).append((shape, output, kind))
    for place, found in sorted(places.items(), key=lambda item: -sum(kind.count for *_, kind in item[1])):
        shapes: Counter[str] = Counter()
        outputs: Counter[str] = Counter()
        smallest: dict[str, Kind] = {}
        for shape, output, kind in found:
            shapes[shape] += kind.count
            outputs[output] += kind.count
            smallest[output] = min(kind, smallest.get(output, kind), key=lambda each: each.size)
        print(f"  leak of {place}: " + ", ".join(f"{shape} {count:,}" for shape, count in shapes.most_common()))
        told = (f"{output} {count:,} (--only {smallest[output].number})" for output, count in outputs.most_common())
        print("          " + ", ".join(told))


def chosen_kinds(kinds: dict[str, Kind]) -> list[str]:
    """Choose the kinds to make small: of leaks from one place into one output only the smallest; the others first."""
    chosen: dict[str, str] = {}
    for name, kind in kinds.items():
        group = name.rpartition(": ")[0] if name.startswith("leak") else name
        if group not in chosen or kind.size < kinds[chosen[group]].size:
            chosen[group] = name
    return sorted(chosen.values(), key=lambda name: (name.startswith("leak"), -kinds[name].count))


def show(case: Case, settings: Settings) -> int:
    """Run one input and print everything."""
    with _tools(settings, "only") as (runner, checker):
        results = runner.run(case)
        failures = checker.check(case, results)
    print(f"number {case.number}, {case.origin}, secrets {[secret.text for secret in case.secrets]!r}")
    for name, content in case.files.items():
        print(f"--- {name!r}\n{content.decode(errors='backslashreplace')}")
    for item in (*case.objects, *case.answers, *case.warnings):
        print(f"--- {item!a}")
    for step, result in zip(case.steps, results, strict=True):
        print(
            f"$ {step.arguments!r} -> {result.code} in {result.seconds:.2f} s\n"
            f"{result.out!a}\n{result.err!a}\n{result.crash}"
        )
    for failure in failures:
        print(f"{failure.kind!a} (step {failure.step})\n    {failure.detail!a}")
    return 1 if failures else 0


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="*", metavar="CORPUS", help="a folder of real manifests")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--start", type=int, default=0, metavar="N", help="the first number")
    parser.add_argument("--count", type=int, default=1 << 40, metavar="N", help="how many inputs at most")
    parser.add_argument("--minutes", type=float, default=30, help="how long at most, without reducing (default 30)")
    parser.add_argument("--workers", type=int, default=2, metavar="N")
    parser.add_argument(
        "--limit", type=float, default=6, metavar="SECONDS", help="processor time of a command (default 6)"
    )
    parser.add_argument(
        "--memory", type=int, default=600, metavar="MIB", help="what a process may use beside its start"
    )
    parser.add_argument("--crds", metavar="FOLDER", help="structures by release; default the published schemas")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where to write reproducers; default nowhere")
    parser.add_argument("--reduce", type=float, default=300, metavar="SECONDS", help="time for making them small")
    parser.add_argument("--known", type=Path, default=KNOWN, metavar="FILE", help="patterns of known kinds")
    parser.add_argument("--all", action="store_true", help="write reproducers of known kinds, too")
    parser.add_argument("--no-go", action="store_true", help="read with PyYAML even if there is Go")
    parser.add_argument("--only", type=int, metavar="N", help="run one input and print everything")
    parser.add_argument(
        "--replay", type=Path, metavar="FILE", help="run the case.json of a reproducer and print everything"
    )
    return parser.parse_args()


def main() -> int:
    """Run, reduce and report."""
    chosen = options()
    out = chosen.out.resolve() if chosen.out else None
    patterns = known_kinds(chosen.known)
    generator = Generator(chosen.seed, structures(chosen.crds), Corpus(chosen.corpus) if chosen.corpus else None)
    with reading.temporary() as name:
        program = None if chosen.no_go else reading.build(name)
        settings = Settings(chosen.limit, chosen.memory, program, Path(name))
        if chosen.only is not None or chosen.replay:
            case = (
                from_json(json.loads(chosen.replay.read_text("utf-8")))
                if chosen.replay
                else generator.case(chosen.only)
            )
            return show(case, settings)
        print(f"Seed {chosen.seed}, edits read by {'sigs.k8s.io/yaml' if program else 'PyYAML'}", flush=True)
        begin = time.monotonic()
        pool = Pool(generator, settings, begin + chosen.minutes * 60)
        following = pool.run(chosen.start, chosen.start + chosen.count, chosen.workers)
        seconds = time.monotonic() - begin
        wanted = {name: kind for name, kind in pool.kinds.items() if chosen.all or not is_known(name, patterns)}
        names = chosen_kinds(wanted)
        code = report(pool, patterns, seconds, f"Go on with --start {following}.")
        if out:
            reduce_in_processes(pool, names, chosen.reduce, chosen.workers, out)
            lines = (f"{kind.count}\t{kind.number}\t{name!a}\n" for name, kind in sorted(pool.kinds.items()))
            out.mkdir(parents=True, exist_ok=True)
            (out / "kinds.tsv").write_text("".join(lines), encoding="ascii")
            print(f"\n{len(names)} reproducers in {out}")
    return code


if __name__ == "__main__":
    sys.exit(main())
