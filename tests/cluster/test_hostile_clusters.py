"""What clusters can cost that send objects without end: memory, of several clusters at the same time as of one.

What is kept is tried with a lower limit, as it takes long to send so much. The limits of answers are the real ones.
"""

import itertools
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from apisamples import pod, service
from apiserver import ApiServer
from hostile import CHUNKED, HEAD, HostileServer, chunk

from isvclog.cli.main import main
from isvclog.cluster import memory

NOTHING = b'{"items": [], "metadata": {"resourceVersion": "1"}}'
LABELS = {"serving.kserve.io/inferenceservice": "a"}
PLURALS = ("inferenceservices", "pods", "/servingruntimes")
RANDOM = random.Random(1).randbytes(2 << 20).hex()
"""Text that no compression makes less than half as long."""
REMEDY = "Ask for fewer objects with `-n`, `-l` or a name, or for fewer clusters with `--context`, and check that it is"


class HostileCluster(HostileServer):
    """An API server whose lists of pods and services have pages without end, and whose watches have lines without end.

    Without `page` or `line`, lists are empty, and watches are silent.
    """

    def __init__(
        self,
        page: Callable[[str, int], bytes] | None = None,
        line: Callable[[str, int], bytes] | None = None,
    ) -> None:
        super().__init__(lambda: ())
        self._page, self._line = page, line

    def blocks(self, request: bytes) -> Iterable[bytes]:
        """Answer a request."""
        path = request.split(b" ", 2)[1].decode()
        plural = next((name for name in PLURALS if f"{name}?" in path), "")
        if "watch=1" in path:
            return self._lines(plural)
        if "limit=" not in path:
            return [b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}"]
        number = int(path.partition("continue=t")[2].partition("&")[0] or 0)
        body = self._page(plural, number) if self._page and plural else NOTHING
        return [HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode(), body]

    def _lines(self, plural: str) -> Iterator[bytes]:
        yield CHUNKED
        for number in itertools.count() if self._line and plural else ():
            assert self._line
            yield chunk(self._line(plural, number) + b"\n")
        self.closed.wait()


def kubeconfig(folder: Path, servers: Sequence[HostileServer]) -> str:
    """Write a kubeconfig with a context for each server."""
    files = [
        ApiServer().kubeconfig(folder, context=f"c{number}", file=f"c{number}", cluster={"server": server.url})
        for number, server in enumerate(servers)
    ]
    return os.pathsep.join(files)


def named(plural: str, number: int, name: str = "", **annotations: str) -> dict[str, Any]:
    """An object with a name of its own."""
    metadata = {"uid": f"u-{number}", "resourceVersion": str(number), "annotations": annotations}
    name = name or f"{plural}-{number}"
    return service(name, **metadata) if plural == "inferenceservices" else pod(name, labels=LABELS, **metadata)


def added(item: dict[str, Any]) -> bytes:
    return json.dumps({"type": "ADDED", "object": item}).encode()


def only(kind: str, item: Callable[[str, int], dict[str, Any]]) -> Callable[[str, int], bytes]:
    """Lines with new objects of one kind, and of the other kind always the same one."""
    return lambda plural, number: added(item(plural, number if plural == kind else 0))


ENDLESS = {
    "services": only("inferenceservices", named),
    "pods": only("pods", named),
    "pods-without-a-name": only("pods", lambda _, number: {"kind": "Pod", "metadata": {"uid": f"u-{number}"}}),
    "long-names": only("pods", lambda plural, number: named(plural, number, f"{number}-" + RANDOM[:50_000])),
    "long-sinks": only("inferenceservices", lambda plural, number: logging(named(plural, number), "x" * 100_000)),
}


def logging(item: dict[str, Any], url: str) -> dict[str, Any]:
    if item["kind"] == "InferenceService":
        item["spec"]["predictor"]["logger"]["url"] = f"http://{url}"
    return item


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_watch_without_end_is_given_up(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MOST_KEPT", 1 << 18)
    with HostileCluster(line=ENDLESS[kind]) as server:
        code = main(["audit", "-A", "--watch", "--kubeconfig", server.kubeconfig(tmp_path)])
        said = f", and `{server.url}`, the server of context `test`, has more, so it is read no further. {REMEDY}"
    assert capsys.readouterr().out.endswith(
        f"isvclog keeps at most 0 MiB of the objects of all clusters{said} an API server.\n"
    )
    assert code == 3


def test_a_list_without_end_is_given_up_and_other_clusters_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MOST_KEPT", 1 << 18)

    def page(plural: str, number: int) -> bytes:
        items = [named(plural, 500 * number + index) for index in range(500)]
        return json.dumps({"items": items, "metadata": {"continue": f"t{number + 1}"}}).encode()

    with ApiServer() as api, HostileCluster(page) as server:
        api.add(service("honest"))
        monkeypatch.setenv("KUBECONFIG", kubeconfig(tmp_path, [server, api]))
        code = main(["audit", "-A", "--all-contexts"])
    output = capsys.readouterr()
    assert "error: c0: isvclog keeps at most 0 MiB" in output.err
    assert output.out.count("honest") == 2
    assert code == 3


def test_runtimes_without_end_are_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MOST_KEPT", 1 << 18)

    def page(plural: str, number: int) -> bytes:
        endless = "runtimes" in plural
        item = named(plural, number) | ({"spec": {"containers": [{}] * 1000}} if endless else {})
        metadata = {"continue": f"t{number + 1}" if endless else ""}
        return json.dumps({"items": [item] if plural != "pods" else [], "metadata": metadata}).encode()

    with HostileCluster(page) as server:
        code = main(["audit", "-A", "--kubeconfig", server.kubeconfig(tmp_path), "--exit-zero"])
    output = capsys.readouterr()
    assert "ServingRuntimes cannot be read (isvclog keeps at most 0 MiB" in output.err
    assert "inferenceservices-0" in output.out
    assert code == 0


# Memory, with the real limits of answers

MEASURED = """
import pathlib, re, sys
from isvclog.cli.main import main
from isvclog.cluster import memory
memory.MOST_KEPT = 12 << 20
code = main(sys.argv[1:])
most = re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())
print(code, int(most[1]) // 1024, file=sys.stderr)
"""
MOST_MEBIBYTES = 600 - (192 - 12)
"""The memory under attack, without what is kept because of the real limit."""


def large_page(plural: str, number: int) -> bytes:
    """A page with as many values, and then one with as many bytes as a page may have."""
    item = named(plural, number)
    if number % 2:
        item["metadata"]["annotations"] = {"text": RANDOM, "more": RANDOM[::-1][: len(RANDOM) - 9000]}
    else:
        item["spec"] = {"predictor": {"logger": {"mode": "all"}}, "containers": [{}] * 39_000}
    return json.dumps({"items": [item], "metadata": {"continue": f"t{number + 1}"}}).encode()


def large_line(plural: str, number: int) -> bytes:
    return added(named(plural, number, text=RANDOM[: (2 << 20) - 1000]))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux says what memory a process had")
@pytest.mark.parametrize("arguments", [(), ("--watch",)], ids=["once", "watched"])
def test_several_clusters_together_need_no_more_memory(arguments: tuple[str, ...], tmp_path: Path) -> None:
    with ExitStack() as stack:
        made = [HostileCluster(None, large_line) if arguments else HostileCluster(large_page) for _ in range(4)]
        names = kubeconfig(tmp_path, [stack.enter_context(server) for server in made])
        command = [sys.executable, "-c", MEASURED, "audit", "-A", "--all-contexts", *arguments]
        environment = os.environ | {"KUBECONFIG": names}
        ended = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
    code, mebibytes = ended.stderr.splitlines()[-1].split()
    assert "Traceback" not in ended.stderr
    assert (ended.stderr + ended.stdout).count("isvclog keeps at most 12 MiB of the objects of all clusters") == 4
    assert int(mebibytes) < MOST_MEBIBYTES, ended.stderr
    assert code == "3"
