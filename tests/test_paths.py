"""The paths of tasks are counted: each task is done, and its modules are found by the calls of their functions."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / "evaluations" / "paths.py"


def test_each_task_is_done_and_counted() -> None:
    ended = subprocess.run([sys.executable, PROGRAM], capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stderr) == (0, "")
    numbers = [int(number) for number in re.findall(r"^[a-z].*: (\d+) modules$", ended.stdout, re.MULTILINE)]
    assert len(numbers) == 4
    assert min(numbers) > 20
    assert ended.stdout.count("\n  cli (") == 4


def test_code_that_runs_at_import_does_not_count(tmp_path: Path) -> None:
    package = tmp_path / "src" / "isvclog"
    (package / "cli").mkdir(parents=True)
    for folder in (package, package / "cli"):
        (folder / "__init__.py").touch()
    (package / "table.py").write_text("def rows():\n    return [1]\n\n\nclass Table:\n    ROWS = rows()\n")
    (package / "worker.py").write_text("find = lambda: 1\n")
    (package / "cli" / "main.py").write_text(
        "import threading\n\n\ndef main(arguments):\n    from isvclog import table, worker\n\n"
        "    thread = threading.Thread(target=worker.find)\n    thread.start()\n    thread.join()\n"
    )
    command = [sys.executable, PROGRAM, "--trace", "lint"]
    ended = subprocess.run(command, env={"PYTHONPATH": str(tmp_path / "src")}, capture_output=True, text=True)
    assert ended.stderr == '["isvclog.cli.main", "isvclog.worker"]\n'
