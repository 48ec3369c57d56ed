"""Values that are not known yet: rules that need them are silent, the others go on."""

from collections.abc import Sequence

import pytest

from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import NEWEST
from isvclog.lint.engine import lint_object, select_rules
from isvclog.lint.files import check_source
from isvclog.manifest import Source
from isvclog.rules.policy import Policy

MANIFEST = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
  annotations:
    example.com/team: {team}
    {more}: more
spec:
  predictor:
    minReplicas: {replicas}
    logger:
      mode: {mode}
      url: {url}
      metadataHeaders: [{header}]
      metadataAnnotations: [{key}, example.com/model]
{rest}
    model:
      modelFormat:
        name: sklearn
      storageUri: gs://bucket/model
"""
RIGHT = {
    "team": "fraud",
    "more": "example.com/model",
    "replicas": "1",
    "mode": "all",
    "url": "http://sink.ml.svc.cluster.local",
    "header": "X-Request-Id",
    "key": "example.com/team",
    "rest": "",
}
PLACEHOLDERS = ('"{{ .Values.x }}"', "${X}", "<x>", '"a-{{ .Values.x }}-${X}"')
STORAGE = '      storage: {path: a, key: "", parameters: {format: json}}\n      batchSize: 10\n      batchInterval: 1s'


def found(required: Sequence[str] = (), **values: str) -> list[str]:
    """The rules that report something, without the one about templates."""
    data = MANIFEST.format(**RIGHT | values).encode()
    settings = select_rules(Installation(NEWEST), Policy(required_annotations=tuple(required)))
    result = check_source(Source("isvc.yaml", data), lambda obj: lint_object(obj, settings))
    names = [finding.rule for finding in result.findings]
    templates = names.count("templated-manifest")
    assert templates == int(any(sign in data.decode() for sign in ("{{", "${", "<")))
    return sorted(name for name in names if name != "templated-manifest")


@pytest.mark.parametrize("field", ["team", "replicas", "mode", "url", "header", "key"])
@pytest.mark.parametrize("placeholder", PLACEHOLDERS)
def test_a_placeholder_is_no_mistake(field: str, placeholder: str) -> None:
    assert found() == []
    assert found(**{field: placeholder}) == []


@pytest.mark.parametrize("placeholder", PLACEHOLDERS)
def test_other_rules_go_on(placeholder: str) -> None:
    assert found(url=placeholder, header="x-request-id") == ["non-canonical-header"]
    assert found(team=placeholder, key="example.com/teams") == ["missing-annotation"]
    assert found(mode=placeholder, replicas='"1"') == ["refused-field"]
    assert found(replicas=placeholder, mode="All") == ["invalid-mode"]


@pytest.mark.parametrize("placeholder", PLACEHOLDERS)
def test_rules_that_need_the_value_are_silent(placeholder: str) -> None:
    assert "storage-without-blob-url" in found(rest=STORAGE)
    assert "storage-without-blob-url" not in found(rest=STORAGE, url='"{{ .Values.url }}"')
    assert found(more="example.com/x") == ["missing-annotation"]
    assert found(more=placeholder) == []
    assert found(["example.com/owner"]) == ["required-annotation"]
    assert found(["example.com/owner"], key=placeholder) == []


def test_documents_of_other_kinds_are_not_judged() -> None:
    broken = "spec:\n  run: |\n    kubectl get InferenceService\n{{- if .Values.x }}\n  image: a: b\n"
    for kind in ("kind: Task\n", "kind: ConfigMap\n", "", '# kind: InferenceService\nkind: "Job"\n'):
        result = check_source(Source("a.yaml", f"apiVersion: v1\n{kind}{broken}".encode()), lambda obj: [])
        assert (result.findings, result.objects) == ([], [])
    for kind in ("InferenceService", "List\nitems:\n- kind: InferenceService", '"InferenceService"'):
        result = check_source(Source("a.yaml", f"apiVersion: v1\nkind: {kind}\n{broken}".encode()), lambda obj: [])
        assert [finding.rule for finding in result.findings] == ["templated-manifest"]
