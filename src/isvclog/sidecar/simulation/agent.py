"""The agent to simulate: as the pipeline predicts it for a component, or with arguments of its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from isvclog.diagnosis.causes import diagnose
from isvclog.diagnosis.crashes import diagnose_start
from isvclog.diagnosis.model import Diagnosis
from isvclog.errors import IsvclogError, UsageError
from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.agent.startup import Startup, start
from isvclog.kserve.apis.constants import API_VERSION, PROBE_VARIABLE
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.kinds import SERVICE
from isvclog.kserve.exchange_result import ExchangeResult, ServicePreview, predict_exchange
from isvclog.kserve.prediction import start_agent
from isvclog.preview.model import Preview
from isvclog.records import NamedTuple

_PROBE = '{"tcpSocket":{"port":8080,"host":"127.0.0.1"}}'
_CREDENTIALS = ("AWS_", "AZURE_", "GOOGLE_")
_NO_LOGGER = Diagnosis(
    "its --log-url is empty", "requests are answered, nothing is logged, and nothing reports this", "give it --log-url"
)

Change = Callable[[Mapping[str, str]], dict[str, str]]
"""A function that sets and removes variables of an environment."""


class SimulatedAgent(NamedTuple):
    """An agent to simulate.

    `label` names it to a person. `startup` is None if a cluster has no agent here. `diagnosis` says why nothing is
    logged in a cluster, although an agent may run; None if all is well. `data` is the object that declares the logger,
    and `shown` the preview of it, None for an agent with arguments of its own. `component` is empty if there is none.
    """

    label: str
    startup: Startup | None
    diagnosis: Diagnosis | None
    args: Sequence[str]
    installation: Installation
    data: Mapping[str, Any]
    shown: ServicePreview | None = None
    component: str = ""

    @property
    def runs(self) -> bool:
        """True if the agent starts."""
        return self.startup is not None and self.startup.runs

    @property
    def settings(self) -> AgentSettings | None:
        """The settings in the agent's memory, None if no logger runs."""
        return self.startup.settings if self.startup else None


def default_environment(process: Mapping[str, str]) -> dict[str, str]:
    """Build the environment of an agent with arguments of its own: a valid probe, and the credentials of a process."""
    return {PROBE_VARIABLE: _PROBE} | {name: value for name, value in process.items() if name.startswith(_CREDENTIALS)}


def agent_with_arguments(
    args: Sequence[str], environment: Mapping[str, str], installation: Installation
) -> SimulatedAgent:
    """Start an agent with these arguments, as the kubelet has expanded them."""
    startup = start(args, environment, installation.release)
    diagnosis = None
    if not startup.runs:
        diagnosis = diagnose_start(startup)
    elif startup.settings is None:
        diagnosis = _NO_LOGGER
    data = service_with(startup.settings) if startup.settings else {"arguments": _pairs(args)}
    return SimulatedAgent("agent", startup, diagnosis, args, installation, data)


def agent_of_component(preview: Preview, change: Change) -> SimulatedAgent:
    """Choose the agent of a previewed component, and start it with an environment that `change` has changed.

    Raises IsvclogError if there is no service, and UsageError if several agents could be meant.
    """
    item = _only_service(preview)
    label = item.label
    if item.rejected is not None or not item.results:
        return SimulatedAgent(label, None, None, (), Installation(preview.release), item.data, item)
    result = _with_environment(_only_result(item), change)
    prediction = result.prediction
    shown = item._replace(results=(result,), silent=())
    diagnosis = diagnose(result) if prediction.blocked_by is not None else None
    component = prediction.component.name
    return SimulatedAgent(
        f"{label} {component}",
        prediction.startup,
        diagnosis,
        prediction.args,
        prediction.installation,
        item.data,
        shown,
        component,
    )


def _only_service(preview: Preview) -> ServicePreview:
    if preview.failures:
        raise IsvclogError(preview.failures[0])
    if not preview.services:
        for sentence in preview.patch_sentences("simulate"):
            raise IsvclogError(sentence)
        raise IsvclogError("no InferenceService found; name a file that has one.")
    if len(preview.services) > 1:
        labels = ", ".join(item.label for item in preview.services)
        raise UsageError(f"there are {len(preview.services)} InferenceServices: {labels}; choose one by its NAME.")
    return preview.services[0]


def _only_result(item: ServicePreview) -> ExchangeResult:
    if len(item.results) > 1:
        names = " and ".join(result.prediction.component.name for result in item.results)
        raise UsageError(f"{item.label} has loggers in {names}; choose one with --component.")
    return item.results[0]


def _with_environment(result: ExchangeResult, change: Change) -> ExchangeResult:
    prediction = result.prediction
    environment = change(prediction.environment)
    if environment == prediction.environment:
        return result
    return predict_exchange(start_agent(prediction, environment), result.exchange, result.events)


def service_with(settings: AgentSettings) -> dict[str, Any]:
    """Build an InferenceService whose agent has these settings: rules and redactions read one."""
    logger = {
        "mode": settings.mode,
        "url": settings.url.string(),
        "metadataAnnotations": list(settings.annotations),
        "metadataHeaders": list(settings.metadata_headers or ()),
    }
    return {
        "apiVersion": API_VERSION,
        "kind": SERVICE,
        "metadata": {"name": settings.service or "agent", "namespace": settings.namespace or "default"},
        "spec": {
            "predictor": {
                "annotations": dict(settings.annotations),
                "logger": logger,
                "model": {"modelFormat": {"name": "sklearn"}},
            }
        },
    }


def _pairs(args: Sequence[str]) -> list[dict[str, str]]:
    """Split arguments into what may be keys and values, so that secrets among them are recognized."""
    items = (item.partition("=") for arg in args for item in arg.split(","))
    return [{key: value} if equals else {"url": key} for key, equals, value in items]
