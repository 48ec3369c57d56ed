"""Storage URIs that a ClusterStorageContainer supports beside KServe's own; tests/conformance has measured ones."""

import pytest

from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.apis.storage_containers import UriFormat, read_uri_formats
from isvclog.kserve.controller.storage_uris import storage_uri_error

NEW = find_release("0.20.0")


@pytest.mark.parametrize(
    ("formats", "supported"),
    [
        ((), False),
        (None, True),
        ((UriFormat("ms://"),), True),
        ((UriFormat("s3://"), UriFormat()), False),
        ((UriFormat(regex="https://(.+?).blob.core.windows.net/(.+)"),), False),
        ((UriFormat(regex="^ms://.+"),), True),
        ((UriFormat(regex="(a+)+$"),), True),
    ],
)
def test_what_a_storage_container_supports(formats: tuple[UriFormat, ...] | None, supported: bool) -> None:
    assert (storage_uri_error("ms://org/model", NEW, formats) == "") == supported


def test_a_disabled_one_supports_nothing() -> None:
    data = {"spec": {"supportedUriFormats": [{"prefix": "ms://"}, {"regex": "x"}]}}
    assert read_uri_formats(data) == (UriFormat("ms://"), UriFormat(regex="x"))
    assert read_uri_formats({**data, "disabled": True}) == ()
