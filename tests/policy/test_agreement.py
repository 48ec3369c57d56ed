"""Policies and lint agree about every manifest of the rules' tests and about random services.

`disagreements.txt` lists what they differ on, with the reason above: `FILE SIDE RULE`, where the side reports the rule.
"""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from policies import Agreement
from random_services import random_service

from isvclog.kserve.apis.releases import NEWEST, find_release
from oracles.admission.services import services_of

FOLDER = Path(__file__).parent
RULES = FOLDER.parent / "rules"
MANIFESTS = sorted(path for path in RULES.glob("*/*.yaml") if path.name.startswith(("flagged", "clean")))
OF_THE_BINDING = {
    "unsendable-annotation/flagged.yaml lint unsendable-annotation",  # it cuts strings at a NUL character
    "unlogged-canary/flagged.yaml lint unlogged-canary",  # the schema of the CustomResourceDefinition rejects it
}
LEFT = {
    "invalid-annotation-key/flagged.yaml",  # lint makes one key of `key,`
    "oversized-argument/flagged.yaml",  # a name of 131,072 bytes is no ordinary one
}
"""Manifests with a safe fix of lint that no policy makes."""
FEW, MANY = 60, 5_000
LISTED = ("pod-resources",)
"""The rule that lint reports without a logger, too: no policy is asked about such a service."""


@cache
def agreement(version: str) -> Agreement:
    return Agreement(find_release(version) if version else NEWEST)


def version_of(path: Path) -> str:
    """The release that the manifest, or the flagged one it is the clean one of, is linted for."""
    flagged = path.with_name(path.name.replace("clean", "flagged"))
    text = (flagged if flagged.exists() else path).read_text(encoding="utf-8")
    found = re.search(r"^# isvclog lint .*--kserve-version (\S+)", text, re.MULTILINE)
    return found[1] if found else ""


@cache
def differences() -> set[str]:
    """Compare all manifests, each for its release."""
    return {
        f"{path.relative_to(RULES).as_posix()} {side} {rule}"
        for path in MANIFESTS
        for obj in services_of(path.name, path.read_bytes())
        for rule, side in agreement(version_of(path)).compare(obj).items()
    }


def known() -> set[str]:
    lines = (FOLDER / "disagreements.txt").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def test_they_agree_about_the_manifests_of_all_rules() -> None:
    assert differences() == known()


def test_a_real_server_agrees_as_well() -> None:
    """What a kube-apiserver said, recorded by `oracles/admission`; the tables of other releases were not asked."""
    measured = json.loads((FOLDER / "measured.json").read_text(encoding="utf-8"))
    assert measured["counts"]["agreed"] > 1_000
    assert set(measured["differences"]) <= known()
    assert known() - set(measured["differences"]) == OF_THE_BINDING
    assert min(measured["largest"].values()) >= 400
    assert measured["largest for sizes"] == {
        "bytes of a listed value": 260_000,
        "listed annotations": 5_000,
        "listed headers": 50_000,
        "bytes of the URL": 1_400_000,
    }
    assert measured["changes of a wrong service"] == {"labels": 200, "annotations": 422, "spec": 422}
    fixes = measured["fixes"]
    assert fixes["counts"]["changed"] >= 10
    assert set(fixes["left"]) == LEFT


def test_every_exported_rule_is_tried() -> None:
    """Each of them flags a manifest that lint flags, too."""
    assert differences()
    versions = {version_of(path) for path in MANIFESTS}
    tried = {rule for version in versions for rule in agreement(version).agreed}
    assert tried == {rule for version in versions for rule in agreement(version).rules}


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
def test_they_agree_about_random_services(count: int, request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("long") and "long" not in request.config.getoption("-m"):
        pytest.skip("takes some minutes: select it with -m long")
    compared = Agreement()
    different = 0
    for seed in range(count):
        (obj,) = services_of("random.yaml", json.dumps(random_service(seed)).encode())
        different += len(compared.compare(obj).keys() - set(LISTED))
    agreed = sum(compared.agreed.values())
    assert compared.services == count
    assert agreed > 5 * count
    assert different <= agreed / 500
