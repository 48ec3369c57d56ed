import copy
from typing import Any

import pytest

from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.controller.rollout import causes_rollout, is_held

SERVICE: dict[str, Any] = {
    "apiVersion": "serving.kserve.io/v1beta1",
    "kind": "InferenceService",
    "metadata": {"name": "iris", "namespace": "a", "annotations": {"team": "risk"}},
    "spec": {
        "predictor": {
            "logger": {"mode": "all", "metadataAnnotations": ["team"]},
            "model": {"modelFormat": {"name": "sklearn"}},
        },
        "transformer": {"containers": [{"name": "kserve-container"}]},
    },
}


@pytest.mark.parametrize(
    ("path", "value", "mode", "expected"),
    [
        (("metadata", "annotations", "team"), "fraud", "Standard", ("predictor", "transformer")),
        (("metadata", "annotations", "team"), "fraud", "ModelMesh", ("transformer",)),
        (("metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"), "{}", "Standard", ()),
        (("spec", "predictor", "logger", "metadataAnnotations"), ["team", "plan"], "Standard", ("predictor",)),
        (("spec", "predictor", "logger", "batchSize"), 2, "Knative", ()),
        (("spec", "transformer", "logger"), {"mode": "all"}, "Knative", ("transformer",)),
        (("metadata", "labels"), {"a": "b"}, "Knative", ()),
    ],
)
def test_components_with_other_annotations_roll(
    path: tuple[str, ...], value: Any, mode: str, expected: tuple[str, ...]
) -> None:
    installation = Installation(mode=mode)
    data = copy.deepcopy(SERVICE)
    holder = data
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    before, after = (read_service(each, installation.release) for each in (SERVICE, data))
    assert causes_rollout(before, after, installation) == expected
    assert causes_rollout(before, before, installation) == ()


@pytest.mark.parametrize(
    ("release", "value", "held"), [("0.20", "true", True), ("0.20", "yes", False), ("0.13", "true", False)]
)
def test_a_service_can_be_held(release: str, value: str, held: bool) -> None:
    data = copy.deepcopy(SERVICE)
    data["metadata"]["annotations"]["serving.kserve.io/disable-auto-update"] = value
    known = find_release(release)
    assert is_held(read_service(data, known), known) == held
