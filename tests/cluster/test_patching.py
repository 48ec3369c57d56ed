import json

import pytest
from apisamples import service
from apiserver import ApiServer

from isvclog.cluster import INFERENCE_SERVICES, Cluster, ClusterError, Conflict, Forbidden
from isvclog.cluster.patching import parse_warnings

MODE = {"op": "replace", "path": "/spec/predictor/logger/mode", "value": "request"}


def pinned(version: str) -> dict[str, str]:
    return {"op": "test", "path": "/metadata/resourceVersion", "value": version}


def test_a_patch_changes_the_object(api: ApiServer, cluster: Cluster) -> None:
    api.add(service("a"))
    version = api.object("inferenceservices", "ml", "a")["metadata"]["resourceVersion"]
    patched = cluster.patch(INFERENCE_SERVICES, "a", "ml", [pinned(version), MODE])
    assert patched.object == api.object("inferenceservices", "ml", "a")
    assert patched.object["spec"]["predictor"]["logger"]["mode"] == "request"
    assert patched.object["metadata"]["generation"] == 2
    (request,) = api.requests
    assert (request.method, request.query) == ("PATCH", {"fieldManager": "isvclog", "fieldValidation": "Warn"})
    assert request.headers["content-type"] == ["application/json-patch+json"]
    assert json.loads(request.body) == [pinned(version), MODE]


def test_a_dry_run_keeps_nothing(api: ApiServer, cluster: Cluster) -> None:
    api.add(service("a"))
    before = api.object("inferenceservices", "ml", "a")
    patched = cluster.patch(INFERENCE_SERVICES, "a", "ml", [MODE], dry_run=True)
    assert patched.object["spec"]["predictor"]["logger"]["mode"] == "request"
    assert api.requests[0].query["dryRun"] == "All"
    assert api.object("inferenceservices", "ml", "a") == before


def test_a_change_in_between_is_a_conflict(api: ApiServer, cluster: Cluster) -> None:
    api.add(service("a"))
    version = api.object("inferenceservices", "ml", "a")["metadata"]["resourceVersion"]
    api.before_patch = lambda: api.update(service("a", labels={"by": "somebody"})) and None
    with pytest.raises(Conflict, match="InferenceService `ml/a` was changed in the meantime") as caught:
        cluster.patch(INFERENCE_SERVICES, "a", "ml", [pinned(version), MODE])
    assert caught.value.status == 422
    assert len(api.requests) == 1
    api.fail("/apis/", 409)
    with pytest.raises(Conflict):
        cluster.patch(INFERENCE_SERVICES, "a", "ml", [MODE])


def test_only_a_failed_test_is_a_conflict(api: ApiServer, cluster: Cluster) -> None:
    api.add(service("a"))
    with pytest.raises(ClusterError, match="finds InferenceService `ml/a` invalid") as caught:
        cluster.patch(INFERENCE_SERVICES, "a", "ml", [{"op": "remove", "path": "/spec/none"}])
    assert not isinstance(caught.value, Conflict)
    causes = [
        {"reason": "FieldValueInvalid", "message": "s3cret", "field": "spec.predictor.logger.mode"},
        {"reason": "FieldValueInvalid", "message": "s3cret", "field": "spec.x"},
    ]
    status = {"kind": "Status", "reason": "Invalid", "message": "s3cret", "details": {"causes": causes}}
    api.fail("/apis/", 422, body=status)
    with pytest.raises(ClusterError, match=r"invalid at `spec.predictor.logger.mode` and `spec.x`") as caught:
        cluster.patch(INFERENCE_SERVICES, "a", "ml", [pinned("1"), MODE])
    assert not isinstance(caught.value, Conflict)
    assert "s3cret" not in str(caught.value)


def test_a_webhook_is_named_and_not_quoted(api: ApiServer, cluster: Cluster) -> None:
    message = 'admission webhook "isvc.kserve.io" denied the request: annotation is s3cret'
    api.fail("/apis/", 403, body={"kind": "Status", "message": message, "reason": "Forbidden"})
    with pytest.raises(Forbidden, match=r"webhook `isvc.kserve.io` refused to patch InferenceService `ml/a`") as caught:
        cluster.patch(INFERENCE_SERVICES, "a", "ml", [MODE])
    assert "s3cret" not in str(caught.value)


def test_warnings_are_returned(api: ApiServer, cluster: Cluster) -> None:
    api.add(service("a"))
    api.warnings = ['unknown field "spec.x"', "deprecated, use v1"]
    patched = cluster.patch(INFERENCE_SERVICES, "a", "ml", [MODE])
    assert patched.warnings == ('unknown field "spec.x"', "deprecated, use v1")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('299 - "a"', ("a",)),
        (r'299 - "say \"a\" \\ b"', (r'say "a" \ b',)),
        ('299 - "a", 299 host:80 "b, c" "Sun, 06 Nov 1994 08:49:37 GMT"', ("a", "b, c")),
        ('299 - "a", 299 - "a"', ("a",)),
        ("299 - unquoted", ()),
        ('299 - "open', ()),
        ("", ()),
    ],
)
def test_a_warning_header_is_read(header: str, expected: tuple[str, ...]) -> None:
    assert parse_warnings([header]) == expected


@pytest.mark.parametrize(("status", "headers", "sent"), [(429, {}, 2), (503, {"Retry-After": "1"}, 2), (503, {}, 1)])
def test_a_patch_is_repeated_only_if_nothing_was_done(
    status: int, headers: dict[str, str], sent: int, api: ApiServer, cluster: Cluster
) -> None:
    api.add(service("a"))
    api.fail("/apis/", status, headers=headers)
    if sent == 1:
        with pytest.raises(ClusterError):
            cluster.patch(INFERENCE_SERVICES, "a", "ml", [MODE])
    else:
        cluster.patch(INFERENCE_SERVICES, "a", "ml", [MODE])
    assert len(api.requests) == sent


def test_a_patch_is_not_repeated_after_a_cut(api: ApiServer, cluster: Cluster) -> None:
    api.add(service("a"))
    api.cut("/apis/", after=5)
    with pytest.raises(ClusterError, match="cut the connection"):
        cluster.patch(INFERENCE_SERVICES, "a", "ml", [MODE])
    assert len(api.requests) == 1


def test_warnings_may_be_in_any_language() -> None:
    header = '299 - "no é, größe"'.encode().decode("latin-1")
    assert parse_warnings([header]) == ("no é, größe",)
