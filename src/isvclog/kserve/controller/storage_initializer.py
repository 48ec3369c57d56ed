"""The key `storageInitializer` of the ConfigMap, which the controller reads for every component before it deploys it.

Source: GetStorageInitializerConfigs of pkg/apis/serving/v1beta1/configmap.go, and its callers in
components/{predictor,transformer,explainer}.go, read in 0.16.0, 0.17.0, 0.19.0 and 0.20.0. Before 0.16, only the pod
webhook read it, and needed no modelcar quantities; after 0.16.0 these may be left out.
"""

from collections.abc import Mapping
from functools import lru_cache

from isvclog.kserve.apis.releases import Release
from isvclog.kserve.golang.jsondecode import Field, Struct, unmarshal
from isvclog.kserve.golang.jsonsyntax import JsonError
from isvclog.kserve.golang.quantity import QuantityError, check_quantity

KEY = "storageInitializer"
MODELCAR = {"cpuModelcar": "10m", "memoryModelcar": "15Mi"}
"""The quantities that 0.16.0 requires, with the values that KServe ships (constants.go: CpuModelcarDefault, ...)."""

_CONFIG = Struct("types.StorageInitializerConfig", tuple(Field(name, "string") for name in MODELCAR))


def storage_initializer_error(config: Mapping[str, str], release: Release) -> str:
    """Return the controller's error about a missing or invalid modelcar quantity, which stops every service.

    Empty if there is none, or if the ConfigMap has no such key: then the default is assumed. Of several invalid
    quantities the controller names any one, this function the first.
    """
    if KEY not in config or not release.has("modelcar-required") or release.has("modelcar-optional"):
        return ""
    return _error(config[KEY])


@lru_cache(maxsize=16)  # one ConfigMap is read for thousands of services
def _error(text: str) -> str:
    try:
        values = unmarshal(text, _CONFIG)
    except JsonError:
        return ""
    for name in MODELCAR:
        try:
            check_quantity(str(values[name]))
        except QuantityError as error:
            problem = f'failed to parse resource configuration for "{KEY}"."{name}": {error}'
            return f"failed to get StorageInitializer config: {problem}"
    return ""
