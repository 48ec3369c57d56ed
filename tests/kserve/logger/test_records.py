"""Records that no exchange leads to: some of their fields are empty, which encoding/json leaves out."""

import json

import pytest

from isvclog.kserve.agent.store import AZURE, S3, Store
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.golang import url as gourl
from isvclog.kserve.golang.paths import clean
from isvclog.kserve.logger.records import Record, Unstorable, build_upload

URL = gourl.parse("abfs://container@account/p")
RECORD = Record(
    URL, b"", "", "a.request", "", URL, "iris", "ns", "predictor", "", None, {}, "", False, "2026-01-02T03:04:05Z"
)
STORE = Store(AZURE, "logs", "json")


def test_empty_fields_except_the_body_are_left_out() -> None:
    upload = build_upload(STORE, [RECORD], find_release("0.20.0"))
    assert upload.key == "p/ns/iris/predictor/logs/-request.json"
    assert list(json.loads(upload.data)) == [
        "url",
        "bytes",
        "reqType",
        "sourceUri",
        "inferenceService",
        "namespace",
        "component",
        "occurrenceTime",
    ]


def test_a_type_without_a_dot_is_not_stored() -> None:
    with pytest.raises(Unstorable, match="invalid request type: request"):
        build_upload(STORE, [RECORD._replace(type="request")], find_release("0.20.0"))


@pytest.mark.parametrize(("release", "written"), [("0.16.0", r'"\ufffd"'), ("0.17.0", '"\ufffd"')])
def test_bytes_that_are_not_utf8_are_escaped_unless_a_marshaller_reads_them(release: str, written: str) -> None:
    record = RECORD._replace(metadata={"X-A": ["\udcff"]})
    assert written in build_upload(STORE, [record], find_release(release)).data


@pytest.mark.parametrize(
    ("url", "written", "key"),
    [
        ("s3://bkt//logs", "id", "logs/"),
        ("s3://bkt/logs", "../x", "logs/"),
        ("s3://bkt/..", "id", ""),
    ],
)
def test_keys_on_s3_are_cleaned_up_to_0_20(url: str, written: str, key: str) -> None:
    record = RECORD._replace(url=gourl.parse(url), id=written)
    store = STORE._replace(provider=S3)
    old, new = (build_upload(store, [record], find_release(release)) for release in ("0.20.0", "0.21.0"))
    assert ".." not in old.key
    assert "//" not in old.key
    assert old.key.startswith(key)
    assert old.key == clean(f"/{new.key}")[1:]
    assert build_upload(STORE._replace(provider="gcs"), [record], find_release("0.20.0")).key == new.key
