"""Previews of services: what is asked for, and what is predicted."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from isvclog.diagnosis.lineage import FORWARDED_BY_PYTHON
from isvclog.errors import IsvclogError, UsageError
from isvclog.findings import enumerated
from isvclog.keypath import KeyPath
from isvclog.kserve.agent.http_exchange import Request
from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.constants import API_VERSION, PREDICTOR, TRANSFORMER
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.spec import Component, InferenceService
from isvclog.kserve.apis.usual_fields import has_usual_fields
from isvclog.kserve.exchange_result import Exchange, ServicePreview, predict_exchange
from isvclog.kserve.golang.http import canonical_header
from isvclog.kserve.logger.events import REQUEST, RESPONSE
from isvclog.kserve.prediction import Prediction, apply_shortage, predict
from isvclog.kserve.sample_exchange import build_answer, build_sample
from isvclog.manifest import Object, Source
from isvclog.preview.inputs import PreviewInputs, inputs_of, read_inputs
from isvclog.records import NamedTuple


class PreviewRequest(NamedTuple):
    """The options of a preview.

    `component` is None for all components. `canary` is the name of a canary predictor, which is shown instead. `body`
    and `answer` replace those of the sample. `headers` are added to its headers and replace those with the same names.
    `with_canaries` adds the canary predictors to the components.
    """

    component: str | None = None
    canary: str | None = None
    with_canaries: bool = False
    events: str = "all"
    body: bytes | None = None
    answer: bytes | None = None
    status: int = 200
    headers: Sequence[tuple[str, str]] = ()
    new_id: Callable[[], str] = str
    """A function that creates the event id for a request that has none; each component creates its own."""
    time_ns: int = 0

    @property
    def given(self) -> frozenset[str]:
        """The types of events whose body is given here."""
        bodies = ((REQUEST, self.body), (RESPONSE, self.answer))
        return frozenset(kind for kind, body in bodies if body is not None)


class Preview(NamedTuple):
    """The previews of some services for one release.

    `failures` are sentences about what could not be read, and `patches` the files that are only patches, with the
    folders of their kustomizations. `given` are the types of events whose body the user gave.
    """

    services: Sequence[ServicePreview]
    release: Release
    failures: Sequence[str] = ()
    given: frozenset[str] = frozenset()
    patches: Mapping[str, str] = MappingProxyType({})

    def patch_sentences(self, command: str) -> list[str]:
        """Say of each file that is only a patch how a command of isvclog gets what is built."""
        if not self.patches:
            return []
        from isvclog.manifest.kustomize.overlays import build_command

        return [
            f"{file} is a kustomize patch and no whole service; to see what is built: {build_command(folder, command)}"
            for file, folder in self.patches.items()
        ]

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to show although everything could be read."""
        return not (self.services or self.failures)

    @property
    def exit_code(self) -> int:
        """0 if every logger would send its events, 3 if something cannot be read.

        1 if a logger would not or may not, or has a field for which kubectl rejects the manifest.
        """
        if self.failures:
            return IsvclogError.exit_code
        return int(not all(service.sends and not service.is_refused for service in self.services))

    def about(self, component: str | None) -> "Preview":
        """Leave out the services without this component; None leaves out none.

        Raise UsageError, with the components that exist, if no service has it.
        """
        if component is None or not self.services:
            return self
        kept = [item for item in self.services if item.shows_component]
        if not kept:
            known = ", ".join(self._components()) or "none"
            raise UsageError(f"there is no {component} in the given services; their components: {known}.")
        return self._replace(services=kept)

    def _components(self) -> list[str]:
        """List the names of all components, each once."""
        services = [item.service for item in self.services if item.service]
        return list(dict.fromkeys(name for service in services for name in service.components))


def preview_files(paths: Sequence[str], name: str | None, known: Installation, request: PreviewRequest) -> Preview:
    """Preview the services in files that are called `name`, or all if it is None.

    Other manifests in the files add to the `known` facts about the installation. Raise UsageError if there is no such
    service, and IsvclogError for an invalid ConfigMap.
    """
    return _preview_inputs(read_inputs(paths), name, known, request)


def preview_source(source: Source, name: str | None, known: Installation, request: PreviewRequest) -> Preview:
    """Preview the services in a text as `preview_files` does in files."""
    return _preview_inputs(inputs_of(source), name, known, request)


def preview_variants(
    variants: Sequence[tuple[Source, str]], name: str | None, known: Installation, request: PreviewRequest
) -> Preview:
    """Preview the services of a chart in each of its variants: a rendered text, and the values file that makes it.

    Services that some variants have alike are shown once. Raise UsageError if no variant has a service called `name`.
    """
    previews: list[Preview] = []
    alike: dict[str, tuple[ServicePreview, list[str]]] = {}
    for source, values in variants:
        with suppress(UsageError):
            previews.append(preview_source(source, name, known, request))
            for item in previews[-1].services:
                alike.setdefault(repr(item.data), (item, []))[1].append(values)
    if not previews:
        return preview_source(variants[0][0], name, known, request)  # which says what there is
    failures = dict.fromkeys(failure for preview in previews for failure in preview.failures)
    services = [item._replace(notes=(f"with {enumerated(files)}", *item.notes)) for item, files in alike.values()]
    return previews[0]._replace(services=services, failures=list(failures))


def _preview_inputs(inputs: PreviewInputs, name: str | None, known: Installation, request: PreviewRequest) -> Preview:
    chosen = inputs.choose(name) if inputs.services or not inputs.failures else []
    return preview_chosen(inputs, chosen, known, request)


def preview_chosen(
    inputs: PreviewInputs, chosen: Sequence[Object], known: Installation, request: PreviewRequest
) -> Preview:
    """Preview services that are chosen from manifests, which may add to the `known` facts about the installation."""
    installation = inputs.installation(known)
    services = [preview_written(item, installation, request) for item in chosen]
    return Preview(services, installation.release, inputs.failures, request.given, inputs.patches)


def preview_written(item: Object, installation: Installation, request: PreviewRequest) -> ServicePreview:
    """Preview a service as a file has it: values with a placeholder are not known."""
    if not item.may_have_placeholders:
        return preview_service(item, installation, request)
    from isvclog.validate.placeholders import filled_twice, unknown_paths

    unknown = unknown_paths(item)
    if not unknown:
        return preview_service(item, installation, request)
    ids: list[str] = []

    def new_id() -> str:
        ids.append(request.new_id())
        return ids[-1]

    one, two = filled_twice(item, installation.release)
    first = preview_service(one, installation, request._replace(new_id=new_id))
    same_ids = iter(ids)
    second = preview_service(two, installation, request._replace(new_id=lambda: next(same_ids, "")))
    return first._replace(label=item.label, data=item.data, unknown=unknown, other=second)


def preview_service(
    item: Object, installation: Installation, request: PreviewRequest, refusals: Mapping[str, str] | None = None
) -> ServicePreview:
    """Predict one exchange through every logger of a service, or of the component that `request` names.

    If the API server would reject the service, the result has the rejection and its position. `refusals` are given for
    a service of a cluster, whose status counts then: the words with which the API server refuses the pods of some
    components.
    """
    try:
        service = read_service(item.data, installation.release)
    except Rejected as rejected:
        span = item.span(rejected.path)
        return ServicePreview(
            item.label, item.file, rejected=rejected, rejected_at=span[:2] if span.exists else None, data=item.data
        )
    parts = _parts(service, request)
    predictions = [predict(service, part, installation) for part in parts]
    notes: list[str] = []
    if refusals is not None:
        predictions, notes = _as_reported(predictions, item.data, refusals)
    silent = tuple(prediction.component for prediction in predictions if not prediction.wants_logger)
    return ServicePreview(
        item.label,
        item.file,
        service,
        results=tuple(
            predict_exchange(prediction, _exchange(service, prediction.component, request), request.events)
            for prediction in predictions
            if prediction.wants_logger
        ),
        silent=silent,
        misspelled=_misspelled(item.data) if silent else {},
        refused=_refused(item, installation.release),
        notes=tuple(notes),
        data=item.data,
    )


def _misspelled(data: Mapping[str, Any]) -> Mapping[str, str]:
    from isvclog.validate.places import misspelled_loggers  # most components have a logger

    return misspelled_loggers(data)


def _refused(item: Object, release: Release) -> tuple[KeyPath, ...]:
    """List the fields outside of loggers that kubectl rejects: most services, and those of a cluster, have none."""
    if item.is_live or item.api_version != API_VERSION or has_usual_fields(item.data, release):
        return ()
    from isvclog.findings import Severity
    from isvclog.validate.places import misplaced
    from isvclog.validate.refused import refused_fields

    found = [*misplaced(item.data), *refused_fields(item.data, release, Severity.WARNING, (), requires_all=False)]
    return tuple(dict.fromkeys(issue.path for _, issue in found))


def _as_reported(
    predictions: Sequence[Prediction], data: Mapping[str, Any], refusals: Mapping[str, str]
) -> tuple[list[Prediction], list[str]]:
    """Apply what the cluster reports about the pods of components; also return notes about what changes nothing."""
    from isvclog.kserve.apis.status import Shortage, is_ready, read_shortage

    applied, notes = list(predictions), []
    for index, prediction in enumerate(predictions):
        name = prediction.component.name
        shortage = read_shortage(data, name, has_pods=False, refusal=refusals.get(name, ""))
        # Canaries have no status of their own, and what is predicted says what to change.
        if shortage is None or prediction.component.canary or prediction.undeployed or not prediction.wants_logger:
            continue
        if shortage.kind is Shortage.UNREADY:
            notes.append(f"KServe reports that the {name} is not ready: {shortage.message}")
        elif shortage.kind is not Shortage.MODEL or not is_ready(data):  # else an older revision serves
            applied[index] = apply_shortage(prediction, shortage)
    return applied, notes


def _parts(service: InferenceService, request: PreviewRequest) -> list[Component]:
    """Select the components to show. Raise UsageError, with the canaries that exist, for a canary that does not."""
    if request.canary is None:
        canaries = service.canaries.values() if request.with_canaries else ()
        return [part for part in (*service.components.values(), *canaries) if request.component in (None, part.name)]
    if request.canary not in service.canaries:
        known = ", ".join(service.canaries) or "none"
        raise UsageError(f"{service.name} has no canary {request.canary[:63]!a}; its canaries: {known}.")
    return [service.canaries[request.canary]]


def _exchange(service: InferenceService, component: Component, options: PreviewRequest) -> Exchange:
    """Build the exchange with a component: the sample of its protocol, changed by the options."""
    request, response = build_sample(service)
    request = request._replace(body=request.body if options.body is None else options.body)
    if options.answer is None and not request.http2:
        response = build_answer(request.body, response)
    answer = response.body if options.answer is None else options.answer
    return Exchange(
        _with_headers(request, _forwarded(service, component, options.headers)),
        response._replace(status=options.status, body=answer),
        options.new_id(),
        options.time_ns,
    )


def _forwarded(
    service: InferenceService, component: Component, headers: Sequence[tuple[str, str]]
) -> Sequence[tuple[str, str]]:
    """Return the headers of a client's request that reach a component.

    The predictor's requests come from the transformer, if there is one, and a KServe transformer forwards few headers.
    """
    if component.name != PREDICTOR or TRANSFORMER not in service.components:
        return headers
    return [header for header in headers if canonical_header(header[0]) in FORWARDED_BY_PYTHON]


def _with_headers(request: Request, added: Sequence[tuple[str, str]]) -> Request:
    """Add headers to a request, in place of those with the same names, and the length of its body."""
    names = {name.lower() for name, _ in added}
    headers = [header for header in request.headers if header[0].lower() not in names]
    headers += added
    if names.isdisjoint(("content-length", "transfer-encoding")):
        headers.append(("content-length" if request.http2 else "Content-Length", str(len(request.body))))
    return request._replace(headers=headers)
