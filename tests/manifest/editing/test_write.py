import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from isvclog.errors import IsvclogError
from isvclog.manifest.editing.write import write_file

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "isvc.yaml"
    path.write_bytes(b"old\r\n")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writes_and_leaves_nothing_beside(target: Path) -> None:
    target.chmod(0o640)
    write_file(str(target), b"old\r\n", b"new\r\n")
    assert target.read_bytes() == b"new\r\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert names(target.parent) == ["isvc.yaml"]


def test_writes_a_file_of_this_folder(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(target.parent)
    write_file(target.name, b"old\r\n", b"new")
    assert target.read_bytes() == b"new"


def test_does_not_write_what_is_the_same(target: Path) -> None:
    before = target.stat()
    write_file(str(target), b"old\r\n", b"old\r\n")
    assert (target.stat().st_ino, target.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_follows_links(target: Path, tmp_path: Path) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    (folder / "one").symlink_to(target)
    (folder / "two").symlink_to("one")
    write_file(str(folder / "two"), b"old\r\n", b"new")
    assert target.read_bytes() == b"new"
    assert os.readlink(folder / "two") == "one"
    assert names(folder) == ["one", "two"]


def test_a_file_that_changed_is_not_written(target: Path) -> None:
    with pytest.raises(IsvclogError, match="changed while isvclog was editing it"):
        write_file(str(target), b"older", b"new")
    assert target.read_bytes() == b"old\r\n"
    assert names(target.parent) == ["isvc.yaml"]


def test_notices_a_change_at_the_last_moment(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync = os.fsync

    def edited(descriptor: int) -> None:
        sync(descriptor)
        target.write_bytes(b"theirs")

    monkeypatch.setattr(os, "fsync", edited)
    with pytest.raises(IsvclogError, match="changed while isvclog was editing it"):
        write_file(str(target), b"old\r\n", b"new")
    assert target.read_bytes() == b"theirs"
    assert names(target.parent) == ["isvc.yaml"]


@pytest.mark.parametrize("function", ["fsync", "replace", "open"])
@pytest.mark.parametrize(
    ("code", "remedy"), [(errno.ENOSPC, "free some space"), (errno.EROFS, "check the permissions")]
)
def test_a_failure_leaves_the_file(
    target: Path, monkeypatch: pytest.MonkeyPatch, function: str, code: int, remedy: str
) -> None:
    real = getattr(os, function)

    def failing(*arguments: object) -> object:
        if function == "open" and str(arguments[0]) == str(target):
            return real(*arguments)
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, function, failing)
    with pytest.raises(IsvclogError, match=f"cannot be written and is unchanged: .*; {remedy}"):
        write_file(str(target), b"old\r\n", b"new")
    monkeypatch.undo()
    assert target.read_bytes() == b"old\r\n"
    assert names(target.parent) == ["isvc.yaml"]


@pytest.mark.skipif(ROOT, reason="root may write anywhere")
def test_read_only_folder(target: Path) -> None:
    target.parent.chmod(0o500)
    try:
        with pytest.raises(IsvclogError, match="check the permissions"):
            write_file(str(target), b"old\r\n", b"new")
    finally:
        target.parent.chmod(0o700)
    assert target.read_bytes() == b"old\r\n"


def test_read_only_file(target: Path) -> None:
    target.chmod(0o400)
    with pytest.raises(IsvclogError, match="check the permissions"):
        write_file(str(target), b"old\r\n", b"new")
    assert target.read_bytes() == b"old\r\n"


def test_a_missing_file(target: Path) -> None:
    target.unlink()
    with pytest.raises(IsvclogError, match="cannot be read"):
        write_file(str(target), b"old\r\n", b"new")
    assert names(target.parent) == []


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_the_next_write_clears_up_after_a_killed_one(target: Path) -> None:
    script = (
        "import os, signal\n"
        "from isvclog.manifest.editing.write import write_file\n"
        "os.replace = lambda *paths: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"write_file({str(target)!r}, {b'old' + bytes((13, 10))!r}, b'new')\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert target.read_bytes() == b"old\r\n"
    assert len(names(target.parent)) == 2
    other = target.parent / f".other.yaml.isvclog-{2**22 + 1}-00000000.tmp"
    other.touch()
    for file in target.parent.glob(".*"):
        os.utime(file, (0, 0))
    write_file(str(target), b"old\r\n", b"new")
    assert names(target.parent) == [other.name, "isvc.yaml"]


def test_a_write_that_may_be_running_is_left_alone(target: Path) -> None:
    theirs = target.parent / f".isvc.yaml.isvclog-{2**22 + 1}-00000000.tmp"
    theirs.touch()
    write_file(str(target), b"old\r\n", b"new")
    assert theirs.exists()


def test_a_name_as_long_as_names_can_be(tmp_path: Path) -> None:
    target = tmp_path / ("é" * 125 + ".yaml")
    target.write_bytes(b"old")
    write_file(str(target), b"old", b"new")
    assert target.read_bytes() == b"new"
