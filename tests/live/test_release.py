"""Releases by the tags of images: every way in which they are written, and what cannot be known."""

import json

import pytest
from live_cluster import controller

from isvclog.kserve.apis.releases import ALL_RELEASES, NEWEST, nearest_release
from isvclog.live.release import release_of_config, release_of_deployment, release_of_image


@pytest.mark.parametrize(
    ("image", "release"),
    [
        ("kserve/agent:v0.15.2", "0.15.2"),
        ("kserve/agent:0.15.2", "0.15.2"),
        ("kserve/agent:v0.15", "0.15.2"),
        ("registry.example:5000/kserve/agent:v0.16.0", "0.16.0"),
        ("kserve/agent:v0.16.0@sha256:0123456789abcdef", "0.16.0"),
    ],
)
def test_a_tag_that_tells_the_release(image: str, release: str) -> None:
    known = release_of_image(image)
    assert known is not None
    assert (str(known.release), known.exact) == (release, True)
    assert image in known.origin


@pytest.mark.parametrize(
    ("image", "release"),
    [
        ("kserve/agent:v0.16.0-rc1", "0.16.0"),
        ("example.com/kserve-agent:0.15.2-fips", "0.15.2"),
        ("kserve/agent:v0.15.9", "0.15.2"),
        ("kserve/agent:v0.99.0", str(NEWEST)),
        ("kserve/agent:v1.0.0", str(NEWEST)),
        ("kserve/agent:v0.1.0", str(ALL_RELEASES[0])),
    ],
)
def test_a_tag_that_is_near_a_release(image: str, release: str) -> None:
    known = release_of_image(image)
    assert known is not None
    assert (str(known.release), known.exact) == (release, False)


@pytest.mark.parametrize(
    "image",
    [
        "kserve/agent:latest",
        "kserve/agent",
        "registry.example:5000/kserve/agent",
        "kserve/agent@sha256:0123456789abcdef",
        "kserve/agent:sha-0a1b2c3",
        "kserve/agent:2024.10.1",
        "kserve/agent:0.15.2.1",
        "kserve/agent:15",
        "",
        ":",
    ],
)
def test_an_image_that_tells_nothing(image: str) -> None:
    assert release_of_image(image) is None


def test_the_agents_image_counts_before_the_loggers() -> None:
    agent, logger = (json.dumps({"image": f"kserve/agent:v{version}"}) for version in ("0.15.1", "0.14.0"))
    for config, release in [
        ({"agent": agent, "logger": logger}, "0.15.1"),
        ({"agent": '{"image": "kserve/agent:latest"}', "logger": logger}, "0.14.0"),
        ({"agent": "{", "logger": logger}, "0.14.0"),
        ({"agent": '["kserve/agent:v0.15.1"]', "logger": '{"image": 3}'}, None),
        ({"agent": "[" * 100_000}, None),
        ({}, None),
    ]:
        known = release_of_config(config)
        assert (str(known.release) if known else None) == release


def test_only_the_managers_image_counts() -> None:
    known = release_of_deployment(controller())
    assert known is not None
    assert str(known.release) == "0.15.2"
    for malformed in ({}, {"spec": []}, {"spec": {"template": {"spec": {"containers": [None, {"image": 3}]}}}}):
        assert release_of_deployment(malformed) is None


def test_the_nearest_release_of_one_is_itself() -> None:
    assert [nearest_release(*release) for release in ALL_RELEASES] == list(ALL_RELEASES)
