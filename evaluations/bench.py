"""Measure how fast isvclog is, in bare interpreter starts of the same run: `make bench`.

With `--against CHECKOUT` (a folder with `src/isvclog`), only compare the two, in turns, and by CPU time, which a busy
machine distorts least, and by the time that passes.

Times of one machine say nothing about another, and on a shared one little about the next minute; so commands take
turns, medians are compared, and only ratios are judged. `--quick` is short enough for a test, and fails at generous
limits. Beside isvclog, the same files go through kubeconform, with isvclog's schema so that both do the same work, and
yamllint where they are installed (`go install github.com/yannh/kubeconform/cmd/kubeconform@latest`).

It also measures the inputs of `growth.py` at two sizes, with `--quick` smaller ones, and fails if one takes over 2.6
times as long for twice the input. Without `--quick`, it also fails if an edit needs too much memory.
"""

import argparse
import compileall
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from evaluations.growth import GROWTH_LIMIT, GROWTHS, long_scalars, tiny_scalars

PYTHON = sys.executable
ISVCLOG = (PYTHON, "-m", "isvclog")
BARE = (PYTHON, "-c", "pass")
ROOT = Path(__file__).resolve().parent.parent

START_LIMITS = {
    "--version": 12.0,
    "--help": 14.0,
    "validate FILE": 24.0,
    "lint FILE": 28.0,
    "preview -f FILE": 24.0,
    "add-annotation": 24.0,
}
"""Bare starts that `--quick` allows: about twice the goal, because shared machines are noisy."""
LINT_LIMIT = 3.0
"""The times of `validate` that `lint` may take with `--quick`; the goal is 2."""
MEMORY_LIMIT = 1.25
"""The factor by which memory may grow with ten times as many files."""
EDIT_MEMORY = 250
"""The MiB that an edit may take beyond one composition of the same text."""
EDIT_FACTOR = 40
"""How many times the size of a document with scalars of 40 bytes its edit may take, beyond the imported modules."""
COMPOSE = """
import sys
from isvclog.manifest.syntax.compose import compose
compose(open(sys.argv[1]).read())
"""

SERVICE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud-{number}
  namespace: team-{number}
  annotations:
    example.com/tenant: tenant-{number}
    example.com/cost-centre: "4711"
spec:
  predictor:
    minReplicas: 1
    maxReplicas: 4
    serviceAccountName: models
    logger:
      mode: all
      url: http://broker-ingress.knative-eventing.svc.cluster.local/team-{number}/default
      metadataHeaders:
        - X-Request-Id
      metadataAnnotations:
        - example.com/tenant
        - example.com/cost-centre
    model:
      modelFormat:
        name: sklearn
      storageUri: gs://models/fraud/{number}
      resources:
        requests: {{cpu: 100m, memory: 256Mi}}
        limits: {{cpu: "1", memory: 1Gi}}
"""
OTHER = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings-{number}
  namespace: team-{number}
  labels:
    app.kubernetes.io/name: settings
data:
  application.yaml: |
    server:
      port: 8080
    features: [a, b, c]
  replicas: "3"
"""


LAUNCHER = """
import os, resource, sys, time
report = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
started = time.perf_counter()
status = os.spawnv(os.P_WAIT, sys.argv[1], sys.argv[1:])
seconds = time.perf_counter() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
os.write(report, f"{status} {seconds} {used.ru_utime + used.ru_stime} {used.ru_maxrss}".encode())
"""
"""Run the command in the arguments, in a process of its own: the peak memory of a command starts from that of the
process that started it, which has to be smaller than anything measured here."""


class Ended(NamedTuple):
    """The seconds that a finished command took, those of CPU time, and the peak of its resident memory in MiB."""

    seconds: float
    cpu_seconds: float
    mebibytes: float


def run(command: Sequence[str], folder: Path, checkout: Path = ROOT, quiet: bool = False) -> Ended:
    """Run a command in a folder, with the isvclog of a checkout. Raises RuntimeError unless it exits with 0.

    With `quiet`, its standard error is discarded.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(checkout / "src")
    launcher = (PYTHON, "-IS", "-c", LAUNCHER, *command)
    errors = subprocess.DEVNULL if quiet else None
    ended = subprocess.run(launcher, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=errors, check=True)
    status, seconds, cpu_seconds, peak = ended.stdout.decode().split()
    if status != "0":
        raise RuntimeError(f"exit code {status} of: {' '.join(command)}")
    mebibytes = int(peak) / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return Ended(float(seconds), float(cpu_seconds), mebibytes)


def start_commands(folder: Path) -> dict[str, tuple[str, ...]]:
    """Write a manifest, and return the commands whose start is measured, by name."""
    (folder / "one.yaml").write_text(SERVICE.format(number=1))
    return {
        "--version": (*ISVCLOG, "--version"),
        "--help": (*ISVCLOG, "--help"),
        "validate FILE": (*ISVCLOG, "validate", "one.yaml"),
        "lint FILE": (*ISVCLOG, "lint", "one.yaml"),
        "preview -f FILE": (*ISVCLOG, "preview", "-f", "one.yaml"),
        "add-annotation": (*ISVCLOG, "add-annotation", "--diff", "-q", "-f", "one.yaml", "example.com/region=eu"),
    }


def starts(folder: Path, rounds: int) -> tuple[float, dict[str, float]]:
    """Measure a bare start in seconds of CPU time, and how many of those each command takes."""
    commands = {"bare": BARE, **start_commands(folder)}
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for round_ in range(rounds + 1):
        for name, command in commands.items():
            taken = run(command, folder).cpu_seconds
            if round_:  # The first one only fills caches.
                seconds[name].append(taken)
    medians = {name: statistics.median(taken) for name, taken in seconds.items()}
    bare = medians.pop("bare")
    return bare, {name: median / bare for name, median in medians.items()}


def corpora(folder: Path, services: int, files: int) -> dict[str, tuple[Path, int]]:
    """Write folders of manifests. Return them by their content, with the number of files, or documents of one file."""
    texts = [SERVICE.format(number=number) for number in range(services)]
    mixed = [(OTHER if number % 20 else SERVICE).format(number=number) for number in range(files)]
    few = files // 10
    return {
        f"{services:,} InferenceServices, a file each": (_write(folder / "each", texts), services),
        f"{services:,} InferenceServices, one file": (_write(folder / "one", ["---\n".join(texts)]), services),
        f"{few:,} files, 5 % InferenceServices": (_write(folder / "few", mixed[:few]), few),
        f"{files:,} files, 5 % InferenceServices": (_write(folder / "many", mixed), files),
    }


def _write(folder: Path, texts: Sequence[str]) -> Path:
    for number, text in enumerate(texts):
        path = folder / f"{number // 100}" / f"{number}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def competitors(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return the commands to compare that are installed; each reads the current folder."""
    commands: dict[str, tuple[str, ...]] = {
        "isvclog validate": (*ISVCLOG, "validate", "."),
        "isvclog lint": (*ISVCLOG, "lint", "."),
    }
    if kubeconform := shutil.which("kubeconform") or shutil.which("kubeconform", path=Path.home() / "go" / "bin"):
        schema = folder / "inferenceservice.json"
        schema.write_bytes(subprocess.run((*ISVCLOG, "schema"), capture_output=True, check=True).stdout)
        commands["kubeconform"] = (kubeconform, "-skip", "ConfigMap", "-schema-location", str(schema), ".")
    if find_spec("yamllint"):
        commands["yamllint"] = (PYTHON, "-m", "yamllint", "-d", "relaxed", ".")
    return commands


def report_starts(folder: Path, rounds: int) -> tuple[float, list[str]]:
    """Print the cost of starting each command. Return a bare start in seconds, and the commands over their limit."""
    bare, multiples = starts(folder, rounds)
    print(f"start, in bare interpreter starts ({1000 * bare:.0f} ms of CPU time here, median of {rounds})")
    for name, multiple in multiples.items():
        print(f"  {name:<17}{multiple:6.1f}")
    return bare, [f"{name} takes {got:.1f} starts" for name, got in multiples.items() if got > START_LIMITS[name]]


def report_throughput(folder: Path, bare: float, rounds: int, services: int, files: int) -> list[str]:
    """Print how long each competitor takes for each corpus. Return what is over its limit."""
    commands = competitors(folder)
    peaks: list[float] = []
    slow: list[str] = []
    print("\nwhole process                    files/s  bare starts  peak MiB")
    for what, (corpus, count) in corpora(folder, services, files).items():
        print(what)
        taken: dict[str, list[Ended]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                taken[name].append(run(command, corpus))
        for name, all_ended in taken.items():
            seconds = statistics.median(ended.seconds for ended in all_ended)
            peak = statistics.median(ended.mebibytes for ended in all_ended)
            print(f"  {name:<28}{count / seconds:>9,.0f}{seconds / bare:>13.1f}{peak:>10.0f}")
            if name == "isvclog lint":
                peaks.append(peak)
        ratio = _ratio(taken["isvclog lint"], taken["isvclog validate"])
        print(f"  lint takes {ratio:.2f} times as long as validate")
        slow += [f"lint takes {ratio:.2f} times as long as validate on {what}"] if ratio > LINT_LIMIT else []
    growth = peaks[-1] / peaks[-2]
    print(f"\nten times the files take lint {growth:.2f} times the memory")
    return slow + ([f"memory grows {growth:.2f} times"] if growth > MEMORY_LIMIT else [])


def _ratio(some: Sequence[Ended], others: Sequence[Ended]) -> float:
    """Divide the times of the fastest runs, since noise only ever slows a run down."""
    return min(ended.cpu_seconds for ended in some) / min(ended.cpu_seconds for ended in others)


def report_comparison(folder: Path, other: Path, rounds: int, services: int) -> None:
    """Print the time of each command as a multiple of what the other checkout takes for it.

    That of many files is shared by two processes: what counts for their throughput is the time that passes.
    """
    corpus = _write(folder / "each", [SERVICE.format(number=number) for number in range(services)])
    commands = {name: (command, folder) for name, command in start_commands(folder).items()}
    for subcommand in ("validate", "lint"):
        commands[f"{subcommand} {services:,} FILES"] = ((*ISVCLOG, subcommand, "."), corpus)
    taken: dict[str, list[tuple[Ended, Ended]]] = {name: [] for name in commands}
    for round_ in range(rounds + 1):
        for name, (command, place) in commands.items():
            pair = [run(command, place, checkout) for checkout in (ROOT, other)]
            if round_:  # The first one only fills caches.
                taken[name].append((pair[0], pair[1]))
    print(f"CPU time and time, as multiples of what {other} takes (medians of {rounds})")
    for name, pairs in taken.items():
        ratios, times = [], []
        for kind in ("cpu_seconds", "seconds"):
            ours, theirs = (
                statistics.median(getattr(each, kind) for each in ended) for ended in zip(*pairs, strict=True)
            )
            ratios.append(f"{ours / theirs:6.2f}")
            times.append(f"{1000 * ours:.0f} ms, {1000 * theirs:.0f} ms")
        print(f"  {name:<22}{''.join(ratios)}  ({'; '.join(times)})")


def report_growth(folder: Path, rounds: int, divisor: int) -> list[str]:
    """Print how many times as long edits and fixes take for twice the input. Return what is over the limit.

    The sizes are divided by `divisor`. What seems to be over the limit is measured three times as often.
    """
    print("\nCPU seconds for an input, and for twice as much")
    slow: list[str] = []
    for number, (what, growth) in enumerate(GROWTHS.items()):
        sizes = growth.size // divisor, 2 * growth.size // divisor
        files = [folder / f"growth-{number}-{size}.yaml" for size in sizes]
        for file, size in zip(files, sizes, strict=True):
            file.write_text(growth.text(size))
        taken: list[list[Ended]] = [[], []]
        once, twice = 0.0, 1.0
        while len(taken[0]) < rounds or (twice > GROWTH_LIMIT * once and len(taken[0]) < 3 * rounds):
            for ended, file in zip(taken, files, strict=True):
                ended.append(run((*ISVCLOG, *growth.command(file.name)), folder, quiet=True))
            once, twice = (min(ended.cpu_seconds for ended in all_ended) for all_ended in taken)
        print(f"  {what:<40}{once:>7.2f}{twice:>7.2f}{twice / once:>7.2f} times")
        slow += [f"{what}: {twice / once:.2f} times for twice the input"] if twice / once > GROWTH_LIMIT else []
    return slow


def report_edit_memory(folder: Path) -> list[str]:
    """Print the peak memory of an edit. Return what is over the limit."""
    print("\npeak MiB of one composition, and of an edit")
    high: list[str] = []
    for what, text in (("2 MiB of tiny scalars", tiny_scalars(2)), ("2 MiB of long scalars", long_scalars(50_000))):
        (folder / "memory.yaml").write_text(text)
        composed = run((PYTHON, "-c", COMPOSE, "memory.yaml"), folder).mebibytes
        bare = run((PYTHON, "-c", "import isvclog.edit.review"), folder).mebibytes
        edited = run((*ISVCLOG, "add-annotation", "--diff", "-q", "-f", "memory.yaml", "example.com/team"), folder)
        peak = edited.mebibytes
        print(f"  {what:<40}{composed:>7.0f}{peak:>7.0f}")
        if peak > composed + EDIT_MEMORY:
            high.append(f"an edit of {what} takes {peak - composed:.0f} MiB more than composing it")
        if "long" in what and peak - bare > EDIT_FACTOR * len(text) / 2**20:
            high.append(f"an edit of {what} takes {peak - bare:.0f} MiB")
    return high


def main() -> int:
    """Measure and print. Return 1 if an input grows too fast or, with `--quick`, if a limit is exceeded."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the files, few repetitions, and limits")
    parser.add_argument("--against", type=Path, metavar="CHECKOUT", help="only compare with another checkout")
    arguments = parser.parse_args()
    quick, other = arguments.quick, arguments.against
    for checkout in filter(None, (ROOT, other)):
        compileall.compile_dir(checkout / "src", quiet=2)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if other:
            report_comparison(folder, other.resolve(), 7 if quick else 21, 100 if quick else 1_000)
            return 0
        bare, slow = report_starts(folder, 7 if quick else 21)
        slow += report_throughput(folder, bare, 1 if quick else 5, *((100, 1_000) if quick else (1_000, 10_000)))
        over = report_growth(folder, *((1, 4) if quick else (3, 1)))
        # Starts and throughput depend on the machine, so their limits are generous ones for `--quick`.
        over += slow if quick else report_edit_memory(folder)
    for complaint in over:
        print(f"over its limit: {complaint}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
