"""Finding files in folders and reading them, without hanging and without surprises."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from isvclog.errors import IsvclogError
from isvclog.manifest import Source, find_files, read_file
from isvclog.manifest.syntax import files


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in "b.yaml a/z.yml a/b/c.json a.yaml B.YAML notes.txt .git/x.yaml .hidden.yaml yaml".split():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def test_folders_are_walked_in_order(tree: Path) -> None:
    names = [".hidden.yaml", "B.YAML", "a/b/c.json", "a/z.yml", "a.yaml", "b.yaml"]
    assert list(find_files(["."])) == [f"./{name}" for name in names]
    assert list(find_files([str(tree)])) == [f"{tree}/{name}" for name in names]
    assert list(find_files(["a/"])) == ["a/b/c.json", "a/z.yml"]


def test_named_files_are_read(tree: Path) -> None:
    assert list(find_files(["notes.txt", "-", ".git", "yaml"])) == ["notes.txt", "-", ".git/x.yaml", "yaml"]


def test_a_missing_path_is_an_error(tree: Path) -> None:
    found = find_files(["a.yaml", "missing"])
    assert next(found) == "a.yaml"
    with pytest.raises(IsvclogError, match="no file or folder missing; check"):
        next(found)
    assert IsvclogError.exit_code == 3


def test_links(tree: Path) -> None:
    (tree / "loop").symlink_to(tree)
    (tree / "a" / "up").symlink_to("..")
    (tree / "self.yaml").symlink_to("self.yaml")
    (tree / "nowhere.yaml").symlink_to("nothing")
    (tree / "link.yaml").symlink_to("a.yaml")
    (tree / "twice").symlink_to("a")
    assert list(find_files(["a", "."])) == [
        "a/b/c.json",
        "a/up/.hidden.yaml",
        "a/up/B.YAML",
        "a/up/a.yaml",
        "a/up/b.yaml",
        "a/up/link.yaml",
        "a/z.yml",
    ]
    assert list(find_files(["nowhere.yaml"])) == ["nowhere.yaml"]
    with pytest.raises(IsvclogError, match=r"nowhere\.yaml cannot be read: No such file or directory; check"):
        read_file("nowhere.yaml")


def test_deep_folders(tree: Path) -> None:
    path = tree / "deep"
    for _ in range(400):
        path = path / "d"
    path.mkdir(parents=True)
    (path / "x.yaml").write_text("x")
    assert len(list(find_files(["deep"]))) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes")
def test_pipes_and_devices_are_not_waited_for(tree: Path) -> None:
    os.mkfifo(tree / "pipe.yaml")
    assert "./pipe.yaml" not in list(find_files(["."]))
    for name in ("pipe.yaml", "/dev/zero", "/dev/tty"):
        with pytest.raises(IsvclogError, match=r"(is not a regular file; pass|cannot be read: )"):
            read_file(name)
    assert read_file("/dev/null").data == b""
    with pytest.raises(IsvclogError, match=r"cannot be read: Is a directory; check"):
        read_file(".")


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="a shell's <(command) is a /dev/fd path")
def test_process_substitution() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(b"kind: X\n")
    try:
        assert read_file(f"/dev/fd/{reading}").data == b"kind: X\n"
    finally:
        os.close(reading)


def test_reading(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "bytes.yaml").write_bytes(b"\xff\r\n\0")
    assert read_file("bytes.yaml") == Source("bytes.yaml", b"\xff\r\n\0")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\r\n")))
    assert read_file("-") == Source("<stdin>", b"\xff\r\n")


@pytest.mark.skipif(os.name == "nt", reason="no file can have that name")
def test_a_file_with_the_name_of_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("<stdin>").write_bytes(b"x")
    assert read_file("<stdin>") == Source("./<stdin>", b"x")


def test_limits(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 3_000_000)
    (tree / "large.yaml").write_bytes(b"x" * 1_048_570 + b"needle" + b"x" * 2_000_000)
    (tree / "full.yaml").write_bytes(b"x" * 3_000_000)
    assert len(read_file("full.yaml").data) == 3_000_000
    with pytest.raises(IsvclogError, match=r"large\.yaml is larger than 2 MiB; split it"):
        read_file("large.yaml")
    with pytest.raises(IsvclogError, match="is larger"):
        read_file("large.yaml", [b"other", b"needle"])
    assert read_file("large.yaml", [b"other"]) == Source("large.yaml", b"")
    assert read_file("full.yaml", [b"other"]).data == b"x" * 3_000_000
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x" * 3_000_001)))
    with pytest.raises(IsvclogError, match="Standard input is larger"):
        read_file("-")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs permissions that apply")
def test_unreadable_files_are_reported_one_by_one(tree: Path) -> None:
    (tree / "a" / "b").chmod(0)
    (tree / "a.yaml").chmod(0)
    try:
        names = list(find_files(["."]))
        assert "./a/b" in names
        assert names[-1] == "./b.yaml"
        for name in ("./a/b", "./a.yaml"):
            with pytest.raises(IsvclogError, match="Permission denied"):
                read_file(name)
    finally:
        (tree / "a" / "b").chmod(0o755)


def test_endless_input_is_bounded() -> None:
    program = (
        "import sys; from isvclog.manifest import read_file; from isvclog.manifest.syntax import files\n"
        "files.MAX_FILE_BYTES = 10**7\n"
        "try: read_file('-')\nexcept Exception as error: print(type(error).__name__)"
    )
    with open("/dev/zero", "rb") as zeros:
        run = subprocess.run([sys.executable, "-c", program], stdin=zeros, capture_output=True, text=True, timeout=60)
    assert run.stdout == "IsvclogError\n"
