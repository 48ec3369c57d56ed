"""`audit --watch`: the table, and then its changes, also after a disconnect."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from apiserver import ApiServer

from isvclog.manifest import Object, load, read_file

SESSION = Path(__file__).parent / "live" / "audit"
WAIT = 20.0

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT to send")


class Watching:
    """A running `audit --watch`; `line` waits for one that contains a text."""

    def __init__(self, environment: dict[str, str], folder: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "isvclog", "audit", "--watch", *arguments]
        self.process = subprocess.Popen(
            command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def line(self, *texts: str) -> str:
        passed = []
        while True:
            try:
                line = self._lines.get(timeout=WAIT)
            except queue.Empty:
                raise AssertionError(f"no line with {texts}, only: {''.join(passed)}") from None
            if all(text in line for text in texts):
                return line
            passed.append(line)

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(WAIT)
        self.close()
        return code

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdout
        self.process.stdout.close()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self._lines.put(line)


@pytest.fixture
def api() -> Iterator[ApiServer]:
    with ApiServer() as server:
        for item in load(read_file(str(SESSION / "cluster.yaml")), ()):
            assert isinstance(item, Object)
            server.add(item.data)
        yield server


@pytest.fixture
def watching(api: ApiServer, environment: dict[str, str], tmp_path: Path) -> Iterator[Watching]:
    started = Watching(environment | {"KUBECONFIG": api.kubeconfig(tmp_path)}, tmp_path, "-n", "ml")
    yield started
    started.close()


def pod_of(api: ApiServer, service: str) -> dict[str, Any]:
    pods = (api.object("pods", *key) for key in api.store.stored["pods"])
    return next(pod for pod in pods if pod["metadata"]["labels"]["serving.kserve.io/inferenceservice"] == service)


def test_changes_are_printed(api: ApiServer, watching: Watching) -> None:
    watching.line("ml", "churn", "matches")
    watching.line("Audited 5 components")

    service = api.object("inferenceservices", "ml", "churn")
    service["metadata"]["annotations"]["example.com/team"] = "blue"
    api.update(service)
    assert "created before a change of annotation `example.com/team`" in watching.line("ml/churn predictor: pending")

    pod = pod_of(api, "churn")
    pod["status"]["containerStatuses"][0] |= {
        "restartCount": 3,
        "state": {"waiting": {"reason": "CrashLoopBackOff"}},
        "lastState": {"terminated": {"exitCode": 255}},
    }
    api.update(pod)
    watching.line("ml/churn predictor: crashing", "255")

    api.delete("inferenceservices", "ml", "churn")
    watching.line("ml/churn predictor: deleted")
    assert watching.end() == 130


def test_a_service_that_is_stopped_and_one_whose_pods_are_refused(api: ApiServer, watching: Watching) -> None:
    watching.line("Audited 5 components")
    labels = {"serving.kserve.io/inferenceservice": "churn", "component": "predictor"}
    failure = {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota: compute"}
    api.add(
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "churn-predictor", "namespace": "ml", "labels": labels},
            "status": {"conditions": [failure]},
        }
    )
    service = api.object("inferenceservices", "ml", "churn")
    service["status"] = {"conditions": [{"type": "Ready", "status": "False"}]}
    api.update(service)
    watching.line(
        "ml/churn predictor: blocked A quota of the namespace does not allow the pods (2 older pods still run): "
    )
    service["metadata"]["annotations"]["serving.kserve.io/stop"] = "true"
    api.update(service)
    watching.line("ml/churn predictor: stopped")


def test_a_line_of_a_watch_has_a_limit(api: ApiServer, watching: Watching) -> None:
    watching.line("Audited 5 components")
    event = {"type": "ADDED", "object": {"kind": "Pod", "note": "x" * (17 << 20)}}
    api.fail("/api/v1/namespaces/ml/pods", 200, times=-1, body=event, query={"watch": "1"})
    api.cut_connections()
    watching.line("more than a line of 16 MiB. Ask for fewer objects")


def test_a_change_of_the_configmap_affects_all_rows(api: ApiServer, watching: Watching) -> None:
    watching.line("Audited 5 components")
    config = api.object("configmaps", "kserve", "inferenceservice-config")
    config["data"]["logger"] = config["data"]["logger"].replace("v0.20.0", "v0.19.0")
    config["data"]["agent"] = config["data"]["agent"].replace("v0.20.0", "v0.19.0")
    api.update(config)
    watching.line("ml/churn predictor: stale", "another release")


def test_it_reconnects_to_a_server(api: ApiServer, watching: Watching) -> None:
    watching.line("Audited 5 components")
    api.stop()
    watching.line("cluster: ")
    service = api.object("inferenceservices", "ml", "churn")
    service["metadata"]["annotations"]["example.com/team"] = "blue"
    api.update(service)
    api.store.compact()
    api.start()
    watching.line("ml/churn predictor: pending")


def test_without_pods_the_rest_is_watched(api: ApiServer, environment: dict[str, str], tmp_path: Path) -> None:
    api.forbid("pods")
    started = Watching(environment | {"KUBECONFIG": api.kubeconfig(tmp_path)}, tmp_path, "-A")
    try:
        started.line("ml", "churn", "unknown")
        api.delete("inferenceservices", "ml", "churn")
        started.line("ml/churn predictor: deleted")
    finally:
        started.close()


def test_no_cluster_ends_it(environment: dict[str, str], tmp_path: Path) -> None:
    with ApiServer() as stopped:
        kubeconfig = stopped.kubeconfig(tmp_path)
    started = Watching(environment | {"KUBECONFIG": kubeconfig}, tmp_path, "--request-timeout", "2s")
    try:
        started.line("error: ", "refuses the connection")
        assert started.process.wait(WAIT) == 3
    finally:
        started.close()


def test_a_cluster_that_is_down_at_first_does_not_delay_the_others(
    api: ApiServer, environment: dict[str, str], tmp_path: Path
) -> None:
    with ApiServer() as other:
        service = api.object("inferenceservices", "ml", "churn")
        service["metadata"]["name"] = "late"
        other.add(service)
        away = other.kubeconfig(tmp_path, context="away", namespace="ml", file="away")
    here = api.kubeconfig(tmp_path, context="here", namespace="ml", file="here")
    variables = environment | {"KUBECONFIG": os.pathsep.join((here, away))}
    started = Watching(variables, tmp_path, "--context", "away", "--context", "here")
    try:
        started.line("here", "churn", "matches")
        started.line("error: away: ", "refuses the connection")
        other.start()
        started.line("away/ml/late predictor")
    finally:
        started.close()
        other.stop()


def test_wrong_usage_ends_it(api: ApiServer, environment: dict[str, str], tmp_path: Path) -> None:
    kubeconfig = {"KUBECONFIG": api.kubeconfig(tmp_path)}
    started = Watching(environment | kubeconfig, tmp_path, "-l", "team=blue", "churn")
    try:
        started.line("error: --selector and names of services exclude each other")
        assert started.process.wait(WAIT) == 2
    finally:
        started.close()


class Screen:
    """A running `audit --watch` on a terminal of some size; `until` waits for a screen."""

    def __init__(self, environment: dict[str, str], folder: Path, *arguments: str, lines: int, columns: int) -> None:
        import pty

        self._ours, theirs = pty.openpty()
        self.resize(lines, columns)
        command = [sys.executable, "-m", "isvclog", "audit", "--watch", *arguments]
        self.process = subprocess.Popen(
            command, env=environment, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self._text = ""

    def resize(self, lines: int, columns: int) -> None:
        import fcntl
        import struct
        import termios

        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def until(self, is_right: Callable[[list[str]], bool]) -> list[str]:
        """Return the lines of the first screen that is right."""
        import select

        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            if select.select([self._ours], [], [], 0.1)[0]:
                self._text += os.read(self._ours, 1 << 16).decode()
            lines = self._text.rpartition("\x1b[H\x1b[2J")[2].splitlines()
            if lines and is_right(lines):
                return lines
        raise AssertionError(f"no such screen, but {self._text}")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


@pytest.fixture
def screen(api: ApiServer, environment: dict[str, str], tmp_path: Path) -> Iterator[Screen]:
    variables = {name: value for name, value in environment.items() if name not in ("COLUMNS", "LINES")}
    variables |= {"KUBECONFIG": api.kubeconfig(tmp_path), "TERM": "xterm"}
    started = Screen(variables, tmp_path, "-n", "ml", "--color", "never", lines=24, columns=80)
    yield started
    started.close()


def test_a_failure_is_on_the_first_line_of_a_terminal_until_it_is_over(api: ApiServer, screen: Screen) -> None:
    screen.until(lambda lines: lines[0].startswith("NAMESPACE") and any("matches" in line for line in lines))
    api.stop()
    shown = screen.until(lambda lines: lines[0].startswith("error: ") and any("matches" in line for line in lines))
    assert max(map(len, shown)) <= 80
    service = api.object("inferenceservices", "ml", "churn")
    service["metadata"]["annotations"]["example.com/team"] = "blue"
    api.update(service)
    api.store.compact()
    api.start()
    screen.until(lambda lines: lines[0].startswith("NAMESPACE") and any("pending" in line for line in lines))


def test_pods_that_may_not_be_read_stay_on_the_first_line(
    api: ApiServer, environment: dict[str, str], tmp_path: Path
) -> None:
    api.forbid("pods")
    variables = {name: value for name, value in environment.items() if name not in ("COLUMNS", "LINES")}
    variables |= {"KUBECONFIG": api.kubeconfig(tmp_path), "TERM": "xterm"}
    screen = Screen(variables, tmp_path, "-n", "ml", "--color", "never", lines=24, columns=80)
    try:
        screen.until(lambda lines: "may not list `pods`" in lines[0])
        api.delete("inferenceservices", "ml", "churn")
        screen.until(lambda lines: "may not list `pods`" in lines[0] and not any("churn" in line for line in lines))
    finally:
        screen.close()


def test_a_resize_redraws_the_table(screen: Screen) -> None:
    shown = screen.until(lambda lines: any("Left out at 80 columns: SINK." in line for line in lines))
    assert "SINK" not in shown[0]
    screen.resize(10, 160)
    screen.process.send_signal(signal.SIGWINCH)
    shown = screen.until(lambda lines: "SINK" in lines[0] and lines[-1].endswith("more lines"))
    assert len(shown) <= 10
