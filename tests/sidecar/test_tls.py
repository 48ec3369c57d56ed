"""https sinks: real TLS servers, with certificates made here."""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme
from deliveries import Result, Running, run_events
from serving import serving
from sidecars import CLOSED, RawServer

from isvclog.sidecar.sinks import trust
from isvclog.sidecar.sinks.connection import SinkOptions

CASES = json.loads((Path(__file__).parents[1] / "conformance" / "tls.json").read_text("ascii"))
HOST = "sink.example.com"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
PREFIX = f'Send did not return an HTTP response: Post "https://{HOST}/logs": '
UNTRUSTED = f"{PREFIX}tls: failed to verify certificate: x509: certificate signed by unknown authority"


@pytest.fixture(scope="module")
def authorities() -> tuple[trustme.CA, trustme.CA]:
    return trustme.CA(), trustme.CA()


def server_context(authority: trustme.CA, *names: str, **options: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names or [HOST], **options).configure_cert(context)
    return context


def write_ca(folder: Path, authority: trustme.CA, name: str = "service-ca.crt") -> Path:
    (folder / name).write_bytes(authority.cert_pem.bytes())
    return folder / name


def send(
    folder: Path,
    context: ssl.SSLContext | None,
    *args: str,
    between: Callable[[Running], Awaitable[object]] | None = None,
    count: int = 1,
    **options: Any,
) -> tuple[Result, list[bytes]]:
    """Send events to a sink with this context; return what the sidecar says and what arrives."""

    async def exchange() -> tuple[Result, list[bytes]]:
        async with RawServer(OK, tls=context) as sink:
            chosen = SinkOptions(sink.address, ca_dir=str(folder), **options)
            arguments = args or ("--log-url", f"https://{HOST}/logs", "--logger-tls-skip-verify=false")
            result = await run_events(*arguments, "--log-mode=request", sink=chosen, between=between, count=count)
            return result, sink.requests

    return asyncio.run(exchange())


async def until_sent(sidecar: Running) -> None:
    before = sum(sidecar.counts.values())
    await sidecar.wait_until(lambda: not sidecar.server.queue.pending)
    assert sum(sidecar.counts.values()) >= before


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_measured(case: dict[str, Any], authorities: tuple[trustme.CA, trustme.CA], tmp_path: Path) -> None:
    ours, foreign = authorities
    context = server_context(foreign if "another CA" in case["server_cert"] else ours)
    if (ca_file := case["ca_file"]) is not None:
        content = ours.cert_pem.bytes() if ca_file["content"].startswith("valid PEM") else b""
        (tmp_path / ca_file["name"]).write_bytes(content)
    result, events = send(tmp_path, context, *case["args"])
    assert len(events) == case["delivered"]
    assert result.counts.get(("request", "sent"), 0) == case["delivered"]
    # The agent runs its second sentence, with a stray `%s`, into the first.
    logged = [
        text.replace("Failed to send cloud event, url: %s", "; Failed to send cloud event, url: ")
        for text in case["agent_log"]
    ]
    assert [report.replace(str(tmp_path), "/etc/tls/logger") for report in result.reports] == logged


def test_system_roots(
    authorities: tuple[trustme.CA, trustme.CA], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(write_ca(tmp_path, authorities[0], "system.pem")))
    trust.system_roots.cache_clear()
    try:
        result, events = send(tmp_path / "none", server_context(authorities[0]), count=2, between=until_sent)
    finally:
        trust.system_roots.cache_clear()
    assert len(events) == 2
    assert result.reports == [f"using https endpoint but could not find CA cert file {tmp_path}/none/service-ca.crt"]


def test_a_change_of_the_ca_file_counts_for_the_next_event(
    authorities: tuple[trustme.CA, trustme.CA], tmp_path: Path
) -> None:
    write_ca(tmp_path, authorities[0])
    other = write_ca(tmp_path, authorities[1], "next.crt")

    async def replace(sidecar: Running) -> None:
        await until_sent(sidecar)
        if sum(sidecar.counts.values()) == 2:
            other.replace(tmp_path / "service-ca.crt")

    result, events = send(tmp_path, server_context(authorities[0]), between=replace, count=3)
    assert len(events) == 2
    assert result.counts == {("request", "sent"): 2, ("request", "failed"): 1}
    assert result.reports == [UNTRUSTED]


def test_a_connection_is_verified_again(
    authorities: tuple[trustme.CA, trustme.CA], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_ca(tmp_path, authorities[0])
    monkeypatch.setattr(trust, "REVERIFY_SECONDS", 0)
    context = server_context(authorities[0])

    async def renew(sidecar: Running) -> None:
        await until_sent(sidecar)
        authorities[1].issue_cert(HOST).configure_cert(context)

    result, events = send(tmp_path, context, between=renew, count=2)
    assert len(events) == 1
    assert result.reports == [UNTRUSTED]


@pytest.mark.parametrize(
    ("names", "options", "reason"),
    [
        (["other.example.com"], {}, f"x509: certificate is not valid for {HOST}"),
        ([HOST], {"not_after": datetime(2020, 1, 1, tzinfo=UTC)}, "x509: certificate has expired or is not yet valid"),
        (["other.example.com"], {"common_name": HOST}, f"x509: certificate is not valid for {HOST}"),
    ],
)
def test_refused(
    names: list[str], options: dict[str, Any], reason: str, authorities: tuple[trustme.CA, trustme.CA], tmp_path: Path
) -> None:
    write_ca(tmp_path, authorities[0])
    if "not_after" in options:
        options = options | {"not_before": datetime(2019, 1, 1, tzinfo=UTC)}
    result, events = send(tmp_path, server_context(authorities[0], *names, **options))
    assert not events
    assert result.reports[0].startswith(f"{PREFIX}tls: failed to verify certificate: {reason}")


def test_an_intermediate_certificate_is_trusted(authorities: tuple[trustme.CA, trustme.CA], tmp_path: Path) -> None:
    """Go takes each certificate of a pool for a root."""
    child = authorities[0].create_child_ca()
    text = b"comment\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + child.cert_pem.bytes()
    (tmp_path / "service-ca.crt").write_bytes(text)
    assert len(send(tmp_path, server_context(child))[1]) == 1


def test_tls_1_1_is_refused(authorities: tuple[trustme.CA, trustme.CA], tmp_path: Path) -> None:
    write_ca(tmp_path, authorities[0])
    context = server_context(authorities[0])
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    result, events = send(tmp_path, context)
    assert not events
    assert result.reports == [f"{PREFIX}EOF"]


def test_a_sink_without_tls(tmp_path: Path) -> None:
    async def exchange() -> Result:
        async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        async with serving(refuse) as address:
            options = SinkOptions(address, ca_dir=str(tmp_path))
            return await run_events("--log-url", f"https://{HOST}/logs", "--log-mode=request", sink=options)

    assert asyncio.run(exchange()).reports[-1] == f"{PREFIX}tls: first record does not look like a TLS handshake"


def test_the_sink_that_is_given_speaks_as_it_is_said(tmp_path: Path) -> None:
    result, events = send(tmp_path, None, tls=False)
    assert b"Host: sink.example.com\r\n" in events[0]
    assert not result.reports


def test_secrets_are_masked() -> None:
    url = f"https://me:geheim@{HOST}/logs?token=s3cr3t-t0ken-value"
    result = asyncio.run(run_events("--log-url", url, "--log-mode=request", sink=SinkOptions(CLOSED)))
    assert result.counts == {("request", "failed"): 1}
    assert "geheim" not in "".join(result.reports)
    assert "s3cr3t" not in "".join(result.reports)
