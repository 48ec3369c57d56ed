"""Stand-ins for the models of the Python packages kserve and kubernetes: the same members, without the packages.

Source: kserve/models/v1beta1_logger_spec.py of kserve 0.21.0 and kubernetes/client/models/v1_object_meta.py of
kubernetes 32.0.1, which openapi-generator wrote: `openapi_types`, `attribute_map` and `to_dict()`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class Model:
    """A model: each field is an attribute, None if it is not set."""

    attribute_map: ClassVar[Mapping[str, str]] = {}
    openapi_types: ClassVar[Mapping[str, str]] = {}

    def __init__(self, **fields: Any) -> None:
        assert fields.keys() <= self.attribute_map.keys()
        for name in self.attribute_map:
            setattr(self, name, fields.get(name))

    def to_dict(self) -> dict[str, Any]:
        """Return the fields with the names of Python, as the models do; no manifest has these."""
        return {name: _dict(getattr(self, name)) for name in self.attribute_map}


def _dict(value: Any) -> Any:
    if isinstance(value, list):
        return [_dict(item) for item in value]
    return value.to_dict() if isinstance(value, Model) else value


def _model(class_name: str, /, **names: str) -> type[Model]:
    return type(class_name, (Model,), {"attribute_map": names, "openapi_types": dict.fromkeys(names, "object")})


ObjectMeta = _model(
    "V1ObjectMeta",
    annotations="annotations",
    creation_timestamp="creationTimestamp",
    name="name",
    namespace="namespace",
)
LoggerSpec = _model(
    "V1beta1LoggerSpec",
    metadata_annotations="metadataAnnotations",
    metadata_headers="metadataHeaders",
    mode="mode",
    url="url",
)
ModelFormat = _model("V1beta1ModelFormat", name="name", version="version")
ModelSpec = _model("V1beta1ModelSpec", model_format="modelFormat", storage_uri="storageUri")
PredictorSpec = _model("V1beta1PredictorSpec", logger="logger", model="model", min_replicas="minReplicas")
ServiceSpec = _model("V1beta1InferenceServiceSpec", predictor="predictor", transformer="transformer")
Service = _model(
    "V1beta1InferenceService",
    api_version="apiVersion",
    kind="kind",
    metadata="metadata",
    spec="spec",
    status="status",
)
