"""The KServe release that a cluster runs. It is found by the tags of images, because nothing else reports it."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.keypath import mappings_at, string_at
from isvclog.kserve.apis.releases import NEWEST, Release, image_tag, nearest_release
from isvclog.records import NamedTuple

_TAG = re.compile(r"v?([0-9]{1,2})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?(?![0-9.])(.*)")
_IMAGE_KEYS = ("agent", "logger")

FROM_CLUSTER = "from the cluster"
"""The `source` of a release that the cluster reports."""


class KnownRelease(NamedTuple):
    """A release and its origin; `exact` is False if it is only the nearest release that isvclog knows.

    `source` names the origin in a few words.
    """

    release: Release
    origin: str
    exact: bool = True
    source: str = FROM_CLUSTER


def release_of_image(image: str) -> KnownRelease | None:
    """Find the release of an image such as `kserve/agent:v0.16.0`; None if its tag names none.

    For a release candidate, and for a release that isvclog does not know, this is the nearest known release.
    """
    written = _TAG.fullmatch(image_tag(image))
    if written is None:
        return None
    major, minor, patch, rest = written.groups()
    release = nearest_release(int(major), int(minor), None if patch is None else int(patch))
    exact = [int(number) for number in (major, minor, patch or release.patch)] == list(release) and not rest
    return KnownRelease(release, f"the image {image}", exact)


def release_of_config(config: Mapping[str, str]) -> KnownRelease | None:
    """Find the release in the tags of the agent images in the ConfigMap; None if they name none."""
    for key in _IMAGE_KEYS:
        try:
            values = json.loads(config.get(key, ""))
        except (ValueError, RecursionError):
            continue
        if known := release_of_image(string_at(values, ("image",))):
            return known
    return None


def release_of_deployment(deployment: Mapping[str, Any]) -> KnownRelease | None:
    """Find the release in the image tags of the controller's Deployment; None if they name none."""
    return next((known for image in _images(deployment) if (known := release_of_image(image))), None)


def assumed_release(fallback: Release | None) -> KnownRelease:
    """Choose the release for a cluster that reports none: `fallback`, or else the newest."""
    if fallback is not None:
        origin = "the project file, because no image tag in the cluster names a release"
        return KnownRelease(fallback, origin, source="from the project file")
    origin = "the newest one, because no image tag in the cluster names a release"
    return KnownRelease(NEWEST, origin, source="newest; see --kserve-version")


def _images(deployment: Mapping[str, Any]) -> Iterator[str]:
    """Yield the images of KServe itself; a proxy next to the manager has releases of its own."""
    for container in mappings_at(deployment, ("spec", "template", "spec", "containers")):
        image = string_at(container, ("image",))
        if image and (container.get("name") == "manager" or "kserve" in image.rpartition("/")[2]):
            yield image
