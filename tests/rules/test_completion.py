"""Examples become whole services that validation accepts, and nothing that was written is lost."""

import pytest
from completion import complete

from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.releases import NEWEST
from isvclog.manifest import Object, Source, load
from isvclog.validate.objects import validate_object

EXAMPLES = {
    "a logger": "logger:\n  metadataHeaders: [a]\n",
    "a logger in flow style": "logger: {metadataHeaders: [a]}\n",
    "an empty logger": "logger: {}\n",
    "annotations": "metadata:\n  annotations: # theirs\n    a: b\n",
    "a name": "metadata:\n  name: mine\n",
    "a predictor": "spec:\n  predictor:\n    sklearn: {storageUri: 'gs://a/b'}\n",
    "containers": "spec:\n  predictor:\n    containers:\n    - image: a\n      name: kserve-container\n",
    "a transformer": "spec:\n  transformer:\n    logger: {mode: request}\n",
    "JSON": '{"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "spec": {"predictor": {}}}\n',
    "an anchor": (
        "metadata:\n  annotations: &all\n    a: b\n"
        "spec:\n  predictor:\n    annotations: *all\n    logger:\n      url: ''\n"
    ),
}


def read(text: str) -> Object:
    (obj,) = load(Source("example.yaml", text.encode()), ())
    assert isinstance(obj, Object)
    return obj


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=list(EXAMPLES))
def test_an_example_becomes_a_whole_service(example: str) -> None:
    obj = read(complete(example))
    assert validate_object(obj, NEWEST) == []
    service = read_service(obj.data, NEWEST)
    assert service.components["predictor"]
    assert (obj.name, obj.namespace) == ("mine" if "mine" in example else "iris", "research")


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=list(EXAMPLES))
def test_what_was_written_stays(example: str) -> None:
    rest = iter(complete(example))
    assert all(char in rest for char in example.replace("\n", "").replace(" ", ""))


def test_a_logger_gets_what_it_lacks_unless_that_is_the_point() -> None:
    logger = read(complete("logger:\n  mode: request\n")).data["spec"]["predictor"]["logger"]
    assert logger == {"mode": "request", "url": "http://sink.research.svc.cluster.local"}
    assert read(complete("logger:\n  mode: all\n", ("url",))).data["spec"]["predictor"]["logger"] == {"mode": "all"}


def test_what_cannot_be_read_stays_so() -> None:
    text = complete("spec:\n  predictor: {{ .Values.predictor }}\n")
    assert text.endswith("kind: InferenceService\nspec:\n  predictor: {{ .Values.predictor }}\n")


def test_an_ellipsis_is_a_long_text() -> None:
    annotations = read(complete('metadata:\n  annotations:\n    a: "…"\n')).data["metadata"]["annotations"]
    assert len(annotations["a"]) > 131_071
