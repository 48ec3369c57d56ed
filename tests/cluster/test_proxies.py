"""The proxy for a server, by the rules of Go's `http.ProxyFromEnvironment`."""

import socket
import threading

import pytest

from isvclog.cluster import BadKubeconfig
from isvclog.cluster.proxies import Proxy, choose_proxy
from isvclog.cluster.socks import SocksError, open_tunnel

SERVER = "https://api.example.com:6443"


@pytest.mark.parametrize(
    ("entries", "server", "is_excluded"),
    [
        ("", SERVER, False),
        ("*", SERVER, True),
        ("other.test, *", SERVER, True),
        ("example.com", SERVER, True),
        ("example.com", "https://example.com", True),
        (".example.com", "https://example.com", False),
        ("*.example.com", "https://example.com", False),
        ("*.example.com", SERVER, True),
        ("EXAMPLE.com", SERVER, True),
        ("ample.com", SERVER, False),
        ("api.example.com:6443", SERVER, True),
        ("api.example.com:443", SERVER, False),
        ("api.example.com:443", "https://api.example.com", True),
        ("10.0.0.0/8", "https://10.1.2.3", True),
        ("10.0.0.0/8", "https://11.1.2.3", False),
        ("10.0.0.0/8", SERVER, False),
        ("10.0.0.0/99", "https://10.1.2.3", False),
        ("10.1.2.3", "https://10.1.2.3", True),
        ("10.1.2.3:444", "https://10.1.2.3", False),
        ("2.3", "https://10.1.2.3", False),
        ("fd00::/8", "https://[fd00::1]", True),
        ("[fd00::1]:443", "https://[fd00::1]", True),
        (":443,,.,*.", SERVER, False),
        ("", "https://127.0.0.2", True),
        ("", "https://[::1]", True),
        ("", "https://LOCALHOST:1", True),
        ("", "https://localhost.example.com", False),
    ],
)
def test_no_proxy(entries: str, server: str, is_excluded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test")
    monkeypatch.setenv("no_proxy", entries)
    assert choose_proxy(server, "") == (None if is_excluded else Proxy("http", "proxy.test", 80))
    assert choose_proxy(server, "https://u@inner.test") == Proxy("https", "inner.test", 443, "u")


def test_a_proxy_of_the_environment_is_for_one_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "socks5h://u%40:p%3A@proxy.test")
    assert choose_proxy(SERVER, "") is None
    assert choose_proxy("http://api.example.com", "") == Proxy("socks5h", "proxy.test", 1080, "u@", "p:")


@pytest.mark.parametrize(
    "url",
    ["ftp://x", "proxy.test:3128", "http://", "http://x:99999", "http://[", "http://a b", "http://\x1b", "s3cret"],
)
def test_a_url_that_is_no_proxy(url: str) -> None:
    with pytest.raises(BadKubeconfig, match="`proxy-url` in the kubeconfig is not the URL of a proxy") as caught:
        choose_proxy(SERVER, url)
    assert "s3cret" not in str(caught.value)


def test_the_credentials_are_in_no_url() -> None:
    proxy = choose_proxy(SERVER, "http://pat:p%40ss@[fd00::1]:3128")
    assert proxy
    assert proxy.url == "http://[fd00::1]:3128"
    assert proxy.headers == {"Proxy-Authorization": "Basic cGF0OnBAc3M="}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([b"\5\xff"], "another kind of login"),
        ([b"\4\0"], "another kind of login"),
        ([b"\5\2", b"\1\1"], "does not accept the user"),
        ([b"\5\0", b"\5\5\0\1\0\0\0\0\0\0"], r"refuses the connection \(5\)"),
        ([b"\5"], "closes the connection"),
        ([], "closes the connection"),
    ],
)
def test_a_socks_proxy_that_refuses(answers: list[bytes], said: str) -> None:
    here, there = socket.socketpair()

    def answer() -> None:
        with there:
            for each in answers:
                there.recv(1 << 16)
                there.sendall(each)
            if len(answers) < 2:
                there.shutdown(socket.SHUT_WR)
                there.recv(1 << 16)

    thread = threading.Thread(target=answer)
    thread.start()
    with here, pytest.raises(SocksError, match=said):
        open_tunnel(here, Proxy("socks5", "x", 1, "u", "p"), "api.example.com", 443)
    thread.join()


def test_a_name_that_socks_cannot_tell() -> None:
    here, there = socket.socketpair()
    there.sendall(b"\5\2")
    with here, there, pytest.raises(SocksError, match="more than 255 bytes"):
        open_tunnel(here, Proxy("socks5", "x", 1, "u" * 256, "p"), "api.example.com", 443)
