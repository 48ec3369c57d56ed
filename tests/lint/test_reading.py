"""Files read by a process of their own: the same files in the same order, whatever happens to it."""

import os
import signal
from pathlib import Path

import pytest

from isvclog.lint.processes import CAN_FORK
from isvclog.lint.reading import FileReader, Unread, may_concern
from isvclog.lint.results import FileResult
from isvclog.manifest import Source

pytestmark = [
    pytest.mark.skipif(not CAN_FORK, reason="this system cannot fork safely"),
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]

SERVICE = b"kind: InferenceService\n"


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A folder with every kind of file, and more of them than are sent at once."""
    for number in range(200):
        inner = tmp_path / f"{number % 3}"
        inner.mkdir(exist_ok=True)
        (inner / f"{number}.yaml").write_bytes(SERVICE if number % 5 else b"kind: ConfigMap\n")
    for inner in ("0", "1"):
        (tmp_path / inner / "kustomization.yaml").write_text("patches: []\n")
    (tmp_path / "1" / "gone.yaml").symlink_to("gone")
    (tmp_path / "2" / "escaped.json").write_bytes(b'{"kind": "Inference\\u0053ervice"}')
    (tmp_path / "2" / "page.yaml").write_bytes(SERVICE + b"#" * 40_000)
    (tmp_path / "2" / "utf16.yml").write_bytes(SERVICE.decode().encode("utf-16"))
    return str(tmp_path)


def read(paths: list[str], jobs: int) -> tuple[list[object], list[str]]:
    """Reads files, with another process unless `jobs` is 1."""
    reader = FileReader(paths)
    with reader.ahead(jobs):
        return [item[:5] if isinstance(item, FileResult) else item for item in reader], reader.kustomizations


def test_another_process_reads_the_same(folder: str) -> None:
    """Also what cannot be read, and what is beside the services."""
    paths = [f"{folder}/2", folder, f"{folder}/missing"]
    alone = read(paths, 1)
    assert read(paths, 3) == alone
    items, kustomizations = alone
    assert len(items) == 206
    assert sum(isinstance(item, Source) for item in items) == 163
    assert sum(isinstance(item, str) for item in items) == 42
    assert "There is no file" in str(items[-1])
    assert kustomizations == [f"{folder}/{inner}/kustomization.yaml" for inner in ("0", "1")]


def test_large_files_are_not_sent(folder: str) -> None:
    """The process that checks reads them, if it does not have to read everything itself."""
    large = f"{folder}/0/0.yaml"
    Path(large).write_bytes(SERVICE * 50_000)
    assert next(item for item in read([folder], 3)[0] if not isinstance(item, str)) == Unread(large)
    assert next(item for item in read([folder], 1)[0] if not isinstance(item, str)) == Source(large, SERVICE * 50_000)


def test_a_reading_process_that_dies_loses_nothing(folder: str) -> None:
    """The rest is read here."""
    alone = read([folder], 1)
    parent = os.getpid()
    reader = FileReader([folder])
    original = reader.classified

    def classified(name: str, data: bytes) -> Source | str:
        if name.endswith("/2/197.yaml") and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(name, data)

    reader.classified = classified  # type: ignore[method-assign]
    with reader.ahead(3):
        assert (list(reader), reader.kustomizations) == alone


def test_a_system_without_room_for_processes(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files are read here, and no descriptor is left."""
    alone = read([folder], 1)
    descriptors = os.listdir("/proc/self/fd")

    def fork() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", fork)
    assert read([folder], 3) == alone
    assert os.listdir("/proc/self/fd") == descriptors


def test_nothing_is_left_after_reading(folder: str) -> None:
    """Even if nobody wanted the files, and the pipe is full."""
    for number in range(300):
        (Path(folder) / f"{number}.yaml").write_bytes(SERVICE * 1000)
    descriptors = os.listdir("/proc/self/fd")
    with FileReader([folder]).ahead(3):
        pass
    assert os.listdir("/proc/self/fd") == descriptors
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize(
    ("data", "concerns"),
    [
        (b"kind: InferenceService", True),
        (b'kind: "Inference\\u0053ervice"', True),
        (b"kind: !!binary SW5m", True),
        (b"path: /spec/predictor/logger", True),
        ("\ufeffkind: InferenceService".encode("utf-16"), True),
        (b"kind: ConfigMap", False),
        (b'text: "a\\n!"', False),
        ("text: Größe".encode(), False),
    ],
)
def test_may_concern(data: bytes, concerns: bool) -> None:
    """What is spelled with escapes or in another encoding may be ours."""
    assert may_concern(data) is concerns
