"""Objects of a bucket as files."""

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from isvclog.sidecar.storage.objects import file_names, write_object

KEYS = {
    "plain": ("a/b-request.json", ["a", "b-request.json"]),
    "up": ("ml/x/../../evil-request.json", ["ml", "x", "%2E%2E", "%2E%2E", "evil-request.json"]),
    "here": ("./a", ["%2E", "a"]),
    "empty names": ("/a//b", ["%2Fa", "%2Fb"]),
    "trailing": ("a/", ["a%2F"]),
    "percent": ("a%2F/b%", ["a%252F", "b%25"]),
    "dots are fine": ("..a/...", ["..a", "..."]),
    "hidden": ("///..", ["%2F%2F%2F%2E%2E"]),
}


@pytest.mark.parametrize(("key", "names"), KEYS.values(), ids=KEYS)
def test_file_names(key: str, names: list[str]) -> None:
    assert [name.decode() for name in file_names(key)] == names
    assert b"/".join(unquote_to_bytes(name) for name in file_names(key)).decode() == key


def test_an_object_is_replaced_as_a_whole(tmp_path: Path) -> None:
    for data in (b"old and longer", b"new"):
        write_object(str(tmp_path), "bucket", "a/b.json", data)
    assert (tmp_path / "bucket/a/b.json").read_bytes() == b"new"
    assert [path.name for path in (tmp_path / "bucket/a").iterdir()] == ["b.json"]


def test_the_mode_is_as_usual(tmp_path: Path) -> None:
    (tmp_path / "usual").write_bytes(b"")
    write_object(str(tmp_path), "bucket", "b.json", b"")
    assert (tmp_path / "bucket/b.json").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "objects", tmp_path / "outside"
    (folder / "bucket").mkdir(parents=True)
    outside.mkdir()
    (folder / "bucket/link").symlink_to(outside)
    with pytest.raises(OSError):  # noqa: PT011 - which one depends on the system
        write_object(str(folder), "bucket", "link/a.json", b"x")
    (folder / "bucket/file").symlink_to(outside / "target")
    write_object(str(folder), "bucket", "file", b"x")
    assert not list(outside.iterdir())
    assert (folder / "bucket/file").read_bytes() == b"x"


def test_the_bucket_is_a_name(tmp_path: Path) -> None:
    folder = tmp_path / "objects"
    folder.mkdir()
    write_object(str(folder), "../..", "a", b"x")
    assert [str(path.relative_to(folder)) for path in folder.rglob("a")] == ["%2E%2E/%2E%2E/a"]


def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    write_object(str(tmp_path), "bucket", "a/b/c/d.json", b"x")
    with pytest.raises(OSError, match="too long"):
        write_object(str(tmp_path), "bucket", "a/" + "n" * 300 + "/d.json", b"x")
    assert (len(os.listdir("/proc/self/fd")) if before else 0) == before
