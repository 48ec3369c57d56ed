"""InferenceServices that a program builds: checked and predicted before they are deployed.

    from isvclog.api import check, predict

    for finding in check(service):
        print(finding)

This package is for notebooks, pipelines and tests. Its names, parameters and results are stable. The functions read
nothing but what they are given, print nothing, and can be called from several threads, which take turns.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from os import PathLike
from typing import Any, Protocol, TypeAlias, Union

from isvclog.api.results import (
    ComponentPrediction,
    DeploymentMode,
    Distribution,
    LoggedEvent,
    NameStatus,
    ServiceFinding,
    ServicePrediction,
    StoredRecord,
    TextPlace,
)

__all__ = [
    "ComponentPrediction",
    "DeploymentMode",
    "Distribution",
    "LoggedEvent",
    "Manifest",
    "NameStatus",
    "SdkObject",
    "ServiceFinding",
    "ServicePrediction",
    "StoredRecord",
    "TextPlace",
    "check",
    "predict",
]


class SdkObject(Protocol):
    """An object of the Python packages kserve and kubernetes, such as V1beta1InferenceService."""

    def to_dict(self) -> Any:
        """Return the object as plain data, with the names that Python code uses."""


Manifest: TypeAlias = Union[Mapping[str, Any], str, bytes, "PathLike[str]", SdkObject]
"""One object as a dict or of the Python SDK, or a YAML or JSON text with any number of objects, or the path of a file
with such a text. A `str` is always a text, never a path."""


def check(
    obj: Manifest | Iterable[Manifest],
    *,
    kserve_version: str | None = None,
    deployment_mode: DeploymentMode | None = None,
    serving_runtimes: Iterable[Manifest] = (),
    inferenceservice_config: Manifest | None = None,
    distribution: Distribution | None = None,
    project: Manifest | None = None,
    select: Collection[str] | None = None,
    ignore: Collection[str] = (),
    reveal: bool = False,
) -> list[ServiceFinding]:
    """Find everything that goes wrong with the loggers of InferenceServices, as `isvclog lint` does.

    The findings are in the order of the objects, and in that of the text within each.

    `obj` is one manifest or several. `kserve_version` is a release such as `"0.16"`, by default the newest;
    `deployment_mode` overrides that of the service; `serving_runtimes` are ServingRuntimes, and the word `"shipped"`
    those of KServe; `inferenceservice_config` is the ConfigMap of the cluster, and `distribution` one whose ConfigMap
    is assumed. `project` is a project file (`.isvclog.yaml`), as a path, text or dict; none is searched for. `select`
    and `ignore` are names of rules. With `reveal`, texts that look like secrets are not masked as `***`.

    Raises InputError if `obj` cannot be read or has no InferenceService, UsageError for any other argument that is
    wrong, and IsvclogError for a file that cannot be read: all are IsvclogErrors, with one sentence.
    """
    from isvclog.api.checking import check_sources
    from isvclog.api.settings import Settings

    settings = Settings(
        kserve_version, deployment_mode, serving_runtimes, inferenceservice_config, distribution, project, reveal
    )
    return check_sources(obj, settings, select, ignore)


def predict(
    obj: Manifest | Iterable[Manifest],
    *,
    data: bytes | None = None,
    response: bytes | None = None,
    status: int = 200,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    event_id: str | None = None,
    time: datetime | None = None,
    kserve_version: str | None = None,
    deployment_mode: DeploymentMode | None = None,
    serving_runtimes: Iterable[Manifest] = (),
    inferenceservice_config: Manifest | None = None,
    distribution: Distribution | None = None,
    project: Manifest | None = None,
    reveal: bool = False,
) -> list[ServicePrediction]:
    """Predict the events of one exchange with each component of InferenceServices, as `isvclog preview` does.

    A ServingRuntime, a ClusterStorageContainer or the ConfigMap `inferenceservice-config` among the objects counts as
    a part of the installation.

    `data` is the body of the request and `response` that of the model's answer, by default a small sample in the
    protocol of the model; `status` is that of the answer, and `headers` are added to the request. `event_id` and `time`
    (with a time zone) replace a random id and now, so that two calls have the same result. The other parameters and the
    errors are those of `check`.
    """
    from isvclog.api.predicting import predict_sources, read_request
    from isvclog.api.settings import Settings

    settings = Settings(
        kserve_version, deployment_mode, serving_runtimes, inferenceservice_config, distribution, project, reveal
    )
    return predict_sources(obj, settings, read_request(data, response, status, headers, event_id, time))
