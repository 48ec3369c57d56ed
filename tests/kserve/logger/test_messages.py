"""What the agent of each release logs about events and records that it drops."""

from typing import Any

import pytest
from predictions import EXCHANGE, exchange_of

from isvclog.diagnosis.causes import diagnose
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.logger.messages import refused

STORAGE = {"path": "logs", "key": "k", "parameters": {}}
BLOB = {"url": "s3://bucket"}
NO_BUCKET = {"url": "s3:///prefix", "storage": STORAGE}
NO_SCHEME = {"url": "sink.research"}
NO_SCHEME_ERROR = 'Post "sink.research": unsupported protocol scheme ""'
BAD_TYPE = EXCHANGE._replace(
    request=EXCHANGE.request._replace(headers=[*EXCHANGE.request.headers, ("Content-Type", "application/")])
)
BAD_TYPE_ERROR = "mime: expected token after slash"


@pytest.mark.parametrize(
    ("release", "logger", "message"),
    [
        ("0.16.0", BLOB, "Logger store not configured, cannot store event"),
        ("0.17.0", BLOB, "Logger store not configured, cannot store batch"),
        ("0.20.0", BLOB, "Logger store not configured, cannot store batch"),
        ("0.16.0", NO_BUCKET, "no bucket specified in url"),
        ("0.17.0", NO_BUCKET, "Failed to store batch: no bucket specified in url"),
        ("0.11.2", NO_SCHEME, f"while sending event: {NO_SCHEME_ERROR}"),
        ("0.12.0", NO_SCHEME, NO_SCHEME_ERROR),
        ("0.13.1", NO_SCHEME, NO_SCHEME_ERROR),
        ("0.14.0", NO_SCHEME, f"Send did not return an HTTP response: {NO_SCHEME_ERROR}"),
        ("0.20.0", NO_SCHEME, f"Send did not return an HTTP response: {NO_SCHEME_ERROR}"),
    ],
)
def test_messages_are_those_of_the_release(release: str, logger: dict[str, Any], message: str) -> None:
    found = exchange_of(release=release, logger=logger)
    assert set(found.delivery.dropped) == {message}
    diagnosis = diagnose(found)
    assert diagnosis is not None
    assert diagnosis.because == message
    assert diagnosis.remedy != "change what the message names"


@pytest.mark.parametrize(
    ("release", "words"),
    [
        ("0.11.2", f"media type, {BAD_TYPE_ERROR}"),
        ("0.12.0", f"RFC 2046 media type {BAD_TYPE_ERROR}"),
        ("0.20.0", f"RFC 2046 media type {BAD_TYPE_ERROR}"),
    ],
)
def test_an_invalid_event_is_in_the_log_of_every_release(release: str, words: str) -> None:
    found = exchange_of(BAD_TYPE, release=release)
    assert set(found.delivery.dropped) == {f"while sending event: datacontenttype: failed to parse {words}"}
    diagnosis = diagnose(found)
    assert diagnosis is not None
    assert diagnosis.effect.endswith("; only the agent's log reports it")


@pytest.mark.parametrize(
    ("release", "logs"), [("0.11.2", True), ("0.12.0", False), ("0.13.1", False), ("0.14.0", True)]
)
def test_two_releases_report_no_failed_send(release: str, logs: bool) -> None:
    diagnosis = diagnose(exchange_of(release=release, logger=NO_SCHEME))
    assert diagnosis is not None
    assert ("not even" not in diagnosis.effect) == logs


@pytest.mark.parametrize(
    ("release", "message"),
    [
        ("0.11.2", "while sending event: error sending cloudevent: 500 Internal Server Error"),
        ("0.12.0", "Sent with status code 500"),
        ("0.20.0", "Sent with status code 500"),
    ],
)
def test_an_event_that_the_sink_refuses(release: str, message: str) -> None:
    assert refused(500, "Internal Server Error", find_release(release)) == message
