"""The Kubernetes Service of a component in Standard mode, as the ConfigMap configures it.

Source: NewServiceConfig of pkg/apis/serving/v1beta1/configmap.go.
"""

from collections.abc import Mapping

from isvclog.kserve.apis.installation import controller_config
from isvclog.kserve.golang.jsondecode import Field, Struct

_SERVICE = Struct("v1beta1.ServiceConfig", (Field("serviceClusterIPNone", "bool"),))


def is_headless(config: Mapping[str, str]) -> bool:
    """Check whether Services get no address of their own, so that clients connect to pods directly.

    An invalid ConfigMap raises ConfigError.
    """
    if "service" not in config:
        return False
    return bool(
        controller_config(config, "service", _SERVICE, "unable to parse service config json: ")["serviceClusterIPNone"]
    )
