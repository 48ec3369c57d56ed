"""Environment variables of the agent container: the readiness probe, and those that `$(NAME)` in an argument can name.

The values of the latter are unknown before the pod runs, so each is shown as its own name in angle brackets. Source:
pkg/webhook/admission/pod/agent_injector.go and pkg/credentials/{s3,azure,gcs,hf}.
"""

import json
from collections.abc import Mapping
from functools import cache

from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.spec import Container
from isvclog.kserve.controller.containers import serving_container
from isvclog.kserve.golang.jsondecode import Field, Struct, unmarshal
from isvclog.kserve.golang.jsonsyntax import JsonError

# The kubelet gives every container the variables of the API server's Service.
_KUBERNETES = (
    "KUBERNETES_PORT",
    "KUBERNETES_PORT_443_TCP",
    "KUBERNETES_PORT_443_TCP_ADDR",
    "KUBERNETES_PORT_443_TCP_PORT",
    "KUBERNETES_PORT_443_TCP_PROTO",
    "KUBERNETES_SERVICE_HOST",
    "KUBERNETES_SERVICE_PORT",
    "KUBERNETES_SERVICE_PORT_HTTPS",
)
# In Knative mode the agent's environment is a copy of queue-proxy's.
_QUEUE_PROXY = (
    "SERVING_NAMESPACE",
    "SERVING_SERVICE",
    "SERVING_CONFIGURATION",
    "SERVING_REVISION",
    "SERVING_POD",
    "SERVING_POD_IP",
    "HOST_IP",
    "CONTAINER_CONCURRENCY",
    "QUEUE_SERVING_PORT",
    "USER_PORT",
    "REVISION_TIMEOUT_SECONDS",
    "SERVING_LOGGING_CONFIG",
    "SERVING_LOGGING_LEVEL",
)
# No event may contain any of these.
SECRETS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AZURE_STORAGE_ACCESS_KEY",
    "AZURE_ACCESS_TOKEN",
    "AZURE_CLIENT_SECRET",
    "HF_TOKEN",
)
# Set if the service account of the pod (or of the logger) has such a secret. Assumed to be set, because overlooking a
# secret that leaves the cluster is worse than reporting one that does not exist.
CREDENTIALS = (
    *SECRETS,
    "AWS_ENDPOINT_URL",
    "AWS_DEFAULT_REGION",
    "AWS_CA_BUNDLE",
    "AWS_CA_BUNDLE_CONFIGMAP",
    "S3_ENDPOINT",
    "S3_USE_HTTPS",
    "S3_VERIFY_SSL",
    "S3_USER_VIRTUAL_BUCKET",
    "S3_USE_ACCELERATE",
    "awsAnonymousCredential",
    "AZURE_SUBSCRIPTION_ID",
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_ACCESS_EXPIRES_ON_SECONDS",
    "AZURE_ACCOUNT_NAME",
    "AZURE_SERVICE_URL",
    "GOOGLE_APPLICATION_CREDENTIALS",
)
_CREDENTIAL_CONFIG = Struct("credentials.CredentialConfig", (Field("storageSecretNameAnnotation", "string"),))
_QUEUE_PROXY_PROBE = '{"tcpSocket":{"port":8080,"host":"127.0.0.1"}}'


_PLACES = {
    name: place
    for place, name in enumerate(
        (
            *("exec", "httpGet", "tcpSocket", "grpc", "path", "port", "host", "scheme", "httpHeaders"),
            *("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"),
            "terminationGracePeriodSeconds",
        )
    )
}


def agent_environment(injected: Mapping[str, str], *, knative: bool) -> dict[str, str]:
    """Build the variables that the agent can see: the injected ones with their values, the others as `<NAME>`."""
    return {**_placeholders(knative), **injected}


@cache
def _placeholders(knative: bool) -> Mapping[str, str]:
    names = (*_KUBERNETES, *CREDENTIALS, *(_QUEUE_PROXY if knative else ()))
    return {name: f"<{name}>" for name in names}


def storage_secret_annotation(config: Mapping[str, str]) -> str:
    """Return the pod annotation that names the secret with the credentials; empty if no annotation does.

    Where the ConfigMap has no key `credentials`, or one that cannot be read, the default name is assumed. Source:
    CredentialConfig and CreateSecretVolumeAndEnvFromServiceAccount of pkg/credentials/service_account_credentials.go.
    """
    try:
        return str(unmarshal(config["credentials"], _CREDENTIAL_CONFIG)["storageSecretNameAnnotation"])
    except (KeyError, JsonError):
        return c.STORAGE_SECRET_ANNOTATION


def probe_environment(containers: tuple[Container, ...], release: Release, *, knative: bool) -> dict[str, str]:
    """Build the variable with the readiness probe, which the agent requires.

    In Knative mode it is copied from queue-proxy, and in Standard mode also, if a user's container has that name: then
    it is missing. Otherwise it contains the probe of transformer-container or else of
    the first container, and is missing if that probe is neither httpGet nor tcpSocket. Before 0.15.0 it contained the
    first container's probe of any kind, and `null` if there was none.
    """
    if knative:
        return {c.PROBE_VARIABLE: _QUEUE_PROXY_PROBE}
    if release.has("probe-environment") and any(container.name == c.QUEUE_CONTAINER for container in containers):
        return {}
    serving = serving_container(containers, release)
    probe = serving.probe if serving else None
    if not release.has("probe-environment"):
        return {c.PROBE_VARIABLE: _json(probe)}
    return {c.PROBE_VARIABLE: _json(probe)} if probe and {"httpGet", "tcpSocket"} & probe.keys() else {}


def _json(probe: Mapping[str, object] | None) -> str:
    """Write a probe as Go does: its fields in the order of `corev1.Probe`."""
    return json.dumps(probe and _in_go_order(probe), default=str, separators=(",", ":"))


def _in_go_order(probe: Mapping[str, object]) -> dict[str, object]:
    return {
        name: _in_go_order(value) if isinstance(value, dict) else value
        for name, value in sorted(probe.items(), key=_place)
    }


def _place(field: tuple[str, object]) -> int:
    return _PLACES.get(field[0], len(_PLACES))
