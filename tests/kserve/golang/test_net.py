"""Hosts and ports at which Go's dialler gives up, measured with Go 1.25 and a name server that knows every name."""

import pytest

from isvclog.kserve.golang.net import DialError, check_address


@pytest.mark.parametrize(
    "address",
    [
        "sink:80",
        "a_b.c-d.svc.:65535",
        "_x.y:0",
        "[::1]:1",
        "[fe80::1%eth0]:1",
        "1.2.3.4:00080",
        f"{'a' * 63}.b:80",
        ":80",
    ],
)
def test_valid_address(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("h:65536", "address 65536: invalid port"),
        ("h:99999999999999999999", "address 99999999999999999999: invalid port"),
        ("a..b:80", "lookup a..b: no such host"),
        (".a:80", "lookup .a: no such host"),
        ("-a:80", "lookup -a: no such host"),
        ("a-.b:80", "lookup a-.b: no such host"),
        ("12345:80", "lookup 12345: no such host"),
        ("1.2.3:80", "lookup 1.2.3: no such host"),
        ("a,b:80", "lookup a,b: no such host"),
        ("é:80", "lookup é: no such host"),
        ("[h:80]:80", "lookup h:80: no such host"),
        (f"{'a' * 64}.b:80", f"lookup {'a' * 64}.b: no such host"),
        ("h]:80", "address h]:80: unexpected ']' in address"),
    ],
)
def test_invalid_address(address: str, message: str) -> None:
    with pytest.raises(DialError) as raised:
        check_address(address)
    assert str(raised.value) == f"dial tcp: {message}"
