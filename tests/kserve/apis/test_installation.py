"""The ConfigMap as the controller reads it, and the runtime a model runs in."""

from typing import Any

import pytest

from isvclog.kserve.apis.installation import SHIPPED, ConfigError, Installation, read_config
from isvclog.kserve.apis.releases import ALL_RELEASES, Release, find_release
from isvclog.kserve.controller.layers import disallowed_annotations, disallowed_labels
from isvclog.kserve.controller.modes import default_mode


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "unable to unmarshall inferenceService json string due to unexpected end of JSON input"),
        ("[]", "cannot unmarshal array into Go value of type v1beta1.InferenceServicesConfig"),
        (
            '{"serviceAnnotationDisallowedList": "x"}',
            "cannot unmarshal string into Go struct field "
            "InferenceServicesConfig.serviceAnnotationDisallowedList of type []string",
        ),
        ('{"serviceLabelDisallowedList": [1]}', "cannot unmarshal number into Go struct field"),
        ('{"resource": {"cpuLimit": 1}}', "ResourceConfig.resource.cpuLimit of type string"),
        ("null", "nil pointer dereference"),
    ],
)
def test_an_unreadable_list_stops_the_controller(text: str, message: str) -> None:
    installation = Installation(config={"inferenceService": text})
    for ask in (disallowed_annotations, disallowed_labels):
        with pytest.raises(ConfigError) as error:
            ask(installation)
        assert message in str(error.value)
        assert ask(installation._replace(release=find_release("0.14.1"))), "not read before 0.15.0"


@pytest.mark.parametrize(
    ("release", "text", "message"),
    [
        ("0.20.0", "{", "unable to parse deploy config json: unexpected end of JSON input"),
        ("0.20.0", "{}", "defaultDeploymentMode is required"),
        ("0.20.0", '{"defaultDeploymentMode": 1}', "struct field DeployConfig.defaultDeploymentMode of type string"),
        ("0.20.0", '{"defaultDeploymentMode": "standard"}', "Supported modes are Knative, Standard and ModelMesh"),
        ("0.15.2", '{"defaultDeploymentMode": "Standard"}', "modes are Serverless, RawDeployment and ModelMesh"),
        ("0.15.2", '{"defaultDeploymentMode": "Knative"}', "invalid deployment mode"),
        ("0.20.0", "null", "nil pointer dereference"),
    ],
)
def test_an_invalid_default_mode_stops_the_controller(release: str, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        default_mode({"deploy": text}, find_release(release))
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("release", "text", "mode"),
    [
        ("0.20.0", '{"DEFAULTDEPLOYMENTMODE": "RawDeployment"}', "Standard"),
        ("0.16.0", '{"defaultDeploymentMode": "Knative"}', "Knative"),
        ("0.15.2", '{"defaultDeploymentMode": "Serverless"}', "Knative"),
        ("0.15.2", '{"defaultDeploymentMode": "ModelMesh"}', "ModelMesh"),
    ],
)
def test_the_default_mode(release: str, text: str, mode: str) -> None:
    assert default_mode({"deploy": text}, find_release(release)) == mode


@pytest.mark.parametrize("release", ALL_RELEASES, ids=str)
def test_every_release_reads_the_default_config(release: Release) -> None:
    assert default_mode(SHIPPED, release) == "Knative"
    assert "kubectl.kubernetes.io/last-applied-configuration" in disallowed_annotations(Installation(release))
    assert disallowed_labels(Installation(release)) == {"networking.knative.dev/visibility"}


@pytest.mark.parametrize("data", [{"data": {"logger": {}}}, {"data": ["x"]}, {"data": "x"}])
def test_a_configmap_contains_only_strings(data: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        read_config(data)
