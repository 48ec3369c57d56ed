"""Facts about pods and Services that rules ask for one by one, whatever else is wrong."""

from typing import Any

import pytest

from isvclog.kserve.agent.startup import lacks_probe
from isvclog.kserve.apis.installation import ConfigError
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.apis.spec import Container
from isvclog.kserve.controller.containers import serving_container
from isvclog.kserve.controller.service import is_headless
from isvclog.kserve.webhook.inject import component_port

NEW, BEFORE_TRANSFORMERS, BEFORE_PORTS = map(find_release, ("0.20.0", "0.14.1", "0.7.0"))
MODEL = Container("kserve-container", (8085, 8086))
TRANSFORMER = Container("transformer-container", (8080,))
OTHER = Container("server", (5000,))


@pytest.mark.parametrize(
    ("config", "headless"),
    [
        ({}, False),
        ({"service": "{}"}, False),
        ({"service": '{"serviceClusterIPNone": false}'}, False),
        ({"service": '{"serviceClusterIPNone": true}'}, True),
    ],
)
def test_services_are_headless_if_the_config_says_so(config: dict[str, str], headless: bool) -> None:
    assert is_headless(config) is headless


@pytest.mark.parametrize("text", ["", "null", '{"serviceClusterIPNone": "true"}'])
def test_an_unreadable_config_stops_the_controller(text: str) -> None:
    with pytest.raises(ConfigError):
        is_headless({"service": text})


def test_the_transformer_serves_if_the_release_knows_it() -> None:
    assert serving_container((MODEL, TRANSFORMER), NEW) == TRANSFORMER
    assert serving_container((MODEL, TRANSFORMER), BEFORE_TRANSFORMERS) == MODEL
    assert serving_container((OTHER, MODEL), NEW) == OTHER
    assert serving_container((), NEW) is None


@pytest.mark.parametrize(
    ("containers", "release", "port"),
    [
        ((MODEL, TRANSFORMER), NEW, 8080),
        ((MODEL, TRANSFORMER), BEFORE_TRANSFORMERS, 8085),
        ((MODEL, TRANSFORMER), BEFORE_PORTS, 8080),
        ((MODEL,), NEW, 8085),
        ((MODEL,), BEFORE_PORTS, 8080),
        ((OTHER,), NEW, 8080),
        ((Container("kserve-container"),), NEW, 8080),
    ],
)
def test_the_agent_gets_one_port(containers: tuple[Container, ...], release: Any, port: int) -> None:
    assert component_port(containers, release) == port


def test_the_probe_is_checked_alone() -> None:
    probe = "SERVING_READINESS_PROBE"
    assert lacks_probe({probe: '{"tcpSocket":{"port":8080}}'}, NEW) is None
    missing = lacks_probe({}, NEW)
    assert missing is not None
    assert missing.exit == 1
    null = lacks_probe({probe: "null"}, BEFORE_TRANSFORMERS)
    assert null is not None
    assert null.exit == 2
