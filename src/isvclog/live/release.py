"""Which KServe release a cluster runs: by the tags of its images, as nothing else there tells it."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from isvclog.keypath import mappings_at, string_at
from isvclog.kserve.releases import NEWEST, Release, image_tag, nearest_release

_TAG = re.compile(r"v?([0-9]{1,2})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?(?![0-9.])(.*)")
_IMAGE_KEYS = ("agent", "logger")


class KnownRelease(NamedTuple):
    """A release and what it was told from; `exact` unless it only is the nearest one that isvclog knows."""

    release: Release
    origin: str
    exact: bool = True


def release_of_image(image: str) -> KnownRelease | None:
    """The release of an image such as `kserve/agent:v0.16.0`; None where its tag tells none.

    Of a release that isvclog does not know, and of candidates, the nearest one that it does.
    """
    written = _TAG.fullmatch(image_tag(image))
    if written is None:
        return None
    major, minor, patch, rest = written.groups()
    release = nearest_release(int(major), int(minor), None if patch is None else int(patch))
    exact = [int(number) for number in (major, minor, patch or release.patch)] == list(release) and not rest
    return KnownRelease(release, f"the image {image}", exact)


def release_of_config(config: Mapping[str, str]) -> KnownRelease | None:
    """What the images tell that the ConfigMap has for agents."""
    for key in _IMAGE_KEYS:
        try:
            values = json.loads(config.get(key, ""))
        except (ValueError, RecursionError):
            continue
        if told := release_of_image(string_at(values, ("image",))):
            return told
    return None


def release_of_deployment(deployment: Mapping[str, Any]) -> KnownRelease | None:
    """What the images of the controller's Deployment tell."""
    return next((told for image in _images(deployment) if (told := release_of_image(image))), None)


def assumed_release(fallback: Release | None) -> KnownRelease:
    """The release for a cluster that does not tell."""
    if fallback is not None:
        return KnownRelease(fallback, "the project file, as no image of the cluster tells one")
    return KnownRelease(NEWEST, "the newest, as no image of the cluster tells one")


def _images(deployment: Mapping[str, Any]) -> Iterator[str]:
    """The images that are KServe's; a proxy beside the manager has releases of its own."""
    for container in mappings_at(deployment, ("spec", "template", "spec", "containers")):
        image = string_at(container, ("image",))
        if image and (container.get("name") == "manager" or "kserve" in image.rpartition("/")[2]):
            yield image
