"""The suites expect what the policies do, as far as CEL is evaluated here."""

from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from policies import Evaluated
from ruamel.yaml import YAML

from isvclog.cli.main import main
from isvclog.kserve.agent.startup import MAX_ARGUMENT_BYTES
from isvclog.kserve.apis.releases import NEWEST
from isvclog.policy.documents import PolicyDocument
from isvclog.policy.export import export_policies
from isvclog.policy.model import PolicyTarget
from isvclog.policy.suites import SUITES, suite
from isvclog.rules.registry import all_rules
from oracles.admission.services import LISTS

EVERY = frozenset(all_rules())
TARGET = PolicyTarget(NEWEST, LISTS)
LEAST = 80
"""Services of a suite."""
LONG = "oversized-argument-wrong"


def files_of(engine: str) -> Mapping[str, list[Any]]:
    documents = list(export_policies(engine, TARGET, "deny", EVERY))
    files = suite(engine, documents, TARGET, EVERY)
    return {name: [document.data for document in found] for name, found in files.items()}


def is_wrong(policies: list[Any], service: Any) -> bool:
    return bool(Evaluated(map(PolicyDocument, policies)).violations(service))


def test_a_suite_for_kyverno() -> None:
    files = files_of("kyverno")
    services = {service["metadata"]["name"]: service for service in files["services.yaml"]}
    policies = {policy["metadata"]["name"]: policy for policy in files["policies.yaml"]}
    (test,) = files["kyverno-test.yaml"]
    assert len(services) == len(files["services.yaml"]) >= LEAST
    assert set(test["policies"]) | set(test["resources"]) == files.keys() - {"kyverno-test.yaml"}
    seen = set()
    for result in test["results"]:
        for name in result["resources"]:
            found = is_wrong([policies[result["policy"]]], services[name])
            assert found == (result["result"] == "fail"), (result["policy"], name)
            seen.add((result["policy"], name))
    every = set(product(policies, services))
    assert every - seen == {each for each in every if each[1] == LONG and each[0] != "isvclog-logger-sizes"}


def test_a_suite_for_gatekeeper() -> None:
    files = files_of("gatekeeper")
    (tests,) = files["suite.yaml"]
    named = {"suite.yaml"}
    for test in tests["tests"]:
        policies = [*files[test["template"]], *files[test["constraint"]]]
        named |= {test["template"], test["constraint"]}
        assert len(test["cases"]) >= LEAST
        assert (LONG in [case["name"] for case in test["cases"]]) == (test["name"] == "sizes")
        for case in test["cases"]:
            (service,) = files[case["object"]]
            (assertion,) = case["assertions"]
            assert is_wrong(policies, service) == (assertion["violations"] == "yes"), (test["name"], case["name"])
            named.add(case["object"])
    assert named == files.keys()


@pytest.mark.parametrize("engine", SUITES)
def test_only_one_service_is_large(engine: str) -> None:
    """No other policy is tested with it: an engine may not have the budget."""
    documents = [document for found in files_of(engine).values() for document in found]
    sizes = {each["metadata"]["name"]: len(str(each)) for each in documents if each["kind"] == "InferenceService"}
    assert [name for name, size in sizes.items() if size > 10_000] == [LONG]
    assert sizes[LONG] > MAX_ARGUMENT_BYTES


@pytest.mark.parametrize("engine", SUITES)
def test_a_policy_about_sizes_does_not_search_values(engine: str) -> None:
    """The cost of `matches` grows with the length of its text, and all expressions of a policy share a budget."""
    for document in export_policies(engine, TARGET, "warn", EVERY):
        text = str(document.data)
        assert "size(bytes(" not in text or ".matches(" not in text


@pytest.mark.parametrize("engine", SUITES)
def test_the_command_writes_the_files(engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "suite"
    options = ("--no-config", "--target", engine, "--select", "endless-batch", "--tests", str(folder))
    assert main(["export-policy", *options]) == 0
    captured = capsys.readouterr()
    written = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert f"wrote {len(written)} files of a suite" in captured.err
    for text in written.values():
        assert list(YAML(typ="safe", pure=True).load_all(text))
    assert main(["export-policy", *options]) == 0


def test_other_engines_have_no_suite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export-policy", "--no-config", "--target", "vap", "--tests", str(tmp_path)]) == 2
    assert "--tests is for kyverno and gatekeeper" in capsys.readouterr().err
    assert main(["export-policy", "--no-config", "--target", "kyverno", "--tests", ""]) == 2
    assert "--tests is empty" in capsys.readouterr().err
