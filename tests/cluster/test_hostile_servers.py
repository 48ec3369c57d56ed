"""What a server can cost, if it or somebody in between means harm: time, and memory.

Each command is a process of its own, with the limits that users have.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hostile import HEAD, SLOW, HostileServer, Pages, bomb, drip, endless, of_length, page

SERVER = Path(__file__).parent / "tls" / "server.pem"
Isvclog = Callable[..., subprocess.CompletedProcess[str]]
Preview = Callable[..., tuple[int, float, str]]


@pytest.fixture
def preview(isvclog: Isvclog) -> Preview:
    """Runs a command; returns its exit code, the seconds it took, and its standard error."""

    def run(kubeconfig: str, *arguments: str) -> tuple[int, float, str]:
        start = time.monotonic()
        ended = isvclog("preview", "x", "--kubeconfig", kubeconfig, *arguments, timeout=15)
        return ended.returncode, time.monotonic() - start, ended.stderr

    return run


@pytest.mark.parametrize("kind", SLOW)
@pytest.mark.parametrize("certificate", [None, SERVER], ids=["plain", "tls"])
def test_the_timeout_bounds_a_request(kind: str, certificate: Path | None, tmp_path: Path, preview: Preview) -> None:
    with HostileServer(SLOW[kind], certificate) as server:
        code, seconds, error = preview(server.kubeconfig(tmp_path), "--request-timeout", "400ms")
    assert "did not answer in time" in error
    assert code == 3
    assert 0.3 < seconds < 8


@pytest.mark.parametrize("proxy", ["http", "socks5"])
def test_the_timeout_bounds_a_proxy(proxy: str, tmp_path: Path, preview: Preview) -> None:
    answer = b"\5\0\5\0\0\3\xff" if proxy == "socks5" else b"HTTP/1.1 200 OK\r\nX-Slow: x"
    with HostileServer(lambda: drip(answer), at_once=True) as server:
        settings = {"server": "https://api.example.test", "proxy-url": f"{proxy}://{server.place}"}
        code, seconds, error = preview(server.kubeconfig(tmp_path, **settings), "--request-timeout", "400ms")
    assert "did not answer in time" in error
    assert (code, seconds < 8) == (3, True)


@pytest.mark.parametrize("record", [b"\x16\x03\x03\x40\x00\x02", b""])
def test_the_timeout_bounds_the_handshake(record: bytes, tmp_path: Path, preview: Preview) -> None:
    script = (lambda: drip(record)) if record else SLOW["nothing"]
    with HostileServer(script, SERVER, at_once=True) as server:
        code, seconds, error = preview(server.kubeconfig(tmp_path), "--request-timeout", "400ms")
    assert "did not answer in time" in error
    assert (code, seconds < 8) == (3, True)


@pytest.mark.skipif(not os.environ.get("ISVCLOG_WAIT"), reason="takes a minute: ISVCLOG_WAIT=1 waits")
def test_silence_ends_after_a_minute_by_default(tmp_path: Path, isvclog: Isvclog) -> None:
    start = time.monotonic()
    with HostileServer(SLOW["nothing"]) as server:
        ended = isvclog("preview", "x", "--kubeconfig", server.kubeconfig(tmp_path), timeout=90)
    assert "did not answer in time" in ended.stderr
    assert 59 < time.monotonic() - start < 75


@pytest.mark.parametrize(
    ("pages", "said", "requests"),
    [
        (lambda n: page(n, token="same"), "repeats a continue token in the list of ", 2),
        (lambda n: page(n, token=f"t{n % 3}"), "repeats a continue token in the list of ", 4),
        (lambda n: page(n, count=0), "sends 20 empty pages in a row in the list of ", 20),
        (lambda n: page(n) if n == 0 else (410, {"metadata": {"continue": f"f{n}"}}), "sends 20 empty pages", 21),
        (lambda n: page(n) if n == 0 else (410, {"metadata": {"continue": "same"}}), "repeats a continue token", 3),
    ],
)
def test_pages_without_end(
    pages: Callable[[int], tuple[int, dict[str, Any]]],
    said: str,
    requests: int,
    tmp_path: Path,
    isvclog: Isvclog,
) -> None:
    with Pages(pages) as api:
        ended = isvclog("lint", "--live", "-A", "--kubeconfig", api.kubeconfig(tmp_path), timeout=15)
        asked = [request for request in api.requests if request.path.endswith("inferenceservices")]
    assert said in ended.stderr
    assert (ended.returncode, len(asked)) == (3, requests)


MEASURED = """
import pathlib, re, sys
from isvclog.cli.main import main
code = main(sys.argv[1:])
most = re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())
print(code, int(most[1]) // 1024, file=sys.stderr)
"""
MIB = 1 << 20
MEMORY = {
    "gzip-bomb": lambda: [of_length(bomb(500 * MIB), b"Content-Encoding: gzip")],
    "wider-text": lambda: [of_length(b'{"a": "' + "😀".encode() + b"x" * (64 * MIB - 20) + b'"}')],
    "escaped": lambda: [of_length(b'{"a": "' + (b"\\ud83d\\ude00\\ud800" + b"x" * 900) * (35 * 1024) + b'"}')],
    "quotes": lambda: [of_length(b'{"a": "' + b'\\",' * (10 * MIB) + b'"}')],
    "values": lambda: [of_length(b'{"items": [' + b'{"a":{"":0}},' * 660_000 + b"{}]}")],
    "keys": lambda: [
        of_length(b'{"items": [' + b",".join(b'{"%d":%d}' % (n + 10**9, n + 10**9) for n in range(999_000)) + b"]}")
    ],
    "fields": lambda: [of_length(b"{" + b",".join(b'"%d":""' % (n + 10**9) for n in range(1_999_000)) + b"}")],
    "many-values": lambda: [of_length(b'{"items": [' + b"1," * 30_000_000 + b"1]}")],
    "line": lambda: endless(b"x" * MIB, HEAD + b"\r\n"),
}
REFUSED = {
    "gzip-bomb": "sent an answer of more than 64 MiB. Ask for fewer objects",
    "line": "sent an answer of more than 64 MiB. Ask for fewer objects",
    "many-values": "sent an answer of more than 2,000,000 values. Ask for fewer objects",
}
"""What is said of answers that are not even parsed."""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux says what memory a process had")
@pytest.mark.parametrize("kind", MEMORY)
def test_the_memory_under_attack_is_bounded(kind: str, tmp_path: Path) -> None:
    made = list(MEMORY[kind]()) if kind != "line" else None
    with HostileServer(lambda: made if made is not None else MEMORY[kind]()) as server:
        kubeconfig = server.kubeconfig(tmp_path)
        command = [sys.executable, "-c", MEASURED, "preview", "x", "--kubeconfig", kubeconfig]
        ended = subprocess.run(command, capture_output=True, text=True, env=os.environ, timeout=120)
    code, mebibytes = ended.stderr.splitlines()[-1].split()
    assert "Traceback" not in ended.stderr
    assert int(mebibytes) < 600, ended.stderr
    assert code == "3"
    assert REFUSED.get(kind, "") in ended.stderr
