"""Where reports go: `-o auto`, and `--output-file` as often as it is given."""

import io
import json
import os
import stat
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest

from isvclog.atomic import replace_file
from isvclog.cli.terminal.reports import chosen_format
from isvclog.errors import IsvclogError

Isvclog = Callable[..., subprocess.CompletedProcess[str]]

WRONG = Path(__file__).with_name("manifests") / "two-mistakes.yaml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a manifest of two mistakes in it."""
    (tmp_path / "a.yaml").write_bytes(WRONG.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("actions", "terminal", "format"),
    [("true", True, "github"), ("true", False, "github"), ("", True, "text"), ("", False, "concise")],
)
def test_auto_asks_who_reads(actions: str, terminal: bool, format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stream(io.StringIO):
        def isatty(self) -> bool:
            return terminal

    monkeypatch.setenv("GITHUB_ACTIONS", actions)
    monkeypatch.setattr(sys, "stdout", Stream())
    assert chosen_format("auto") == format
    assert chosen_format("json") == "json"


def test_github_actions_get_annotations(isvclog: Isvclog) -> None:
    ended = isvclog("validate", "a.yaml", env={"GITHUB_ACTIONS": "true"})
    assert ended.returncode == 1
    assert [line.split()[0] for line in ended.stdout.splitlines()] == ["::error", "::error", "Checked"]


def test_one_run_writes_many_reports(isvclog: Isvclog, folder: Path) -> None:
    names = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson")
    alone = {name: isvclog("validate", "a.yaml", "none.yaml", "-o", name).stdout for name in names}
    files = [f"--output-file={name}=report.{name}" for name in names]
    ended = isvclog("validate", "a.yaml", "none.yaml", "-oconcise", *files, "--color=always")
    assert (ended.returncode, ended.stdout) == (3, alone["concise"])
    assert {name: (folder / f"report.{name}").read_text() for name in names} == alone
    assert sorted(os.listdir()) == ["a.yaml", *sorted(f"report.{name}" for name in names)]


def test_standard_input_is_read_once(isvclog: Isvclog, folder: Path) -> None:
    ended = isvclog("validate", "-", "--output-file", "json=out.json", "-q", input=WRONG.read_text())
    assert len(ended.stdout.splitlines()) == len(json.loads((folder / "out.json").read_text())["findings"]) == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["json"], 2),
        (["yaml=a.out"], 2),
        (["auto=a.out"], 2),
        (["json="], 2),
        (["json=-"], 2),
        (["json=a.out", "sarif=./a.out"], 2),
        (["json=missing/a.out"], 3),
        (["json=."], 3),
        (["json=a.out", "sarif=\x1b/x"], 3),
    ],
)
def test_what_cannot_be_written_is_said_before_anything_else(arguments: list[str], code: int, isvclog: Isvclog) -> None:
    ended = isvclog("validate", "a.yaml", *(part for text in arguments for part in ("--output-file", text)))
    assert (ended.returncode, ended.stdout) == (code, "")
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stderr.startswith("isvclog: error: ")
    assert "\x1b" not in ended.stderr
    assert "bug" not in ended.stderr
    assert os.listdir() == ["a.yaml"]


def test_a_report_is_there_in_full_or_not_at_all(folder: Path) -> None:
    target = folder / "report"
    target.write_text("before")

    def pieces() -> list[bytes]:
        assert target.read_text() == "before"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), replace_file("report") as write:
        write(piece for piece in pieces())
    assert target.read_text() == "before"
    with replace_file("report"):
        pass
    assert target.read_text() == "before"
    with replace_file("report") as write:
        write([b"a\n", "é".encode()])
    assert target.read_bytes() == "a\né".encode()
    assert sorted(os.listdir()) == ["a.yaml", "report"]


@pytest.mark.skipif(os.name == "nt", reason="needs modes and links")
def test_modes_and_links_stay(folder: Path) -> None:
    (folder / "real").write_text("")
    (folder / "real").chmod(0o640)
    (folder / "link").symlink_to("real")
    with replace_file("link") as write:
        write([b"x"])
    assert (folder / "link").is_symlink()
    assert (folder / "real").read_text() == "x"
    assert stat.S_IMODE((folder / "real").stat().st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt", reason="needs modes")
def test_what_is_private_is_so_while_it_is_written(folder: Path) -> None:
    (folder / "report").touch(0o600)
    mask = os.umask(0)
    try:
        with replace_file("report") as write:
            assert {stat.S_IMODE(path.stat().st_mode) for path in folder.glob(".report.isvclog-*")} == {0o600}
            write([b"x"])
    finally:
        os.umask(mask)
    assert stat.S_IMODE((folder / "report").stat().st_mode) == 0o600


def test_a_report_that_must_not_be_written_is_not(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "report").write_text("before")
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)  # root may write everything
    with pytest.raises(IsvclogError, match="is unchanged: Permission denied"), replace_file("report"):
        pytest.fail("it was")
    assert sorted(os.listdir()) == ["a.yaml", "report"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a full disk")
def test_devices_are_written_to() -> None:
    before = os.stat("/dev/null")
    with replace_file("/dev/null") as write:
        write([b"x"])
    assert os.stat("/dev/null").st_ino == before.st_ino
    with pytest.raises(IsvclogError, match=r"/dev/full cannot be written: .*;"), replace_file("/dev/full") as write:
        write([b"x"])


def test_every_service_is_a_test_case(isvclog: Isvclog, folder: Path) -> None:
    (folder / "b.yaml").write_text(
        "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceServiceList\nitems:\n"
        "- metadata: {name: one}\n- metadata: {name: two, namespace: ml}\n"
        "---\nkind: ConfigMap\n---\nkind: InferenceService\nmetadata: {name: 'open\n"
    )
    suite = ElementTree.fromstring(isvclog("validate", "b.yaml", "-ojunit").stdout)[0]
    assert [(case.get("name"), case.get("line"), len(case)) for case in suite] == [
        ("InferenceService/one", "4", 0),
        ("InferenceService/ml/two", "5", 0),
        ("(unreadable document)", "10", 1),
    ]
