"""The roles among the examples allow what live commands ask for, and nothing else is asked for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from apiserver import ApiServer, Request
from live_cluster import ALL_FIELDS, applied, config, controller, crd, runtime, service, sink
from rbac import is_allowed

from isvclog.cli.main import main
from isvclog.doctor.permissions import NEEDS
from isvclog.manifest import Object, load, read_file

ROLES = Path(__file__).parents[2] / "examples" / "rbac" / "isvclog.yaml"
ACCESS_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


def roles() -> Iterator[dict[str, Any]]:
    for item in load(read_file(str(ROLES)), ()):
        assert isinstance(item, Object)
        yield item.data


def allowed(request: Request) -> bool:
    """Check whether a role of the file allows a request, or `system:basic-user`, which every user has."""
    return request.path == ACCESS_REVIEWS or is_allowed(request, roles())


def test_the_roles_are_what_the_commands_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with ApiServer() as api:
        api.add(config("kserve/agent:latest"), controller(), runtime(), runtime("own", "ml"), crd(*ALL_FIELDS))
        named = service("named")
        named["spec"]["predictor"]["model"]["runtime"] = "own"
        stored = {"url": "s3://logs", "storage": {"path": "a", "key": "b", "parameters": {}}}
        broker = "http://broker-ingress.knative-eventing.svc.cluster.local/ml/default"
        api.add(applied(service(), batchSize=3), named, service("stored", **stored), service("brokered", url=broker))
        api.add(sink(), sink("broker-ingress", "knative-eventing"))
        monkeypatch.setenv("KUBECONFIG", api.kubeconfig(tmp_path, namespace="ml"))
        (tmp_path / ".git").mkdir()  # no project file is searched above it
        monkeypatch.chdir(tmp_path)
        for arguments in (
            ("preview", "iris"),
            ("preview", "named"),
            ("lint", "--live"),
            ("lint", "--live", "-A"),
            ("validate", "--live"),
            ("audit",),
            ("audit", "-A"),
            ("audit", "iris"),
            ("doctor",),
            ("doctor", "-A"),
        ):
            assert main(arguments) in (0, 1), capsys.readouterr()
        assert len({request.path for request in api.requests}) > 8
        assert [request.path for request in api.requests if not allowed(request)] == []


def test_doctor_asks_for_every_permission_of_the_roles() -> None:
    granted = {
        (verb, resource, name)
        for role in roles()
        for rule in role.get("rules", ())
        for verb in rule["verbs"]
        for resource in rule["resources"]
        for name in rule.get("resourceNames", [""])
    }
    assert {(verb, need.resource.plural, need.name) for need in NEEDS for verb in need.verbs} == granted


def test_only_services_are_written_and_only_by_a_role_of_its_own() -> None:
    writing = [
        (role["metadata"]["name"], rule["resources"], rule["verbs"])
        for role in roles()
        for rule in role.get("rules", ())
        if not {"get", "list", "watch"}.issuperset(rule["verbs"])
    ]
    assert writing == [("isvclog-edit", ["inferenceservices"], ["patch"])]
