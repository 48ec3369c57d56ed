"""What isvclog requires weighs what docs/installation.md says: a dependency that becomes much heavier is found."""

from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

MOST_MEGABYTES = 55
"""Of all that isvclog requires, without bytecode. It is 39 on Linux, and 114 with kubernetes 37."""


def required(name: str) -> set[str]:
    """Return the names of all distributions that one requires on this system, directly or not."""
    found, waiting = set[str](), [name]
    while waiting:
        for line in distribution(waiting.pop()).requires or []:
            requirement = Requirement(line)
            if requirement.name not in found and (not requirement.marker or requirement.marker.evaluate({"extra": ""})):
                found.add(requirement.name)
                waiting.append(requirement.name)
    return found


def weight(name: str) -> int:
    """Return the bytes of the files of a distribution."""
    files = [file for file in distribution(name).files or () if file.suffix != ".pyc"]
    return sum(Path(str(file.locate())).stat().st_size for file in files)


def test_what_is_required_is_light() -> None:
    weights = {name: weight(name) for name in required("isvclog")}
    heaviest = sorted(weights, key=lambda name: -weights[name])[:5]
    assert sum(weights.values()) < MOST_MEGABYTES * 1e6, {name: f"{weights[name] / 1e6:.1f} MB" for name in heaviest}
