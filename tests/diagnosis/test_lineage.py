"""What a listed key was meant to be, and which secrets a value names."""

import pytest
from services import manifest

from isvclog.diagnosis.lineage import expanded_secrets, near_annotation
from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import NEWEST
from isvclog.kserve.controller.pod import component_pod


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("example.com/Team", "example.com/team"),
        (" example.com/team", "example.com/team"),
        ("example.com/taem", "example.com/team"),
        ("example.con/team", "example.com/team"),
        ("team", "example.com/team"),
        ("example.com/owner", ""),
        ("example.com/", ""),
        ("other.org/owner", ""),
        ("logger-mode", ""),
    ],
)
def test_near_annotation(key: str, near: str) -> None:
    service = read_service(manifest({"example.com/team": "research", "example.com/stage": "live"}), NEWEST)
    pod = component_pod(service, service.components["predictor"], Installation())
    assert pod is not None
    assert near_annotation(key, pod) == near


@pytest.mark.parametrize(
    ("value", "secrets"),
    [
        ("$(HF_TOKEN) $(AWS_ACCESS_KEY_ID)", ["AWS_ACCESS_KEY_ID", "HF_TOKEN"]),
        ("$$(HF_TOKEN)", []),
        ("$$$(HF_TOKEN)", ["HF_TOKEN"]),
        ("$HF_TOKEN $(HF_TOKEN $(HOST_IP)", []),
    ],
)
def test_expanded_secrets(value: str, secrets: list[str]) -> None:
    assert expanded_secrets(value) == secrets
