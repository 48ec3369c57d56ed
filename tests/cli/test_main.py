"""What holds for every command: help, versions, wrong usage, closed pipes, Ctrl-C, and errors nobody foresaw."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import isvclog as package
from isvclog.cli.app import COMMANDS, command_line
from isvclog.cli.commands import schema
from isvclog.cli.main import main

Isvclog = Callable[..., subprocess.CompletedProcess[str]]


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"isvclog {package.__version__}\n"


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help(command: str | None, flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*filter(None, [command]), flag]) == 0
    output = capsys.readouterr()
    assert output.out.startswith("Usage: isvclog")
    assert output.err == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_the_overview_says_what_the_help_of_a_command_says(name: str) -> None:
    group = command_line()
    with group.make_context("isvclog", [name]) as context:
        assert group.get_command(context, name).help.splitlines()[0] == COMMANDS[name].summary


def test_no_arguments_show_the_help_as_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("Usage: isvclog")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["valdate"], "There is no command 'valdate'. Did you mean 'validate'? Try `isvclog --help`."),
        (["\x1b[31m"], "There is no command '\\x1b[31m'. Try `isvclog --help`."),
        (["--verison"], "There is no option --verison. Did you mean --version? Try `isvclog --help`."),
        (
            ["schema", "--kserve"],
            "There is no option --kserve. Did you mean --kserve-version? Try `isvclog schema --help`.",
        ),
        (
            ["schema", "0.16", "extra"],
            "`isvclog schema` does not take so many arguments: extra. Try `isvclog schema --help`.",
        ),
        (["schema", "0.16", "--kserve-version", "0.16"], "give the release once, as VERSION or with --kserve-version."),
        (["replay"], "`isvclog replay` needs an argument: FILE. Try `isvclog replay --help`."),
        (["replay", "x"], "`isvclog replay` needs the option: --to. Try `isvclog replay --help`."),
        (
            ["export-policy"],
            "`isvclog export-policy` needs the option: --target; choose one of vap, map, kyverno, kyverno-mutating, "
            "gatekeeper. Try `isvclog export-policy --help`.",
        ),
        (["lint", "-o"], "-o needs a value."),
        (["check"], "There is no command 'check'. Did you mean lint? Try `isvclog --help`."),
        (
            ["a.yaml"],
            "There is no command 'a.yaml'. Write isvclog lint a.yaml or isvclog preview a.yaml. Try `isvclog --help`.",
        ),
        (
            ["lint", "--format", "json"],
            "There is no option --format. Did you mean --output? Try `isvclog lint --help`.",
        ),
        (["lint", "--quiet=yes"], "--quiet takes no value."),
        (["lint", "--fail-on=x"], "--fail-on 'x': choose one of error, warning, info. Try `isvclog lint --help`."),
        (["sink", "--count", "0"], "--count '0': give a whole number of at least 1. Try `isvclog sink --help`."),
        (["sink", "--delay", "x"], "--delay 'x': give a number of at least 0. Try `isvclog sink --help`."),
        (
            ["preview", "--status", "5", "x.yaml"],
            "--status '5': give a whole number from 100 to 999. Try `isvclog preview --help`.",
        ),
    ],
)
def test_wrong_usage_is_one_sentence_with_a_way_out(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == f"isvclog: error: {complaint}\n"


def test_an_unknown_release_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--kserve-version", "v0.1"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("isvclog: error: ")
    assert "'v0.1'" in error


def test_a_bug_is_one_line_that_says_how_to_report_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> int:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(schema, "schema", broken)
    monkeypatch.delenv("ISVCLOG_DEBUG", raising=False)
    assert main(["schema"]) == 3
    error = capsys.readouterr().err
    assert re.fullmatch(
        r"isvclog: error: this is a bug, please report what ISVCLOG_DEBUG=1 shows "
        r"\(ZeroDivisionError in test_main\.py:\d+\)\n",
        error,
    )
    monkeypatch.setenv("ISVCLOG_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["schema"])


def test_the_module_is_the_command(isvclog: Isvclog) -> None:
    script = Path(sys.executable).with_name("isvclog")
    if not script.exists():
        pytest.skip("isvclog is not installed beside this interpreter")
    assert subprocess.check_output([script, "--version"], text=True) == isvclog("--version").stdout


def test_a_pipe_closed_early_ends_silently(isvclog: Isvclog) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = isvclog("schema", stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, "")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_pipe_closed_within_a_long_write_is_noticed(unbuffered: str) -> None:
    command = [sys.executable, "-m", "isvclog", "rules", "-o", "json"]  # more than a pipe holds, in one piece
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.read(1) == b"{"
        process.stdout.close()
        assert (process.wait(60), process.stderr.read()) == (141, b"")


def test_both_pipes_closed_early_end_silently(isvclog: Isvclog) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    assert isvclog("unknown", stdout=writing, stderr=writing).returncode == 141
    os.close(writing)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a device that is always full")
def test_a_full_disk_is_one_sentence(isvclog: Isvclog) -> None:
    with open("/dev/full", "w") as full:
        ended = isvclog("schema", stdout=full, stderr=subprocess.PIPE)
    assert (ended.returncode, ended.stderr) == (
        3,
        "isvclog: error: the output cannot be written: No space left on device\n",
    )


@pytest.mark.skipif(os.name == "nt", reason="there is no shell to close standard output")
def test_closed_output_is_no_error(isvclog: Isvclog, environment: dict[str, str], tmp_path: Path) -> None:
    for closed in (">&-", "2>&-"):
        command = f"{sys.executable} -m isvclog schema {closed}"
        ended = subprocess.run(["sh", "-c", command], env=environment, cwd=tmp_path, capture_output=True)
        assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT to send")
def test_ctrl_c_ends_at_once_without_a_traceback(environment: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "isvclog", "validate", "-"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, cwd=tmp_path, **pipes) as process:  # type: ignore[call-overload]
        # More than a pipe holds: when this returns, the process is reading it.
        process.stdin.write(b"#\n" * 1_000_000)
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=10)
    assert (process.returncode, output, errors) == (130, b"", b"isvclog: interrupted after 0 files.\n")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-16"])
def test_any_encoding_of_the_terminal_will_do(isvclog: Isvclog, encoding: str) -> None:
    ended = isvclog("größe-日本-\U0001f680", env={"PYTHONIOENCODING": encoding}, encoding=encoding)
    assert ended.returncode == 2
    assert "There is no command" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ("größe" in ended.stderr) is (encoding != "ascii")


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("isvclog val", ["validate"]),
        ("isvclog validate --fail", ["--fail-on", "--fail-on-empty"]),
        ("isvclog validate --fail-on ", ["error", "warning", "info"]),
    ],
)
def test_shells_can_complete(words: str, offered: list[str], isvclog: Isvclog) -> None:
    position = str(len(words.split(" ")) - 1)
    asked = {"_ISVCLOG_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": position}
    assert isvclog(env=asked).stdout.split() == offered
