"""Which files commands write, and which they leave alone."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs links and special files")

Isvclog = Callable[..., subprocess.CompletedProcess[str]]

WRONG = (Path(__file__).with_name("manifests") / "two-mistakes.yaml").read_bytes()
FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    """The folder that commands run in, with a manifest of two mistakes, of which one can be fixed."""
    (tmp_path / ".git").mkdir()  # no project file is searched above it
    (tmp_path / "a.yaml").write_bytes(WRONG)
    return tmp_path


@pytest.mark.parametrize(("command", "name"), [("validate", "json"), *(("lint", name) for name in FORMATS)])
def test_a_report_replaces_reports_of_its_format_and_nothing_else(
    command: str, name: str, isvclog: Isvclog, folder: Path
) -> None:
    option = f"--output-file={name}=report"
    (folder / "report").touch()  # as mktemp leaves it
    for _ in range(2):
        ended = isvclog(command, "a.yaml", option, "-q")
        assert (ended.returncode, ended.stderr) == (1, "")
    written = (folder / "report").read_bytes()
    for other in (b"# Notes\n", b'{"kind": "List"}', b"[1]", b"<html></html>"):
        (folder / "report").write_bytes(other)
        ended = isvclog(command, "a.yaml", option, "-q")
        assert (ended.returncode, ended.stdout) == (2, "")
        assert ended.stderr == (
            f"isvclog: error: --output-file names report, which is not a {name} report; "
            "name another file, or add --force to replace it.\n"
        )
        assert (folder / "report").read_bytes() == other
    assert isvclog(command, "a.yaml", option, "-q", "--force").returncode == 1
    assert (folder / "report").read_bytes() == written


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_without_findings_is_known_again(name: str, isvclog: Isvclog, folder: Path) -> None:
    (folder / "none.yaml").touch()
    for _ in range(2):
        assert isvclog("lint", "none.yaml", f"--output-file={name}=report").returncode == 0


def test_an_input_is_not_replaced(isvclog: Isvclog, folder: Path) -> None:
    os.link(folder / "a.yaml", folder / "same")
    (folder / "link").symlink_to("a.yaml")
    for option in ("--output-file=json=a.yaml", "--output-file=json=same", "--write-baseline=link"):
        ended = isvclog("lint", "a.yaml", option)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert "which the run reads; name another file" in ended.stderr
    assert (folder / "a.yaml").read_bytes() == WRONG


def test_a_baseline_that_is_read_is_not_replaced_by_a_report(isvclog: Isvclog, folder: Path) -> None:
    assert isvclog("lint", "a.yaml", "--write-baseline", "known").returncode == 0
    before = (folder / "known").read_bytes()
    ended = isvclog("lint", "a.yaml", "--baseline", "known", "--output-file", "json=known")
    assert (ended.returncode, (folder / "known").read_bytes()) == (2, before)


def test_a_baseline_replaces_baselines_only(isvclog: Isvclog, folder: Path) -> None:
    for _ in range(2):
        assert isvclog("lint", "a.yaml", "--write-baseline", "known").returncode == 0
    indented = json.dumps(json.loads((folder / "known").read_text()), indent=2)
    (folder / "known").write_text(indented)  # by a formatter
    assert isvclog("lint", "a.yaml", "--write-baseline", "known").returncode == 0
    isvclog("lint", "a.yaml", "--output-file", "json=report")
    report = (folder / "report").read_bytes()
    ended = isvclog("lint", "a.yaml", "--write-baseline", "report")
    assert (ended.returncode, (folder / "report").read_bytes()) == (2, report)
    assert "which is not a baseline" in ended.stderr
    assert isvclog("lint", "a.yaml", "--write-baseline", "report", "--force").returncode == 0


def test_a_report_on_standard_output_comes_behind_the_rest(isvclog: Isvclog, folder: Path) -> None:
    with (folder / "out").open("wb") as out:
        isvclog("lint", "a.yaml", "-q", "-ojson", "--output-file=concise=/dev/stdout", stdout=out)
    lines = (folder / "out").read_text().splitlines()
    assert lines[0].startswith('{"schemaVersion"')
    assert lines[-1].startswith("a.yaml:10:13: error: ")


@pytest.mark.parametrize("place", ["/dev/stderr", "/proc/self/fd/2", "link", "/proc/thread-self/fd/2"])
def test_an_open_file_is_written_to(place: str, isvclog: Isvclog, folder: Path) -> None:
    if place.startswith("/proc") and not os.path.exists("/proc/thread-self"):
        pytest.skip("there is no /proc")
    (folder / "link").symlink_to("/dev/stderr")
    with (folder / "errors").open("wb") as errors:
        inode = os.fstat(errors.fileno()).st_ino
        isvclog("lint", "a.yaml", "-q", f"--output-file=gitlab={place}", stderr=errors)
    assert os.stat(folder / "errors").st_ino == inode
    assert len(json.loads((folder / "errors").read_text())) == 2
    assert sorted(os.listdir(folder)) == [".git", "a.yaml", "errors", "link"]


def test_a_pipe_is_written_to(isvclog: Isvclog, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    reader = os.open(folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        isvclog("lint", "a.yaml", "--write-baseline", "pipe")
        assert len(json.loads(os.read(reader, 65536))["findings"]) == 2
    finally:
        os.close(reader)
    assert (folder / "pipe").is_fifo()


@pytest.mark.parametrize("place", ["/dev/stdin", "/dev/fd/0"])
def test_standard_input_is_fixed_by_its_own_name_only(place: str, isvclog: Isvclog, folder: Path) -> None:
    for option in ("--fix", "--unsafe-fixes"):
        with (folder / "a.yaml").open("rb") as file:
            ended = isvclog("lint", place, option, stdin=file)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert (
            ended.stderr
            == f"isvclog: error: {place} is not a file that can be replaced; write - to fix standard input.\n"
        )
    with (folder / "a.yaml").open("rb") as file:
        ended = isvclog("add-annotation", "-f", place, "x", stdin=file)
    assert ended.returncode == 3
    assert (folder / "a.yaml").read_bytes() == WRONG
    with (folder / "a.yaml").open("rb") as file:
        assert isvclog("lint", place, "--fix", "--diff", stdin=file).returncode == 1


def test_fixes_stay_in_the_named_folders(isvclog: Isvclog, folder: Path) -> None:
    for name in ("in", "out"):
        (folder / name).mkdir()
        (folder / name / f"{name}.yaml").write_bytes(WRONG)
    (folder / "in" / "file.yaml").symlink_to("../out/out.yaml")
    (folder / "in" / "folder").symlink_to("../out")
    (folder / "in" / "inner.yaml").symlink_to("in.yaml")
    target = os.path.realpath(folder / "out" / "out.yaml")
    for option in ("--check", "--fix"):
        ended = isvclog("lint", "in", "--fix", option)
        for link in ("in/file.yaml", "in/folder/out.yaml"):
            note = f"isvclog: {link} is not fixed: it is a link to {target}; name that file to fix it.\n"
            assert note in ended.stderr
        assert (folder / "out" / "out.yaml").read_bytes() == WRONG
    assert (folder / "in" / "in.yaml").read_bytes() != WRONG
    assert (folder / "in" / "inner.yaml").is_symlink()
    ended = isvclog("add-annotation", "-f", "in", "example.com/x", "--force")
    assert ended.returncode == 3
    assert "in/file.yaml is unchanged: it is a link to " in ended.stderr
    assert (folder / "out" / "out.yaml").read_bytes() == WRONG
    isvclog("lint", "in/file.yaml", "--fix")
    assert (folder / "out" / "out.yaml").read_bytes() != WRONG
    assert (folder / "in" / "file.yaml").is_symlink()


def test_a_hard_link_is_not_separated(isvclog: Isvclog, folder: Path) -> None:
    os.link(folder / "a.yaml", folder / "b.txt")
    ended = isvclog("lint", "a.yaml", "--fix")
    assert ended.returncode == 3
    assert "a.yaml is not written and is unchanged: it has 1 more hard link, which would keep" in ended.stderr
    assert (folder / "a.yaml").samefile(folder / "b.txt")
    assert (folder / "b.txt").read_bytes() == WRONG


@pytest.mark.parametrize("name", ["user.origin", "security.selinux"])
def test_extended_attributes_stay(name: str, isvclog: Isvclog, folder: Path) -> None:
    value = b"system_u:object_r:etc_t:s0\x00"
    try:
        os.setxattr(folder / "a.yaml", name, value)
    except (AttributeError, OSError):
        pytest.skip("needs a file system with extended attributes, and the right to set this one")
    isvclog("lint", "a.yaml", "--fix")
    assert (folder / "a.yaml").read_bytes() != WRONG
    assert os.getxattr(folder / "a.yaml", name) == value


ACL = bytes.fromhex("0200000001000600ffffffff020006000100000004000400ffffffff10000600ffffffff20000000ffffffff")
"""An access list as the kernel has it: the owner and the user 1 may write, the group may read, others nothing."""


def test_access_lists_stay(isvclog: Isvclog, folder: Path) -> None:
    try:
        os.setxattr(folder / "a.yaml", "system.posix_acl_access", ACL)
    except (AttributeError, OSError):
        pytest.skip("needs a file system with access lists")
    mode = (folder / "a.yaml").stat().st_mode
    isvclog("lint", "a.yaml", "--fix")
    assert (folder / "a.yaml").read_bytes() != WRONG
    assert os.getxattr(folder / "a.yaml", "system.posix_acl_access") == ACL
    assert (folder / "a.yaml").stat().st_mode == mode


def test_an_access_list_of_the_folder_is_not_taken(isvclog: Isvclog, folder: Path) -> None:
    (folder / "a.yaml").chmod(0o640)
    try:
        os.setxattr(folder, "system.posix_acl_default", ACL)
    except (AttributeError, OSError):
        pytest.skip("needs a file system with access lists")
    isvclog("lint", "a.yaml", "--fix")
    assert (folder / "a.yaml").read_bytes() != WRONG
    assert "system.posix_acl_access" not in os.listxattr(folder / "a.yaml")
    assert (folder / "a.yaml").stat().st_mode & 0o777 == 0o640


def test_temporary_files_are_left_to_whoever_writes_them(isvclog: Isvclog, folder: Path) -> None:
    # No process has this number, as it looks to one in another container.
    young, old = (folder / f".a.yaml.isvclog-{2**22 + number}-00000000.tmp" for number in (1, 2))
    for file in (young, old):
        file.touch()
    os.utime(old, (0, 0))
    isvclog("lint", "a.yaml", "--fix")
    assert (young.exists(), old.exists()) == (True, False)


@pytest.mark.parametrize("bad", [b"\xff", b"\xe2\x82", b"\xc0\x80", b"\xed\xa0\x80"])
def test_no_file_with_other_encodings_is_edited(bad: bytes, isvclog: Isvclog, folder: Path) -> None:
    data = WRONG + "---\r\nkind: Other\r\nname: é".encode() + bad + b"\r\n"
    (folder / "a.yaml").write_bytes(data)
    ended = isvclog("add-annotation", "-f", "a.yaml", "example.com/x", "--force")
    line = WRONG.count(b"\n") + 3
    reason = f"byte {data.index(bad) + 1} of the file, 0x{bad[0]:02x}, is not UTF-8; save the file as UTF-8."
    assert (ended.returncode, ended.stderr) == (
        3,
        f"isvclog: error: a.yaml:{line}:8: {reason} The file is unchanged.\n",
    )
    ended = isvclog("lint", "a.yaml", "--fix")
    assert reason in ended.stderr
    assert (folder / "a.yaml").read_bytes() == data


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"metadata:\n  annotations:\n    a: b\nspec:", b"metadata: {}\nspec:"),
        (b"metadata:  # of the team\n  annotations:\n    a: b\nspec:", b"metadata: {}  # of the team\nspec:"),
        (b"metadata: {annotations: {a: b}}\nspec:", b"metadata: {}\nspec:"),
    ],
)
def test_metadata_stays_without_its_last_annotation(
    before: bytes, after: bytes, isvclog: Isvclog, folder: Path
) -> None:
    head, logger = b"apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\n", b"{mode: all, url: http://a.b}"
    text = head + b"%s\n  predictor:\n    logger: " + logger + b"\n"
    (folder / "a.yaml").write_bytes(text % before)
    ended = isvclog("remove-annotation", "-f", "a.yaml", "a", "--with-value", "--force")
    assert ended.returncode == 0, ended.stderr
    assert (folder / "a.yaml").read_bytes() == text % after
