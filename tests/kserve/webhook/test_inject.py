"""What the pod webhook makes of a pod, beside the measured cases of tests/conformance."""

import json
from typing import Any

import pytest

from isvclog.kserve.apis.installation import SHIPPED
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.apis.spec import Container
from isvclog.kserve.webhook.environment import CREDENTIALS, SECRETS, agent_environment
from isvclog.kserve.webhook.inject import Admission, Injection, Skipped, inject

PREFIX = "internal.serving.kserve.io/"
LOGGED = {PREFIX + "logger": "true", PREFIX + "logger-mode": "all"}
HTTP = {"httpGet": {"path": "/ready", "port": 8080}}
EXEC = {"exec": {"command": ["true"]}}
TCP = {"tcpSocket": {"port": 9}}
PROBE = "SERVING_READINESS_PROBE"


def injection(
    *containers: Container, release: str = "0.20.0", annotations: dict[str, str] | None = None, knative: bool = False
) -> Injection:
    pod = Admission(LOGGED if annotations is None else annotations, {}, containers, "ml", knative=knative)
    return inject(pod, SHIPPED, None, find_release(release))


def test_why_a_pod_is_skipped() -> None:
    unwanted = injection(Container("kserve-container"), annotations={})
    taken = injection(Container("kserve-container"), Container("agent"))
    assert (unwanted.args, unwanted.skipped, unwanted.error) == (None, Skipped.NOT_WANTED, "")
    assert (taken.args, taken.skipped, taken.error) == (None, Skipped.NAME_TAKEN, "")
    assert injection(Container("kserve-container")).skipped is None


def test_a_predictor_of_several_models_starts_with_the_puller() -> None:
    puller = {
        PREFIX + "agent": "true",
        PREFIX + "configVolumeName": "modelconfig-iris-0",
        PREFIX + "configMountPath": "/mnt/configs",
        PREFIX + "modelDir": "/mnt/models",
    }
    args = injection(Container("kserve-container"), annotations=LOGGED | puller).args
    assert args is not None
    assert args[:6] == ("--enable-puller", "--config-dir", "/mnt/configs", "--model-dir", "/mnt/models", "--log-url")


BOTH = (Container("kserve-container", (1,), EXEC), Container("transformer-container", (2,), HTTP))


@pytest.mark.parametrize(
    ("release", "containers", "port"),
    [
        ("0.20.0", BOTH, "2"),
        ("0.15.0", BOTH, "2"),
        ("0.14.1", BOTH, "1"),
        ("0.14.1", BOTH[1:], "8080"),
        ("0.20.0", (Container("kserve-container", (1,)), Container("transformer-container")), "8080"),
        ("0.8.0", BOTH, "1"),
        ("0.7.0", BOTH, None),
    ],
)
def test_the_port_behind_the_agent(release: str, containers: tuple[Container, ...], port: str | None) -> None:
    args = injection(*containers, release=release).args
    assert args is not None
    assert args[-2:] == ("--component-port", port) if port else "--component-port" not in args


@pytest.mark.parametrize(
    ("release", "containers", "probe"),
    [
        ("0.20.0", BOTH, HTTP),
        ("0.20.0", BOTH[:1], "absent"),
        ("0.20.0", (Container("a"),), "absent"),
        ("0.20.0", (Container("a", probe=TCP), BOTH[0]), TCP),
        ("0.14.1", BOTH, EXEC),
        ("0.14.1", (Container("a"),), None),
        ("0.14.1", (Container("a", probe={"grpc": {"port": 1}}),), {"grpc": {"port": 1}}),
    ],
)
def test_the_readiness_probe_in_standard_mode(release: str, containers: tuple[Container, ...], probe: Any) -> None:
    environment = injection(*containers, release=release).environment
    assert (json.loads(environment[PROBE]) if PROBE in environment else "absent") == probe


def test_in_knative_mode_the_probe_is_that_of_queue_proxy() -> None:
    assert "tcpSocket" in json.loads(injection(*BOTH, knative=True).environment[PROBE])


def test_secrets_are_credentials_that_the_agent_can_see() -> None:
    assert set(SECRETS) < set(CREDENTIALS)
    assert len(CREDENTIALS) == len(set(CREDENTIALS))
    seen = agent_environment({"A": "b"}, knative=False)
    assert seen["AWS_ENDPOINT_URL"] == "<AWS_ENDPOINT_URL>"
    assert seen["A"] == "b"
