"""What Windows lacks or does differently, imitated: modules and constants of POSIX, names of files, and line ends."""

import ntpath
import os
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest

import isvclog
from isvclog.errors import IsvclogError
from isvclog.filenames import relative_name
from isvclog.sidecar.storage import queue

WITHOUT_POSIX = """
import importlib, os, pkgutil, selectors, signal, socket, sys
import asyncio, multiprocessing, subprocess, tempfile
import httptools, jsonschema, kubernetes.config, rich.console, ruamel.yaml, typer, urllib3
import isvclog

for name in "fcntl grp posix pty pwd readline resource syslog termios tty".split():
    sys.modules[name] = None
absent = {
    os: '''O_CLOEXEC O_DIRECTORY O_NOCTTY O_NOFOLLOW O_NONBLOCK WNOHANG chown fchmod fchown fork forkpty getegid geteuid
        getgid getpgid getuid getxattr killpg listxattr mkfifo openpty pread pwrite register_at_fork removexattr
        sched_getaffinity setsid setxattr sysconf uname''',
    selectors: "EpollSelector PollSelector",
    signal: '''ITIMER_REAL SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGTSTP SIGUSR1 SIGUSR2
        SIGWINCH pthread_kill pthread_sigmask setitimer sigwait''',
    socket: "AF_UNIX SO_REUSEPORT",
}
for module, names in absent.items():
    for name in names.split():
        vars(module).pop(name, None)
os.supports_dir_fd.clear()
sys.platform = "win32"
for module in pkgutil.walk_packages(isvclog.__path__, "isvclog."):
    if not module.name.endswith("__main__") and not module.name.startswith("isvclog.editor."):
        importlib.import_module(module.name)

from isvclog.lint.processes import choose_jobs
from isvclog.sidecar.server import _raise_file_limit
from isvclog.sidecar.watch.clients import silent
from isvclog.cli.commands.audit.table import redrawn_on_resize

assert choose_jobs(8, 1000) == 1
assert _raise_file_limit() > 1000
with redrawn_on_resize(print), socket.create_server(("127.0.0.1", 0)) as idle:
    assert silent([idle]) == [idle]
"""


def test_everything_is_imported_without_posix() -> None:
    run = [sys.executable, "-W", "ignore", "-c", WITHOUT_POSIX]
    path = os.pathsep.join([str(Path(isvclog.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    ended = subprocess.run(run, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]


def test_objects_are_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "CAN_STORE", False)
    with pytest.raises(IsvclogError, match="cannot store objects in a folder; use a log URL with http"):
        queue.object_folder(None)


@pytest.mark.parametrize(
    ("file", "folder", "name"),
    [
        (r"C:\repo\models\iris.yaml", r"C:\repo", "models/iris.yaml"),
        (r"C:\repo\iris.yaml", r"C:\repo\models", "../iris.yaml"),
        (r"D:\iris.yaml", r"C:\repo", "D:/iris.yaml"),
    ],
)
def test_names_in_files_have_slashes(monkeypatch: pytest.MonkeyPatch, file: str, folder: str, name: str) -> None:
    monkeypatch.setattr(os, "sep", "\\")
    for function in ("relpath", "abspath"):
        monkeypatch.setattr(os.path, function, getattr(ntpath, function))
    assert relative_name(file, folder) == name
    assert ntpath.normpath(PureWindowsPath(folder, name)) == file


MANIFEST = b"""\
apiVersion: serving.kserve.io/v1beta1\r
kind: InferenceService\r
metadata:\r
  name: iris  # a comment\r
spec:\r
  predictor:\r
    logger:\r
      mode: all\r
      url: http://sink.example.com\r
      metadataHeaders:\r
        - x-request-id\r
    model:\r
      modelFormat: {name: sklearn}\r
      storageUri: gs://models/iris\r
"""


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "isvclog", *arguments]
    path = os.pathsep.join([str(Path(isvclog.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(command, cwd=cwd, env=os.environ | {"PYTHONPATH": path}, capture_output=True, check=False)


def test_commands_keep_line_ends_of_windows(tmp_path: Path) -> None:
    file = tmp_path / "iris.yaml"
    file.write_bytes(MANIFEST)
    assert run("lint", "--fix", "--no-config", "iris.yaml", cwd=tmp_path).returncode == 0
    fixed = file.read_bytes()
    assert fixed == MANIFEST.replace(b"x-request-id", b"X-Request-Id")
    for command, key in (("add-annotation", "example.com/team=fraud"), ("remove-annotation", "example.com/team")):
        before = file.read_bytes()
        assert run(command, "iris.yaml", key, cwd=tmp_path).returncode == 0
        edited = file.read_bytes()
        assert edited != before
        assert edited.count(b"\n") == edited.count(b"\r\n") == edited.count(b"\r")
    shown = run("preview", "iris.yaml", cwd=tmp_path)
    assert (shown.returncode, b"\r" in shown.stdout) == (0, False)


def test_characters_that_a_console_lacks_are_escaped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "cp437")
    (tmp_path / "iris.yaml").write_bytes(MANIFEST.replace(b"/iris", "/\u4f60".encode()))
    ended = run("preview", "--full", "--no-config", "iris.yaml", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "\u4f60".encode() not in ended.stdout
    ended.stdout.decode("cp437")
