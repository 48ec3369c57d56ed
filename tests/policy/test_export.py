"""The command and its documents: what is exported for which engine, and what a message may contain."""

import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from policies import Evaluated, rules_of
from random_services import random_service
from ruamel.yaml import YAML

from isvclog.cli.main import main
from isvclog.kserve.apis.releases import ALL_RELEASES, NEWEST
from isvclog.policy.checks import exported
from isvclog.policy.documents import PolicyDocument
from isvclog.policy.export import ENGINES, default_rules, export_policies
from isvclog.policy.model import PolicyTarget
from isvclog.policy.unseen import not_exported
from isvclog.rules.registry import all_rules
from oracles.admission.services import LISTS

FOLDER = Path(__file__).parent
TARGET = PolicyTarget(NEWEST, LISTS)
EVERY = frozenset(all_rules())
SERVICE = {
    "apiVersion": "serving.kserve.io/v1beta1",
    "kind": "InferenceService",
    "metadata": {"name": "iris", "annotations": {"example.com/note": 'say "hunter2"', "team": "a"}},
    "spec": {
        "predictor": {
            "model": {"modelFormat": {"name": "sklearn"}},
            "logger": {
                "mode": "all",
                "url": "http://user:hunter2@sink.example.com/",
                "metadataAnnotations": ["example.com/note", "team", "gone", "x\n" + "y" * 200],
                "metadataHeaders": ["x-request-id"],
            },
        }
    },
}


def run(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    assert main(["export-policy", "--no-config", *args]) == 0
    captured = capsys.readouterr()
    assert not captured.err
    return captured.out


def documents(text: str) -> list[Any]:
    return list(YAML(typ="safe", pure=True).load_all(text))


@pytest.mark.parametrize("engine", ENGINES)
def test_output(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = run(capsys, "--target", engine, "--select", "non-canonical-header,endless-batch")
    path = FOLDER / f"{engine}.yaml"
    if os.environ.get("UPDATE_EXPECTED"):
        path.write_text(found, encoding="utf-8", newline="\n")
    assert found == path.read_text(encoding="utf-8")
    items = json.loads(run(capsys, "--target", engine, "--select", "non-canonical-header,endless-batch", "-o", "json"))
    assert items["items"] == documents(found)


@pytest.mark.parametrize("engine", ENGINES)
def test_text_reads_back_as_the_same_expressions(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    written = documents(run(capsys, "--target", engine))
    made = export_policies(engine, PolicyTarget(NEWEST), "warn", default_rules("warn"))
    assert written == [document.data for document in made]


@pytest.mark.parametrize("engine", ENGINES)
def test_names_are_dns_labels(engine: str) -> None:
    for document in export_policies(engine, TARGET, "warn", EVERY):
        metadata = document.data["metadata"]
        assert re.fullmatch(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", metadata["name"])
        assert metadata["labels"]["app.kubernetes.io/managed-by"] == "isvclog"


def test_messages_name_keys_and_never_values() -> None:
    messages = policies("deny").violations(SERVICE)
    assert rules_of(messages) >= {
        "crashing-annotation",
        "missing-annotation",
        "invalid-annotation-key",
        "non-canonical-header",
        "url-credentials",
    }
    assert any("`example.com/note` (predictor)" in message for message in messages)
    for message in messages:
        assert "hunter2" not in message
        assert "\n" not in message
        assert len(message) < 400


def policies(action: str, engine: str = "vap") -> Evaluated:
    return Evaluated(export_policies(engine, TARGET, action, EVERY))


@pytest.mark.parametrize("engine", ["kyverno", "gatekeeper"])
def test_engines_agree(engine: str) -> None:
    others, ours = policies("deny", engine), policies("deny")
    assert others.violations(SERVICE) == ours.violations(SERVICE) != []
    for service in map(random_service, range(20)):
        assert others.violations(service) == ours.violations(service)


@pytest.mark.parametrize("engine", ["kyverno", "kyverno-mutating"])
def test_policies_of_kyverno_are_as_its_schemas_say(engine: str) -> None:
    for document in export_policies(engine, TARGET, "warn", EVERY):
        data = document.data
        path = FOLDER / "schemas" / f"policies.kyverno.io_{data['kind']}_v1.json"
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.validate(data, schema)
        assert data["spec"].keys() <= schema["properties"]["spec"]["properties"].keys()


def test_constraints_have_the_kind_of_their_template() -> None:
    templates, constraints = [], []
    for document in export_policies("gatekeeper", TARGET, "audit", EVERY):
        (templates if document.data["kind"] == "ConstraintTemplate" else constraints).append(document.data)
    kinds = [template["spec"]["crd"]["spec"]["names"]["kind"] for template in templates]
    assert [template["metadata"]["name"] for template in templates] == [kind.lower() for kind in kinds]
    assert [constraint["kind"] for constraint in constraints] == kinds
    assert {constraint["spec"]["enforcementAction"] for constraint in constraints} == {"dryrun"}


def test_a_policy_that_fixes_has_no_action(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export-policy", "--no-config", "--target", "map", "--action", "deny"]) == 2
    assert main(["export-policy", "--no-config", "--target", "map", "--select", "endless-batch"]) == 2
    errors = capsys.readouterr().err
    assert "--action is for policies that check" in errors
    assert "no selected rule has a fix that a policy can make: choose from non-canonical-header" in errors


def test_the_page_shows_a_real_message() -> None:
    page = FOLDER.parents[1].joinpath("docs", "policies.md").read_text(encoding="utf-8")
    shown = " ".join(page.replace("\n> ", " ").replace("\\`", "`").split())
    logger = {"mode": "all", "url": "http://sink.ml.svc.cluster.local", "metadataHeaders": ["x-request-id"]}
    service = {**SERVICE, "spec": {"predictor": {"logger": logger, "model": {"modelFormat": {"name": "sklearn"}}}}}
    found = [message for message in policies("warn").violations(service) if "non-canonical-header" in message]
    assert len(found) == 1
    assert f"'isvclog-logger-headers': {found[0]}" in shown


def test_services_that_are_not_changed_pass() -> None:
    annotated = {**SERVICE["metadata"], "finalizers": ["kserve"]}  # type: ignore[dict-item]
    assert not policies("deny").violations({**SERVICE, "metadata": annotated}, old=SERVICE)
    assert not policies("deny").violations({**SERVICE, "metadata": {**annotated, "deletionTimestamp": "now"}})
    old = {**SERVICE, "spec": {"predictor": {"model": {}}}}
    assert policies("deny").violations(SERVICE, old=old)


@pytest.mark.parametrize("engine", ["vap", "kyverno", "gatekeeper"])
def test_a_new_service_is_checked_if_its_old_object_is_empty(engine: str) -> None:
    """Kyverno 1.19.1 does not have null: `kyverno test` skipped each service, because an empty object has no `spec`."""
    evaluated = policies("deny", engine)
    assert evaluated.violations(SERVICE, old={}) == evaluated.violations(SERVICE) != []


def test_failures_of_an_expression_only_matter_to_a_policy_that_rejects() -> None:
    for action, failure, mode in (("warn", "Ignore", "Warn"), ("audit", "Ignore", "Audit"), ("deny", "Fail", "Deny")):
        specs = [document.data["spec"] for document in export_policies("vap", PolicyTarget(NEWEST), action, EVERY)]
        assert {spec["failurePolicy"] for spec in specs if "failurePolicy" in spec} == {failure}
        assert {tuple(spec["validationActions"]) for spec in specs if "validationActions" in spec} == {(mode,)}


def test_a_list_with_a_secret_is_not_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / ".isvclog.yaml"
    project.write_text('allowedSinks: ["https://user:hunter2pass@sink.example.com/*"]\n', encoding="utf-8")
    assert main(["export-policy", "--target", "vap", "--config", str(project)]) == 2
    captured = capsys.readouterr()
    assert "hunter2" not in captured.out + captured.err
    assert "allowedSinks of the project file has a secret" in captured.err


def test_lists_are_parameters() -> None:
    evaluated = policies("deny")
    assert evaluated.params
    data = evaluated.params["data"]
    assert data["allowedSinks"].splitlines() == list(LISTS.allowed_sinks or ())
    assert "unapproved-sink" in rules_of(evaluated.violations(SERVICE))
    evaluated.params = {**evaluated.params, "data": {"allowedSinks": "http://sink.example.com"}}
    assert not {"unapproved-sink", "required-annotation"} & rules_of(evaluated.violations(SERVICE))


@pytest.mark.parametrize("release", ALL_RELEASES, ids=str)
def test_every_rule_is_exported_or_has_a_reason(release: Any) -> None:
    target = PolicyTarget(release, LISTS)
    written = {rule.rule for rules in exported(target).values() for rule in rules}
    reasons = [name for names in not_exported(target, EVERY).values() for name in names]
    assert len(reasons) == len(set(reasons))
    assert written | set(reasons) == EVERY
    assert not written & set(reasons)
    assert "the project file has no such list" not in not_exported(target, EVERY)


def test_a_rule_that_cannot_be_exported(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export-policy", "--no-config", "--target", "vap", "--select", "uncreated-pod"]) == 2
    assert "uncreated-pod cannot, because it depends on KServe's ConfigMap" in capsys.readouterr().err


def test_the_comment_lists_what_is_not_exported(capsys: pytest.CaptureFixture[str]) -> None:
    comment = run(capsys, "--target", "vap").partition("apiVersion")[0]
    assert all(line.startswith("#") for line in comment.splitlines())
    assert "untrusted-certificate" in comment


def test_documents_are_the_same_each_time() -> None:
    first, second = (list(export_policies("vap", TARGET, "warn", EVERY)) for _ in range(2))
    assert first == second
    assert all(isinstance(document, PolicyDocument) for document in first)
