"""Count the modules that a reader has to open to follow one task from end to end.

    python evaluations/paths.py [CHECKOUT [OTHER]]

A CHECKOUT is a folder with `src/isvclog` (default: this one); with two, their numbers are compared. A module is on the
path of a task if at least one of its functions is called while the task is done, in any thread. Lambdas and
comprehensions count with their module. Code that only runs while a module is imported does not count: neither the body
of a module or class, nor the functions that it calls.

Only the command line is used, so that the modules may have any names. The tasks are in `TASKS`; the last one asks the
stand-in for an API server of `tests/cluster`.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
KEY = "example.com/probe"


class Task(NamedTuple):
    """Something a user does: the command and what its output or the file it is given must match afterwards."""

    title: str
    arguments: tuple[str, ...]
    example: str
    output: str = ""
    edited: str = ""


TASKS = (
    Task(
        "an annotation to the bytes of its event",
        ("preview", "-o", "http", "-f", "FILE"),
        "01-multi-tenant.yaml",
        output=r"Ce-Annotations: \{.*example\.com/",
    ),
    Task(
        "a finding to SARIF",
        ("lint", "-o", "sarif", "FILE"),
        "16-missing-key.yaml",
        output='"ruleId": ?"missing-annotation"',
    ),
    Task(
        "an edit to the disk",
        ("add-annotation", KEY, "-f", "FILE"),
        "01-multi-tenant.yaml",
        edited=f"- {KEY}",
    ),
    Task(
        "a live service to its row in an audit",
        ("audit", "-o", "json"),
        "",
        output='"component": ?"predictor"',
    ),
)


def trace(arguments: list[str]) -> None:
    """Run one command and print the modules it calls, in order, as JSON in the last line of standard error."""
    import threading

    from isvclog.cli.main import main

    called: dict[str, None] = {}
    optimized = 1  # CO_OPTIMIZED: the flag of functions; bodies of modules and classes lack it

    def profiler() -> Callable[[FrameType, str, Any], None]:
        imports = 0

        def profile(frame: FrameType, event: str, _: Any) -> None:
            nonlocal imports
            if event not in ("call", "return"):
                return
            if frame.f_code.co_name == "<module>":
                imports += 1 if event == "call" else -1
            elif event == "call" and not imports and frame.f_code.co_flags & optimized:
                name = frame.f_globals.get("__name__", "")
                if name.startswith("isvclog."):
                    called.setdefault(name)

        return profile

    def profile_thread(frame: FrameType, event: str, argument: Any) -> None:
        own = profiler()
        sys.setprofile(own)
        own(frame, event, argument)

    threading.setprofile(profile_thread)
    sys.setprofile(profiler())
    try:
        main(arguments)
    finally:
        sys.setprofile(None)
    sys.stdout.flush()
    print(json.dumps(list(called)), file=sys.stderr)


def modules_of(checkout: Path, task: Task) -> list[str]:
    """Return the modules that a task calls in a checkout, in order. Raises SystemExit if the task is not done."""
    with tempfile.TemporaryDirectory() as name, _cluster(name, task) as kubeconfig:
        folder = Path(name)
        (folder / ".git").mkdir()  # no project file above it counts
        file = folder / "isvc.yaml"
        if task.example:
            shutil.copy(ROOT / "examples" / task.example, file)
        environment = {
            key: value for key, value in os.environ.items() if key not in ("GITHUB_ACTIONS", "FORCE_COLOR", "COLUMNS")
        }
        environment |= {"PYTHONPATH": str(checkout.resolve() / "src"), "HOME": name, "KUBECONFIG": kubeconfig}
        arguments = ["isvc.yaml" if argument == "FILE" else argument for argument in task.arguments]
        ended = subprocess.run(
            [sys.executable, __file__, "--trace", *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        edited = file.read_text(encoding="utf-8") if task.example else ""
    if ended.returncode or not re.search(task.output, ended.stdout) or not re.search(task.edited, edited):
        raise SystemExit(f"{checkout}: not done: {task.title}\n{ended.stdout}{ended.stderr}")
    found: list[str] = json.loads(ended.stderr.splitlines()[-1])
    return [module.removeprefix("isvclog.") for module in found]


@contextmanager
def _cluster(folder: str, task: Task) -> Iterator[str]:
    """Start the stand-in for an API server if the task needs it; the kubeconfig that leads to it."""
    if task.example:
        yield os.devnull
        return
    sys.path.insert(0, str(ROOT / "tests" / "cluster"))
    yaml: Any = import_module("ruamel.yaml")
    text = (ROOT / "tests" / "cli" / "live" / "audit" / "cluster.yaml").read_text(encoding="utf-8")
    with import_module("apiserver").ApiServer() as api:
        api.add_all(item for item in yaml.YAML(typ="safe", pure=True).load_all(text) if item)
        yield api.kubeconfig(Path(folder), context="prod", namespace="ml")


def by_layer(modules: list[str]) -> dict[str, list[str]]:
    """Group modules by their first folder, in the order of the first call; a module without a folder is a layer."""
    layers: dict[str, list[str]] = {}
    for module in modules:
        layers.setdefault(module.partition(".")[0], []).append(module)
    return layers


def show(modules: list[str]) -> None:
    """Print the modules of one task."""
    for layer, members in by_layer(modules).items():
        names = ", ".join(member.partition(".")[2] or member for member in members)
        print(f"  {layer} ({len(members)}): {names}")


def show_change(old: list[str], new: list[str]) -> None:
    """Print how many modules of each layer a task calls in two checkouts, and which are called in one only."""
    layers = by_layer(old), by_layer(new)
    for layer in dict.fromkeys([*layers[1], *layers[0]]):
        counts = [len(side.get(layer, ())) for side in layers]
        print(f"  {layer:<14}{counts[0]:>4} -> {counts[1]}")
    for title, some, others in (("only in the first", old, new), ("only in the second", new, old)):
        if names := [module for module in some if module not in others]:
            print(f"  {title} ({len(names)}): {', '.join(names)}")


def main() -> None:
    """Trace all tasks in one or two checkouts and print what they call."""
    if sys.argv[1:2] == ["--trace"]:
        trace(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkouts", nargs="*", type=Path, metavar="CHECKOUT")
    checkouts = parser.parse_args().checkouts or [ROOT]
    if len(checkouts) > 2:
        parser.error("two checkouts can be compared, not more")
    for checkout in checkouts:
        if not (checkout / "src" / "isvclog").is_dir():
            parser.error(f"{checkout} has no src/isvclog")
    for task in TASKS:
        found = [modules_of(checkout, task) for checkout in checkouts]
        print(f"{task.title}: {' -> '.join(str(len(modules)) for modules in found)} modules")
        if len(found) == 1:
            show(found[0])
        else:
            show_change(*found)


if __name__ == "__main__":
    main()
