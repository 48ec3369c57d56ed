"""Explanations for agents that do not start."""

from collections.abc import Mapping

from isvclog.diagnosis.lineage import crashing_annotation_name
from isvclog.diagnosis.model import Diagnosis
from isvclog.kserve.agent.startup import ExitCause, Startup
from isvclog.kserve.prediction import Prediction

_LOOP = (
    "the container restarts in a loop (CrashLoopBackOff): "
    "a new revision never becomes ready, while old pods keep serving"
)


def diagnose_crash(prediction: Prediction) -> Diagnosis:
    """Explain why the agent does not start. The prediction must be one of an agent that fails."""
    startup = prediction.startup
    assert startup is not None
    assert startup.cause is not None
    if name := crashing_annotation_name(prediction):
        because, remedy = _ANNOTATION_PROBLEMS[startup.cause]
        remedy = f"{remedy.format(repr(name))}, or remove it from metadataAnnotations"
        return Diagnosis(f"annotation {name!r}: {because.format(_detail(startup))}", _LOOP, remedy)
    return diagnose_start(startup)


def diagnose_start(startup: Startup) -> Diagnosis:
    """Explain why an agent does not start, from its arguments alone."""
    cause, detail = startup.cause, _detail(startup)
    if cause is None:
        return Diagnosis("it prints its usage and exits", _LOOP, "leave out --help")
    if cause is ExitCause.FLAG and not startup.flag:
        return Diagnosis("it gets a flag that it does not know", _LOOP, "remove the flag, or use another agent")
    because = f"--{startup.flag}: {detail}" if cause is ExitCause.FLAG else detail
    return Diagnosis(because, _LOOP, _crash_remedy(startup))


def _detail(startup: Startup) -> str:
    """Describe the cause. The agent's message repeats a whole argument, which may contain secrets, before the cause."""
    if startup.cause is ExitCause.FLAG:
        return startup.message.rpartition(" flag: ")[2]
    return startup.cause.value if startup.cause else ""


# What is wrong with the annotation that keeps the agent from starting, and what to do with the annotation.
_ANNOTATION_PROBLEMS: Mapping[ExitCause, tuple[str, str]] = {
    ExitCause.FLAG: (
        "a double quote in the list is not valid CSV: {}",
        "write {} without double quotes, commas and line breaks",
    ),
    ExitCause.PAIR: ("a comma splits its value, and one part of it is not a key=value pair", "write {} without commas"),
    ExitCause.TOO_LONG: ("it is the longest of the annotations, which KServe passes in one argument", "shorten {}"),
    ExitCause.NUL: ("it contains a NUL character", "write {} without the NUL character"),
}
_FIELDS = {
    "metadata-headers": "metadataHeaders",
    "metadata-annotations": "metadataAnnotations",
    "log-url": "logger.url",
    "log-batch-interval": "batchInterval",
    "log-batch-size": "batchSize",
    "log-store-path": "storage.path",
    "log-store-format": "the storage's format",
    "log-marshaller-url": "marshallerUrl",
}
_REMEDIES = {
    ExitCause.PROBE: "give transformer-container, or else the first container, an httpGet or tcpSocket readiness probe",
    ExitCause.MODE: "write mode: all, request or response",
    ExitCause.URL: "write logger.url as a whole URL, http://broker.example.svc/path, and a percent sign in it as %25",
    ExitCause.SOURCE: "report this to isvclog: the source is the pod's own name",
    ExitCause.PAIR: "write the listed annotations without commas",
    ExitCause.WORKERS: "write --workers as a number above zero",
    ExitCause.STORE_FORMAT: "set the storage parameter format: json, the only format that KServe 0.16 knows",
    ExitCause.STORE_SCHEME: "write logger.url with s3://, gs:// or abfs://",
    ExitCause.STORE_CREDENTIALS: "give the storage's service account a secret with the credentials",
    ExitCause.BATCHER: "set batcher.maxBatchSize and batcher.maxLatency above 0",
}


def _crash_remedy(startup: Startup) -> str:
    assert startup.cause is not None
    field = _FIELDS.get(startup.flag, startup.flag)
    if startup.flag == "log-batch-interval":
        return "write batchInterval as numbers with units: 5s, 1m30s"
    if startup.flag == "log-batch-size":
        return "write batchSize as a small whole number"
    if startup.cause is ExitCause.TOO_LONG:
        return f"shorten {field}"
    if startup.cause is ExitCause.NUL:
        return f"remove the NUL character from {field}"
    if startup.cause is ExitCause.FLAG:
        return f"write {field} without double quotes"
    return _REMEDIES[startup.cause]
