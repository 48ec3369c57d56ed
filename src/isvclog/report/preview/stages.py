"""The path of one logger from the manifest to the sink: a label and a sentence for each stage."""

from collections.abc import Iterator

from isvclog.findings import counted
from isvclog.kserve.agent.settings import DEFAULT_MARSHALLER_URL, AgentSettings
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.apis import constants as c
from isvclog.kserve.exchange_result import ExchangeResult
from isvclog.kserve.golang.strings import to_bytes
from isvclog.kserve.logger import dispatcher
from isvclog.kserve.logger.tls import trust_mode
from isvclog.kserve.prediction import Prediction
from isvclog.report.preview.redaction import ExchangeRedaction


def stage_lines(result: ExchangeResult, redaction: ExchangeRedaction) -> Iterator[tuple[str, str]]:
    """Yield label and sentence for every stage that the path reaches."""
    prediction = result.prediction
    for label, sentence in (*_manifest(prediction), *_pod(prediction)):
        yield label, redaction.message(sentence)
    injection, startup = prediction.injection, prediction.startup
    if injection is not None and injection.args is not None:
        sizes = [len(to_bytes(arg)) for arg in injection.args]
        yield "webhook", f"passes {len(sizes)} arguments to the agent, the longest has {max(sizes):,} bytes"
    if startup is None:
        return
    if startup.settings is None:
        yield "agent", "exits" if not startup.runs else "starts, without a logger"
        return
    names = len(startup.settings.metadata_headers or ())
    annotations = counted(len(startup.settings.annotations), "annotation")
    yield "agent", f"starts; has {annotations} and {counted(names, 'header name')}"
    yield "sink", _sink(prediction, startup.settings, redaction)
    if sentence := _tls(prediction, startup.settings):
        yield "tls", redaction.message(sentence)


def _manifest(prediction: Prediction) -> Iterator[tuple[str, str]]:
    logger = prediction.logger
    if logger is None:
        yield "manifest", "no logger block, only KServe's internal annotation"
        return
    if sentence := dropped_fields(prediction):
        yield "dropped", sentence
    headers = counted(len(logger.metadata_headers or ()), "header")
    yield "manifest", f"mode {logger.mode}, lists {counted(len(_listed(prediction)), 'annotation')} and {headers}"


def dropped_fields(prediction: Prediction) -> str:
    """Say which fields of the logger the release does not have; empty if it has all."""
    logger = prediction.logger
    if logger is None or not logger.pruned:
        return ""
    dropped = f"KServe {prediction.installation.release} has no {', '.join(map(str, logger.pruned))} in a logger"
    return f"{dropped}: kubectl rejects the manifest, other clients drop the field"


def _listed(prediction: Prediction) -> list[str]:
    """List the annotations as KServe reads them: an entry with a comma is two."""
    entries = (prediction.logger.metadata_annotations if prediction.logger else None) or ()
    return [key for entry in entries for key in entry.split(",")]


def _pod(prediction: Prediction) -> Iterator[tuple[str, str]]:
    pod = prediction.pod
    if pod is None:
        return
    listed = _listed(prediction)
    kept = sum(key in pod.annotations for key in listed)
    runtime = f"from runtime {pod.runtime.name}; " if pod.runtime else ""
    yield "pod", f"{runtime}has {kept} of {len(listed)} listed annotations"


def _sink(prediction: Prediction, settings: AgentSettings, redaction: ExchangeRedaction) -> str:
    url = redaction.url(settings.url)
    if dispatcher.choose_sink(settings) == CLOUDEVENTS:
        return f"CloudEvents by HTTP POST to {url}{_default(prediction)}"
    parts = [f"objects in {url}"]
    if settings.marshaller_url != DEFAULT_MARSHALLER_URL:
        parts.append("converted by the service at marshallerUrl")
    elif settings.store:
        parts.append(f"{settings.store.format} records")
    if settings.batch_size > 1:
        parts.append(f"{settings.batch_size:,} records in a batch")
    if settings.batch_size > 1 and settings.batch_interval_ns <= 0:
        parts.append("no batchInterval: an incomplete batch is lost when the pod stops")
    assumed = "; credentials from a secret of the pod's or the storage's service account are assumed"
    return ", ".join(parts) + (assumed if settings.store else "")


def _default(prediction: Prediction) -> str:
    if prediction.pod is None or c.SINK_URL in prediction.pod.annotations:
        return ""
    return " (no url: the ConfigMap's defaultUrl)"


def _tls(prediction: Prediction, settings: AgentSettings) -> str:
    """Describe how the sink's certificate is verified; empty if the sink does not use https.

    It is not known here whether the CA ConfigMap exists.
    """
    if settings.url.scheme != "https" or dispatcher.choose_sink(settings) != CLOUDEVENTS:
        return ""
    without = f"the sink's certificate is {trust_mode(settings, ca_found=False).value}"
    bundle = prediction.injection.ca_bundle if prediction.injection else ""
    if not bundle:
        return without
    namespace = prediction.service.namespace
    found = trust_mode(settings, ca_found=True).value
    return f"{without}, but {found} if namespace {namespace} has the ConfigMap {bundle} (caBundle)"
