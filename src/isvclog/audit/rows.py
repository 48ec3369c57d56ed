"""The rows of one InferenceService: the findings of lint, the prediction, and what its pods run."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from isvclog.audit.differences import findings_of
from isvclog.audit.model import Row
from isvclog.drift import (
    ABSENCES,
    Comparison,
    ComponentState,
    Difference,
    KnownFacts,
    RunningPod,
    compare,
    read_rollout,
)
from isvclog.filenames import live_name
from isvclog.findings import Finding, shorten_text
from isvclog.keypath import string_at
from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.spec import NOTHING
from isvclog.kserve.apis.status import read_shortage
from isvclog.kserve.prediction import Prediction, predict
from isvclog.kserve.webhook.inject import listed_keys
from isvclog.lint.engine import LintSettings, lint_object
from isvclog.manifest import Object, Source
from isvclog.records import NamedTuple
from isvclog.redact.gate import Redaction, redaction_for
from isvclog.rules.recovery import recover_service
from isvclog.suppressions import Suppressions

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class RowSettings(NamedTuple):
    """The rules of an audit with the facts of the installation, and the name of the cluster (empty for a single one).

    Findings that `suppressions` match are left out of the rows. `config_known` is True if the installation's ConfigMap
    is the cluster's; otherwise values from it are unknown. The agents that run are unknown unless `pods_known`. Secrets
    are masked in the rows, unless `reveal` is true.
    """

    lint: LintSettings
    context: str = ""
    suppressions: Suppressions | None = None
    config_known: bool = True
    pods_known: bool = True
    reveal: bool = False


def service_rows(
    obj: Object,
    pods: Iterable[RunningPod],
    settings: RowSettings,
    known: Sequence[Finding] = (),
    refusals: Mapping[str, str] = NOTHING,
) -> list[Row]:
    """Build a row for each component of an InferenceService, in KServe's order.

    `pods` are the pods of the service, of any component. `known` are findings in addition to those of lint. `refusals`
    have the words with which the API server refuses pods, by component. A service that cannot be read gets one row
    without a component.

    A finding about one component is in the row of that component. Any other finding is in the first row with a logger,
    or else in the first row. So every finding is in exactly one row, and a sum over the rows counts it once.
    """
    pods = list(pods)
    gate = redaction_for(settings.reveal, [obj.data, *(pod.agent for pod in pods), *(pod.annotations for pod in pods)])
    rows = _rows(obj, pods, settings, known, refusals, gate)
    return [_shown(_reported(row, obj, settings), gate) for row in rows]


def _rows(
    obj: Object,
    pods: Sequence[RunningPod],
    settings: RowSettings,
    known: Sequence[Finding],
    refusals: Mapping[str, str],
    gate: Redaction,
) -> list[Row]:
    found = [*lint_object(obj, settings.lint), *known]
    service, _ = recover_service(obj.data, settings.lint.installation.release)
    if service is None:
        note = "the service cannot be read"
        return [Row(settings.context, obj.namespace, obj.name, "", findings=tuple(found), note=note, uid=_uid(obj))]
    predictions = [predict(service, component, settings.lint.installation) for component in service.components.values()]
    names = [prediction.component.name for prediction in predictions]
    first = next((p.component.name for p in predictions if p.wants_logger), names[0])
    own: dict[str, list[Finding]] = {name: [] for name in names}
    for finding in found:
        own[_component(finding, names) or first].append(finding)
    return [
        _row(obj, each, _compare(obj, each, pods, settings, refusals, gate), own[each.component.name], settings)
        for each in predictions
    ]


def _compare(
    obj: Object,
    prediction: Prediction,
    pods: Sequence[RunningPod],
    settings: RowSettings,
    refusals: Mapping[str, str],
    gate: Redaction,
) -> Comparison:
    """Compare the pods of a component with its prediction, as far as they are known.

    Secrets in the words of others, of which findings are made, are masked here: outside of quotation marks, too.
    """
    name = prediction.component.name
    has_pods = not settings.pods_known or any(pod.component == name for pod in pods)
    shortage = read_shortage(obj.data, name, has_pods=has_pods, refusal=refusals.get(name, ""))
    known = KnownFacts(config=settings.config_known)
    compared = compare(prediction, pods, read_rollout(obj.data, name), known, shortage)
    differences = (_shown_words(each, gate) if each.cause in ABSENCES else each for each in compared.differences)
    compared = compared._replace(differences=tuple(differences))
    if settings.pods_known or not prediction.wants_logger or compared.differences:
        return compared
    return Comparison(ComponentState.UNKNOWN, note="no permission to read its pods")


def _component(finding: Finding, names: Sequence[str]) -> str:
    """Find the component of a finding by its path; canaries are predictors. Empty means the whole service."""
    path = finding.path[1:] if finding.path[:1] == ("spec",) else finding.path
    place = c.PREDICTOR if path[:1] == ("canary",) else path[0] if path else ""
    return str(place) if place in names else ""


def _row(
    obj: Object, prediction: Prediction, compared: Comparison, findings: Sequence[Finding], settings: RowSettings
) -> Row:
    name = prediction.component.name
    differing = findings_of(obj, name, compared.differences, settings.lint.selected)
    return Row(
        settings.context,
        obj.namespace,
        obj.name,
        name,
        logger=prediction.wants_logger,
        sink=_sink(prediction, settings.config_known),
        mode=_mode(prediction),
        keys=tuple(_keys(prediction)),
        state=compared.state,
        pods=compared.pods if settings.pods_known else None,
        findings=(*findings, *differing),
        differences=compared.differences,
        note=compared.note,
        uid=_uid(obj),
    )


def _uid(obj: Object) -> str:
    """Return the UID of the service if it has the form that API servers give it: such a text is no secret."""
    uid = string_at(obj.data, ("metadata", "uid"))
    return uid if _UUID.fullmatch(uid) else ""


def _sink(prediction: Prediction, config_known: bool) -> str:
    """Return the URL that the agent gets, before the kubelet replaces variables in it; empty if it is unknown."""
    declared = prediction.logger.url if prediction.logger else None
    if not prediction.wants_logger or (declared is None and not config_known):
        return ""
    args = prediction.injection.args if prediction.injection else None
    if args and "--log-url" in args:
        return args[args.index("--log-url") + 1]
    return declared or ""


def _reported(row: Row, obj: Object, settings: RowSettings) -> Row:
    """Remove suppressed findings from a row, and name the cluster in the others if there are several."""
    findings: Sequence[Finding] = row.findings
    if settings.suppressions:
        findings, _ = settings.suppressions.apply(Source(obj.file, b""), findings, {obj.label})
    if settings.context:
        place = live_name(f"{settings.context}/{row.namespace}", row.name)
        findings = [finding._replace(file=place) for finding in findings]
    return row._replace(findings=tuple(findings))


def _shown(row: Row, gate: Redaction) -> Row:
    """Mask secrets in a row."""
    return row._replace(
        context=gate.text(row.context),
        namespace=gate.text(row.namespace),
        name=gate.text(row.name),
        sink=gate.value("url", row.sink),
        mode=gate.text(row.mode),
        keys=tuple(gate.value("", key) for key in row.keys),
        findings=tuple(map(gate.finding, row.findings)),
        differences=tuple(_shown_difference(difference, gate) for difference in row.differences),
        note=gate.sentence(row.note),
    )


def _shown_words(difference: Difference, gate: Redaction) -> Difference:
    """Mask secrets in the words of a cluster, and shorten them."""
    return difference._replace(detail=shorten_text(gate.text(difference.detail)))


def _shown_difference(difference: Difference, gate: Redaction) -> Difference:
    return difference._replace(
        revision=gate.text(difference.revision),
        keys=tuple(map(gate.text, difference.keys)),
        detail=gate.sentence(difference.detail),
        advice=gate.sentence(difference.advice),
    )


def _mode(prediction: Prediction) -> str:
    if not prediction.wants_logger:
        return ""
    declared = prediction.logger.mode if prediction.logger else "all"
    return prediction.pod.annotations.get(c.MODE, declared) if prediction.pod else declared


def _keys(prediction: Prediction) -> Iterator[str]:
    if prediction.wants_logger and prediction.pod:
        yield from dict.fromkeys(listed_keys(prediction.pod.annotations))
    elif prediction.logger:
        yield from dict.fromkeys(prediction.logger.metadata_annotations or ())
