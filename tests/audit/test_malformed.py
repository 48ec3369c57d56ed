"""Whatever a cluster answers, an audit ends with rows."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isvclog.audit import Audit, Pods, RowSettings, service_rows
from isvclog.audit.packing import pack_pod, unpack_pods
from isvclog.drift import image_release, read_pod, read_rollout
from isvclog.kserve.apis.constants import AGENT_CONTAINER, COMPONENT_LABEL, SERVICE_LABEL
from isvclog.kserve.apis.installation import Installation
from isvclog.lint.engine import select_rules
from isvclog.manifest import Object, Source, load
from isvclog.report.formats import AUDIT, FormatSettings, audit_format
from isvclog.rules.policy import Policy

CASES = Path(__file__).parent / "cases"
SETTINGS = RowSettings(select_rules(Installation(), Policy()))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def documents(case: str, file: str) -> list[Object]:
    path = CASES / case / file
    return [item for item in load(Source(file, path.read_bytes()), ()) if isinstance(item, Object)]


PODS = [
    item.data for case in ("crash-by-a-comma", "rollout", "canary-knative") for item in documents(case, "pods.yaml")
]
SERVICE = documents("canary-knative", "service.yaml")[0]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield value, key
        yield from places(inner)


@st.composite
def damaged(draw: st.DrawFn, whole: Any) -> Any:
    """The data with something else, or nothing, in one or two places."""
    data = copy.deepcopy(whole)
    for _ in range(draw(st.integers(1, 2))):
        holder, key = draw(st.sampled_from(list(places(data))))
        if draw(st.booleans()):
            holder[key] = draw(JSON)
        else:
            holder.pop(key)
        if not list(places(data)):
            break
    return data


def audited(service: Object, given_pods: list[Any]) -> None:
    pods = Pods()
    for pod in given_pods:
        pods.add(pod)
    found = service_rows(service, pods.of("ml", "iris"), SETTINGS)
    assert found
    for name in AUDIT:
        report = "".join(audit_format(name)(Audit(found), FormatSettings(width=80)))
        report.encode("utf-8")
        if name in ("json", "sarif"):
            json.loads(report)


@given(st.lists(st.sampled_from(PODS).flatmap(damaged), max_size=3))
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_damaged_pods(pods: list[Any]) -> None:
    audited(SERVICE, pods)


@given(damaged(SERVICE.data))
def test_a_damaged_service(data: Any) -> None:
    audited(SERVICE._replace(data=data), PODS)


@given(st.sampled_from(PODS).flatmap(damaged))
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_packed_pod_is_read_as_the_pod(pod: Any) -> None:
    packed, read = pack_pod(pod), read_pod(pod)
    unpacked = unpack_pods([packed] if packed.service else [])
    assert repr(unpacked) == repr([read] if read else [])  # `repr`, as nan is not equal to itself


@given(JSON)
def test_a_pod_may_be_any_data(data: Any) -> None:
    assert read_pod(data) is None
    read_rollout(data if isinstance(data, dict) else {}, "predictor")


FLAGS = (
    "--log-url",
    "--metadata-annotations",
    "--log-batch-size",
    "--workers",
    "--new-flag",
    "--",
    "-x",
    "--log-mode=",
)


@given(st.lists(st.sampled_from(FLAGS) | st.text(st.characters(codec=None), max_size=6), max_size=8))
def test_any_arguments(args: list[str]) -> None:
    pod = copy.deepcopy(PODS[0])
    next(item for item in pod["spec"]["containers"] if item["name"] == AGENT_CONTAINER)["args"] = args
    audited(SERVICE, [pod])


@pytest.mark.parametrize("key", [SERVICE_LABEL, COMPONENT_LABEL])
def test_a_pod_without_its_labels_belongs_to_nothing(key: str) -> None:
    pod = copy.deepcopy(PODS[0])
    del pod["metadata"]["labels"][key]
    pods = Pods()
    pods.add(pod)
    assert service_rows(SERVICE, pods.of("ml", "iris"), SETTINGS)[0].pods == 0


@pytest.mark.parametrize(
    "change",
    [{"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}}, {"status": {"phase": "Failed"}}],
)
def test_what_has_ended_does_not_run(change: dict[str, Any]) -> None:
    pod = copy.deepcopy(PODS[0])
    for key, value in change.items():
        pod[key] |= value
    assert read_pod(PODS[0]) is not None
    assert read_pod(pod) is None


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("kserve/agent:v0.16.0", "0.16.0"),
        ("registry:5000/kserve/agent:0.15.2", "0.15.2"),
        ("registry:5000/kserve/agent:v0.18.0@sha256:00", "0.18.0"),
        ("registry:5000/kserve/agent", None),
        ("kserve/agent:latest", None),
        ("kserve/agent:v99.0.0", None),
        ("kserve/agent:next", None),
        ("", None),
    ],
)
def test_the_release_of_an_image(image: str, expected: str | None) -> None:
    release = image_release(image)
    assert (release and str(release)) == expected


SPECIAL = st.text(st.sampled_from(',="\n$()\0 %x'), max_size=4)


@given(SPECIAL, SPECIAL, SPECIAL, SPECIAL, st.sampled_from([1, 2, 255, 128, None]), st.booleans())
def test_no_value_of_an_annotation_is_reported(a: str, b: str, c: str, d: str, code: int | None, again: bool) -> None:
    secret, declared = f"{a}Zq9Xw{b}", f"{c}Zq9Xw{d}"
    pod, service = copy.deepcopy(PODS[0]), copy.deepcopy(SERVICE.data)
    service["metadata"]["annotations"]["example.com/team"] = declared
    pod["metadata"]["annotations"]["example.com/team"] = secret
    agent = next(item for item in pod["spec"]["containers"] if item["name"] == AGENT_CONTAINER)
    if again:
        place = agent["args"].index("--metadata-annotations") + 1
        agent["args"][place] = f"example.com/team={secret}"
    (status,) = pod["status"]["containerStatuses"]
    status["lastState"] = {"terminated": {"exitCode": code}}
    pods = Pods()
    pods.add(pod)
    found = service_rows(SERVICE._replace(data=service), pods.of("ml", "iris"), SETTINGS)
    for name in ("text", "csv", "markdown"):
        assert "Zq9Xw" not in "".join(audit_format(name)(Audit(found), FormatSettings()))
