"""Previews of services from manifests, with what the other manifests say about the installation."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from isvclog.diagnosis.lineage import FORWARDED_BY_PYTHON
from isvclog.errors import UsageError
from isvclog.findings import Finding
from isvclog.kserve.apis.admission import is_service, read_service
from isvclog.kserve.apis.constants import PREDICTOR, TRANSFORMER
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.installation import Installation, is_config, read_config
from isvclog.kserve.apis.runtimes import Runtime, is_runtime, read_runtime
from isvclog.kserve.apis.spec import Component, InferenceService
from isvclog.kserve.exchange_result import Exchange, ServicePreview, predict_exchange
from isvclog.kserve.golang.http import canonical_header
from isvclog.kserve.prediction import predict
from isvclog.kserve.sample_exchange import build_sample
from isvclog.manifest import Object

KEYWORDS = (b"InferenceService", b"inferenceservice-config", b"ServingRuntime")


class PreviewInputs:
    """The contents of manifests, collected for a preview.

    These are the services to preview, documents that could not be read, and facts about the installation.
    """

    def __init__(self) -> None:
        self.services: list[Object] = []
        self.broken: list[Finding] = []
        self.config: Mapping[str, str] | None = None
        self.runtimes: list[Runtime] = []

    def add(self, items: Iterable[Object | Finding]) -> None:
        """Sort the items into services, documents that could not be read, and facts about the installation."""
        for item in items:
            if isinstance(item, Finding):
                self.broken.append(item)
            elif is_service(item.data):
                self.services.append(item)
            elif is_config(item.data):
                self.config = read_config(item.data)
            elif is_runtime(item.data):
                self.runtimes.append(read_runtime(item.data))

    def choose(self, name: str | None) -> list[Object]:
        """Select the services called `name` or `namespace/name`, or all if `name` is None.

        Raise UsageError, with the names that exist, if there is no such service.
        """
        chosen = [item for item in self.services if name in (None, item.name, f"{item.namespace}/{item.name}")]
        if name is not None and not chosen:
            names = {"/".join(part for part in (item.namespace, item.name) if part) for item in self.services}
            known = ", ".join(sorted(names)) or "none at all"
            hint = " To preview more files, repeat -f." if "/" in name or "." in name else ""
            raise UsageError(f"there is no InferenceService {name!r} in the given files; there are: {known}.{hint}")
        return chosen

    def installation(self, installation: Installation) -> Installation:
        """Add the facts from the manifests to an installation.

        A config from the manifests replaces the existing one. Runtimes that the installation already has come first.
        """
        config = installation.config if self.config is None else self.config
        return installation._replace(config=config, runtimes=(*installation.runtimes, *self.runtimes))


class PreviewRequest(NamedTuple):
    """The options of a preview.

    `component` is None for all components. `body` and `answer` replace those of the sample. `headers` are added to its
    headers and replace those with the same names.
    """

    component: str | None = None
    events: str = "all"
    body: bytes | None = None
    answer: bytes | None = None
    status: int = 200
    headers: Sequence[tuple[str, str]] = ()
    new_id: Callable[[], str] = str
    """A function that creates the event id for a request that has none; each component creates its own."""
    time_ns: int = 0


def preview_service(item: Object, installation: Installation, wanted: PreviewRequest) -> ServicePreview:
    """Predict one exchange through every logger of a service, or of the component that `wanted` names.

    If the API server would reject the service, the result has the rejection and its position.
    """
    try:
        service = read_service(item.data, installation.release)
    except Rejected as rejected:
        span = item.span(rejected.path)
        return ServicePreview(item.label, item.file, rejected=rejected, rejected_at=span[:2] if span.exists else None)
    parts = [part for part in service.components.values() if wanted.component in (None, part.name)]
    predictions = [predict(service, part, installation) for part in parts]
    return ServicePreview(
        item.label,
        item.file,
        service,
        results=tuple(
            predict_exchange(prediction, _exchange(service, prediction.component, wanted), wanted.events)
            for prediction in predictions
            if prediction.wants_logger
        ),
        silent=tuple(prediction.component for prediction in predictions if not prediction.wants_logger),
    )


def _exchange(service: InferenceService, component: Component, wanted: PreviewRequest) -> Exchange:
    request, response = build_sample(service)
    added = wanted.headers
    if component.name == PREDICTOR and TRANSFORMER in service.components:
        # What reaches the predictor comes from the transformer, and a KServe transformer passes on little.
        added = [header for header in added if canonical_header(header[0]) in FORWARDED_BY_PYTHON]
    given = {name.lower() for name, _ in added}
    body = request.body if wanted.body is None else wanted.body
    headers = [header for header in request.headers if header[0].lower() not in given]
    headers += added
    if "content-length" not in given and "transfer-encoding" not in given:
        headers.append(("content-length" if request.http2 else "Content-Length", str(len(body))))
    answer = response.body if wanted.answer is None else wanted.answer
    return Exchange(
        request._replace(headers=headers, body=body),
        response._replace(status=wanted.status, body=answer),
        wanted.new_id(),
        wanted.time_ns,
    )
