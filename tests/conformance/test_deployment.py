"""What KServe deploys, and with which runtime, against KServe's own behaviour by release (see README.md)."""

import json
from pathlib import Path
from typing import Any

import pytest

from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.apis.runtimes import read_runtime
from isvclog.kserve.apis.spec import Component, InferenceService
from isvclog.kserve.controller.deployment import Obstacle
from isvclog.kserve.controller.modes import spell_mode
from isvclog.kserve.prediction import BlockedBy, predict

HERE = Path(__file__).parent


def load(name: str) -> list[Any]:
    content = json.loads((HERE / f"{name}.json").read_text("ascii"))
    shipped, release = content["shipped_runtimes"], content.get("release")
    found = []
    for case in content["cases"]:
        runtimes = shipped if case["runtimes"] == "shipped" else case["runtimes"]
        case |= {"runtimes": runtimes, "release": case.get("release", release)}
        found.append(pytest.param(case, id=f"{case['release']}-{case['name']}"))
    return found


@pytest.mark.parametrize("case", [*load("deployment"), *load("deployment_releases")])
def test_deployment(case: dict[str, Any]) -> None:
    release = find_release(case["release"])
    installation = Installation(release, case["config"], None, tuple(map(read_runtime, case["runtimes"])), True)
    if "refused" in case["want"]:
        with pytest.raises(Rejected) as raised:
            read_service(case["isvc"], release)
        assert raised.value.message == case["want"]["refused"]
        return
    service = read_service(case["isvc"], release)
    predicted = [
        found
        for component in service.components.values()
        if (found := outcome(service, component, installation)) is not None
    ]
    assert predicted == case["want"]["components"]


def outcome(service: InferenceService, component: Component, installation: Installation) -> dict[str, Any] | None:
    """Describe a component as the measured cases do; None for a ModelMesh predictor."""
    prediction = predict(service, component, installation)
    if prediction.blocked_by is BlockedBy.NO_POD:
        return None
    mode = spell_mode(prediction.mode, installation.release)
    described: dict[str, Any] = {"component": component.name, "deployed": True, "mode": mode}
    if prediction.undeployed is not None and prediction.undeployed.obstacle is Obstacle.SAME_NAME:
        # The measured cases end before the API server, which rejects the pod.
        prediction = predict(service, component, installation, as_if_deployed=True)
    if prediction.undeployed is not None:
        return described | {"deployed": False, "error": prediction.undeployed.error}
    pod, injection = prediction.pod, prediction.injection
    assert pod is not None
    assert injection is not None
    described["pod_annotations"] = dict(pod.annotations)
    described["agent_args"] = None if injection.args is None else list(injection.args)
    if injection.args is not None:
        described["readiness_probe_env"] = injection.environment.get("SERVING_READINESS_PROBE")
    if injection.error:
        described["inject_error"] = injection.error
    if mode in ("Standard", "RawDeployment"):
        described["service_target_port"] = "9081" if pod.redirected else "8080"
    return described
