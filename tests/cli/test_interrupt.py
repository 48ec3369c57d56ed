"""Ctrl-C in a run over files, and the line that tells how far it is."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT to send, and no terminal to play")

WRONG = Path(__file__).with_name("manifests") / "two-mistakes.yaml"
# Whoever runs the tests in the background has Ctrl-C ignored, which processes inherit.
START = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
RUN = "from isvclog.cli.main import run; run()"
MORE_THAN_A_PIPE_HOLDS = b"#\n" * 1_000_000

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Starts isvclog on a terminal or pipes; `prepared` is code that it begins with."""
    started = []

    def popen(*arguments: str, prepared: str = "", **settings: object) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-c", START + prepared + RUN, *arguments]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | settings
        process = subprocess.Popen(command, env=environment, cwd=tmp_path, **pipes)  # type: ignore[call-overload]
        started.append(process)
        return process

    (tmp_path / ".git").mkdir()  # no project file is searched above it
    (tmp_path / "a.yaml").write_bytes(WRONG.read_bytes())
    yield popen
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("command", ["lint", "validate"])
@pytest.mark.parametrize("signals", [1, 2])
def test_what_was_found_is_told(command: str, signals: int, start: Start, tmp_path: Path) -> None:
    files = ("--output-file=json=a.json", "--output-file=junit=a.xml")
    process = start(command, "a.yaml", "-", "none.yaml", "-ojson", *files)
    process.stdin.write(MORE_THAN_A_PIPE_HOLDS)  # when this returns, the process is reading it
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=20)
    report = json.loads(output)
    assert (process.returncode, errors) == (130, b"isvclog: interrupted after 1 file.\n")
    assert [finding["rule"] for finding in report["findings"]] == ["unknown-field", "invalid-mode"]
    assert report["summary"]["files"] == 1
    assert (tmp_path / "a.json").read_bytes() == output
    assert (tmp_path / "a.xml").read_text().endswith("</testsuites>\n")


@pytest.mark.parametrize("command", ["lint", "validate"])
@pytest.mark.parametrize("form", ["text", "github"])
def test_nothing_is_claimed_of_what_was_not_checked(command: str, form: str, start: Start, tmp_path: Path) -> None:
    process = start(command, "-", "-o", form, "--output-file", "text=report", "--output-file", "sarif=log")
    process.stdin.write(MORE_THAN_A_PIPE_HOLDS)
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (130, b"isvclog: interrupted after 0 files.\n")
    assert output.startswith(b"Checked 0 InferenceServices in 0 files for KServe ")
    assert output.endswith(b" until the run was interrupted.\n")
    assert (tmp_path / "report").read_bytes() == output
    assert b'"executionSuccessful": false' in (tmp_path / "log").read_bytes()


def test_impatience_ends_it_without_a_traceback(start: Start) -> None:
    process = start("lint", "a.yaml", "-", "-ojson")
    process.stdin.write(MORE_THAN_A_PIPE_HOLDS)
    process.stdin.flush()
    for _ in range(5):
        process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in errors


def test_no_baseline_is_written_of_half_a_run(start: Start, tmp_path: Path) -> None:
    process = start("lint", "a.yaml", "-", "--write-baseline", "known.json")
    process.stdin.write(MORE_THAN_A_PIPE_HOLDS)
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, output) == (130, b"")
    assert errors.startswith(b"isvclog: error: known.json is not written, because not every file was checked;")
    assert not (tmp_path / "known.json").exists()


def test_who_ignores_ctrl_c_goes_on(start: Start) -> None:
    process = start("lint", "a.yaml", "-", "-q", prepared="signal.signal(signal.SIGINT, signal.SIG_IGN)\n")
    process.stdin.write(MORE_THAN_A_PIPE_HOLDS)
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (1, b"")
    assert len(output.splitlines()) == 2


def on_terminal(start: Start, *arguments: str, prepared: str = "") -> tuple[str, str]:
    """What isvclog writes to standard output, a pipe, and to standard error, a terminal."""
    pty = pytest.importorskip("pty")
    terminal, theirs = pty.openpty()
    process = start(*arguments, prepared=prepared, stderr=theirs, stdin=subprocess.DEVNULL)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(terminal, 65536):
            shown += piece
    except OSError:  # Linux's way to say that nobody has the other side any more
        pass
    os.close(terminal)
    output, _ = process.communicate(timeout=20)
    return output.decode(), shown.decode()


IMPATIENT = "from isvclog.cli.terminal import progress; progress._PATIENCE = progress._INTERVAL = 0\n"
CLEAR = "\r\x1b[K"


def test_progress_is_shown_and_gone_at_the_end(start: Start, tmp_path: Path) -> None:
    for name in ("b", "c", "d"):
        (tmp_path / f"{name}.yaml").write_text("kind: ConfigMap\n")
    output, shown = on_terminal(start, "lint", ".", "none.yaml", prepared=IMPATIENT)
    steps = [f"{CLEAR}Checked {number} file{'s' * (number > 1)} ..." for number in range(1, 5)]
    failure = "isvclog: error: There is no file or folder none.yaml; check the path and the working directory.\r\n"
    last = f"{CLEAR}Checked 5 files ...{CLEAR}"
    assert shown == "".join(steps) + CLEAR + failure + last + "isvclog: 1 fixable with `--fix`.\r\n"
    assert len(output.splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "prepared"),
    [(["-q"], IMPATIENT), ([], ""), ([], IMPATIENT + "import os; os.environ['TERM'] = 'dumb'\n")],
    ids=["quiet", "short", "dumb"],
)
def test_progress_stays_away(arguments: list[str], prepared: str, start: Start) -> None:
    assert CLEAR not in on_terminal(start, "lint", ".", *arguments, prepared=prepared)[1]


def test_a_pipe_gets_no_progress(start: Start) -> None:
    process = start("validate", ".", prepared=IMPATIENT)
    assert process.communicate(timeout=20)[1] == b""
