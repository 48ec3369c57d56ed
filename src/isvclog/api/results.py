"""Results of `isvclog.api`: plain data that keeps its names and meanings.

Later releases may add fields at the end, so read fields by name.
"""

from collections.abc import Mapping
from typing import Literal

from isvclog.records import NamedTuple

DeploymentMode = Literal["Knative", "Standard", "ModelMesh", "Serverless", "RawDeployment"]
Distribution = Literal["odh", "rhoai"]

Path = tuple[str | int, ...]
"""The keys and indexes that lead from an object to a value in it."""


class TextPlace(NamedTuple):
    """A range of a text. Lines and columns count from 1, in characters; `end_column` is the first column after it.

    `source` is the file, or `<text>` for a text in memory. `document` is the number of the YAML document, from 1.
    """

    source: str
    line: int
    column: int
    end_line: int
    end_column: int
    document: int

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}"


class ServiceFinding(NamedTuple):
    """One defect that `check` found.

    `message` says what is wrong and what will happen in the cluster, `remedy` what to do; `isvclog explain RULE`
    explains the rule. `object` is `InferenceService/NAMESPACE/NAME` as far as it is known. `path` leads to the value in
    the object, and `pointer` is the same as a JSON pointer. `place` is None for an object that has no text. `fix` says
    what `isvclog lint` would write instead, and is empty if it would write nothing; a fix that is not `fix_is_safe` may
    do something else than the author intends.
    """

    severity: Literal["error", "warning", "info"]
    rule: str
    message: str
    remedy: str
    object: str
    path: Path
    pointer: str
    place: TextPlace | None
    fix: str
    fix_is_safe: bool

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else f"{self.object}: " if self.object else ""
        return f"{where}{self.severity}: {self.message} {self.remedy}".rstrip() + f" [{self.rule}]"


class NameStatus(NamedTuple):
    """The fate of one name in `metadataAnnotations` or `metadataHeaders`.

    `status` is `carried`, `overridden`, `altered`, `injected`, `filtered`, `missing` or `lost`. `reason` is one word
    for programs such as `SplitByComma`, empty where the name is carried as written; `message` says the same for people.
    `value` is what the event carries, or None. `caused_by` is the annotation whose value is the cause, if it is another
    one.
    """

    name: str
    status: str
    reason: str
    message: str
    value: str | None
    caused_by: str


class LoggedEvent(NamedTuple):
    """One CloudEvent as the sink gets it, in the binary mode of HTTP.

    `attributes` are those of CloudEvents by their names in lower case, such as `id`, `source` and `datacontenttype`,
    as written in the headers; `annotations` and `metadata` are two of them, decoded. `headers` are in the order of the
    wire. `data` is the body, and `wire` the whole HTTP request.
    """

    type: str
    url: str
    attributes: Mapping[str, str]
    annotations: Mapping[str, str]
    metadata: Mapping[str, list[str]]
    headers: tuple[tuple[str, str], ...]
    data: bytes
    wire: bytes


class StoredRecord(NamedTuple):
    """One object in blob storage, with the records of one batch.

    `data` is its text; the rows of a Parquet object are given as CSV. If `marshaller` is the URL of one, `data` is
    posted there, and the answer is stored.
    """

    bucket: str
    key: str
    format: str
    data: str
    marshaller: str


class ComponentPrediction(NamedTuple):
    """The prediction for one component: its logger, and the events of one exchange.

    `component` is `predictor`, `transformer` or `explainer`, and `canary` the name of a canary predictor, or None.
    `starts` is True if the agent runs, which it does not in a component without a logger. `sends` is True if everything
    that its mode asks for leaves the pod. Where it does not, `problem` says why, `effect` what follows and `remedy`
    what to do; `blocked_by` is one word for what stops every event, such as `crash` or `not-deployed`, and None if
    nothing does. `sink` is the URL to which the agent sends, None if there is no agent or the URL is not known.
    `pending` counts records that wait for a batch to become full.
    """

    component: str
    canary: str | None
    has_logger: bool
    deployment_mode: str
    starts: bool
    sends: bool
    blocked_by: str | None
    problem: str
    effect: str
    remedy: str
    notes: tuple[str, ...]
    sink: str | None
    events: tuple[LoggedEvent, ...]
    records: tuple[StoredRecord, ...]
    pending: int
    annotations: tuple[NameStatus, ...]
    headers: tuple[NameStatus, ...]


class ServicePrediction(NamedTuple):
    """The prediction for one InferenceService.

    `sends` is True if the cluster accepts it and each of its loggers sends everything; a service without any logger
    counts as such. `rejected` is the reason why the API server or KServe's webhook refuses it, empty if they do not;
    there are no components then. `refused` are the JSON pointers of fields outside of loggers for which kubectl rejects
    the manifest; other clients drop them, which is what the rest of the prediction assumes.
    """

    object: str
    kserve_version: str
    sends: bool
    rejected: str
    refused: tuple[str, ...]
    components: tuple[ComponentPrediction, ...]

    def component(self, name: str) -> ComponentPrediction:
        """Return the component of this name: `predictor`, `transformer` or `explainer`. Raises KeyError."""
        for each in self.components:
            if each.component == name:
                return each
        raise KeyError(name)
