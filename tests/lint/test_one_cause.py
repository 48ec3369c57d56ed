"""What the CustomResourceDefinition and KServe's webhook both refuse is one finding, the error."""

from isvclog.kserve.apis.installation import Installation
from isvclog.lint.engine import lint_object, select_rules
from isvclog.manifest import Object, Source, load
from isvclog.rules.policy import Policy

SERVICE = b"""\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: iris}
spec:
  predictor:
    scaleMetric: qps
    storageUris: [{uri: gs://b/m, mountPath: models}]
    logger: {mode: all, url: http://sink.ml.svc.cluster.local}
    model: {modelFormat: {name: sklearn}}
"""


def test_a_value_that_both_refuse_is_reported_once() -> None:
    item = next(load(Source("a.yaml", SERVICE), ()))
    assert isinstance(item, Object)
    found = lint_object(item, select_rules(Installation(), Policy(), None))
    refused = [(finding.rule, finding.path[2:]) for finding in found if finding.rule.endswith("d-field")]
    assert refused == [("refused-field", ("scaleMetric",)), ("rejected-field", ("storageUris", 0, "mountPath"))]
