"""Names of images, compared as registries understand them.

https://github.com/distribution/reference: without a registry, an image is one of Docker Hub.
"""

from isvclog.drift.pods import image_release
from isvclog.kserve.apis.releases import image_tag
from isvclog.records import NamedTuple

_HUB = ("docker.io", "index.docker.io", "registry-1.docker.io")


class _Image(NamedTuple):
    """The parts of an image's name; `tag` and `digest` are empty if it has none."""

    registry: str
    repository: str
    tag: str
    digest: str


def differing_part(actual: str, expected: str) -> str:
    """Return what differs between two names of an agent's image: `release`, `registry` or `image`; empty for nothing.

    A tag or digest that only one of them has makes no difference: policies add digests.
    """
    releases = image_release(actual), image_release(expected)
    if None not in releases and releases[0] != releases[1]:
        return "release"
    ours, theirs = _read(actual), _read(expected)
    if ours.registry != theirs.registry:
        return "registry"
    tags = (ours.tag, theirs.tag) if None in releases else ("", "")
    pairs = (tags, (ours.digest, theirs.digest))
    differs = ours.repository != theirs.repository or any(one and other and one != other for one, other in pairs)
    return "image" if differs else ""


def _read(image: str) -> _Image:
    name, _, digest = image.partition("@")
    tag = image_tag(image)
    name = name.removesuffix(f":{tag}") if tag else name
    first, slash, rest = name.partition("/")
    named = slash and ("." in first or ":" in first or first == "localhost")
    registry, repository = (first, rest) if named else (_HUB[0], name)
    if registry in _HUB:
        registry, repository = _HUB[0], repository if "/" in repository else f"library/{repository}"
    return _Image(registry, repository, tag, digest)
