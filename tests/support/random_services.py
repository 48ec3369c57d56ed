"""Random InferenceServices that the API server accepts, with what makes loggers go wrong in many places."""

from random import Random
from typing import Any

from isvclog.kserve.apis import constants as c

_KEYS = (
    "example.com/a",
    "example.com/b",
    "team",
    "autoscaling.knative.dev/target",
    "serving.knative.dev/rollout-duration",
    "modelFormat",
    "example.com/api-key",
    "owner-email",
    "internal.example.com/x",
)
_ENTRIES = (
    *_KEYS,
    "example.com/a,team",
    " team",
    "",
    "no such key",
    "Example.com/a",
    "missing",
    "x=y",
    c.LAST_APPLIED,
    c.MODE,
)
_PIECES = (
    "a",
    "b",
    "=",
    ",",
    '"',
    "\n",
    "\r\n",
    "$",
    "$$",
    "(",
    ")",
    "$(HF_TOKEN)",
    "$(NAME)",
    "%41",
    "%",
    "é",
    "\x7f",
    "x=1",
    " ",
)
_HEADERS = (
    "X-Request-Id",
    "x-request-id",
    "X-Tenant",
    "x_tenant",
    "Host",
    "host ",
    "trailer",
    "Authorization",
    "X Y",
    "A,B",
    "",
    'x"',
    "$(HOST_IP)",
    "é",
    "\x7f",
)
_URLS = (
    "http://sink.ml.svc.cluster.local",
    "http://sink:8080/in",
    "https://collector.example.com/in?token=1",
    "http://collector.example.com",
    "http://user:secret@collector.example.com/",
    "http://default-broker",
    "http://default-broker.ml.svc.cluster.local",
    "sink:8080",
    "sink/in",
    "",
    "ftp://sink",
    "http://sink:port/",
    "http://a b/",
    "http://sink/%zz",
    "HTTP://sink",
    "s3://bucket/logs",
    "S3://bucket",
    "s3a://bucket",
    "gs://bucket",
    "gs:///logs",
    "abfs://container@account.dfs.core.windows.net",
    "https://account.blob.core.windows.net/c",
    "http://$(HOST_IP)/",
    "http://sink/$(HF_TOKEN)",
)
_MODES = ("Standard", "RawDeployment", "Knative", "Serverless", "ModelMesh", "Fast")


def random_service(seed: int) -> dict[str, Any]:
    """The service of a seed, the same in every process."""
    random = Random(seed)
    spec: dict[str, Any] = {"predictor": _component(random, "predictor")}
    for name in ("transformer", "explainer"):
        if random.random() < 0.25:
            spec[name] = _component(random, name)
    metadata: dict[str, Any] = {"name": "iris", "namespace": random.choice(("ml", "ml", "ml", "kserve"))}
    if annotations := {**_annotations(random), **_switches(random)}:
        metadata["annotations"] = annotations
    return {"apiVersion": c.API_VERSION, "kind": "InferenceService", "metadata": metadata, "spec": spec}


def _value(random: Random) -> str:
    return "".join(random.choice(_PIECES) for _ in range(random.choice((0, 1, 1, 2, 3, 5))))


def _annotations(random: Random) -> dict[str, str]:
    return {key: _value(random) for key in _KEYS if random.random() < 0.4}


def _switches(random: Random) -> dict[str, str]:
    found = {}
    if random.random() < 0.4:
        found[c.DEPLOYMENT_MODE_ANNOTATION] = random.choice(_MODES)
    for key, values in (
        (c.STOP_ANNOTATION, ("true", "True", "false")),
        (c.DISABLE_UPDATE_ANNOTATION, ("true", "false")),
        (c.MODE, ("all", "request")),
        (c.LOGGER, ("true", "false")),
    ):
        if random.random() < 0.05:
            found[key] = random.choice(values)
    return found


def _component(random: Random, name: str) -> dict[str, Any]:
    component: dict[str, Any] = {}
    if name == "predictor" and random.random() < 0.7:
        component["model"] = {"modelFormat": {"name": "sklearn"}, "storageUri": "gs://bucket/model"}
    else:
        component["containers"] = [_container(random, "kserve-container")]
        if random.random() < 0.2:
            component["containers"].append(
                _container(random, random.choice(("agent", "helper", "transformer-container")))
            )
    if random.random() < 0.8:
        component["logger"] = _logger(random)
    if random.random() < 0.25:
        component["annotations"] = _annotations(random)
    if name != "explainer" and random.random() < 0.1:
        component["batcher"] = {"maxBatchSize": 8}
    if random.random() < 0.1:
        component["canaryTrafficPercent"] = random.choice((0, 10, 100))
    if random.random() < 0.05:
        component["resources"] = {"limits": {"cpu": "1"}}
    return component


def _container(random: Random, name: str) -> dict[str, Any]:
    container: dict[str, Any] = {"name": name, "image": "example.com/image"}
    if random.random() < 0.4:
        ports = random.sample((8080, 8081, 9081, 9083, 9000), random.choice((1, 1, 2)))
        container["ports"] = [{"containerPort": port} for port in ports]
        if random.random() < 0.3:
            container["ports"][-1]["name"] = "http-metrics"
    container["readinessProbe"] = {"httpGet": {"path": "/", "port": 8080}}
    return container


def _logger(random: Random) -> dict[str, Any]:
    logger: dict[str, Any] = {"mode": random.choice(c.LOG_MODES)}
    if random.random() < 0.9:
        logger["url"] = random.choice(_URLS)
    for field, entries in (("metadataAnnotations", _ENTRIES), ("metadataHeaders", _HEADERS)):
        if random.random() < 0.6:
            logger[field] = [random.choice(entries) for _ in range(random.randint(0, 4))]
    if random.random() < 0.25:
        parameters = random.choice(({}, {"format": "csv"}, {"format": "CSV"}, {"format": "json", "region": "x"}))
        logger["storage"] = {
            "path": random.choice(("logs", "")),
            "key": random.choice(("", "k")),
            "parameters": parameters,
        }
    if random.random() < 0.15:
        logger["batchSize"] = random.choice((-1, 0, 1, 100, 10_000_000))
    if random.random() < 0.15:
        logger["batchInterval"] = random.choice(("30s", "0s", "-1s", "5", "1 m", "1h30m", "", ".5h"))
    if random.random() < 0.05:
        logger["marshallerUrl"] = random.choice(("http://marshaller", "http://$(HOST_IP)"))
    return logger
