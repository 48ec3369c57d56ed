"""Environment variables of the agent container, for the kubelet's `$(NAME)`.

Their values are unknown before the pod runs, so each is shown as its own name in angle brackets.
"""

from collections.abc import Mapping

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
# Present where the pod's (or the logger's) service account holds such a secret; assumed present, since a secret
# that leaves the cluster is worse than one that does not.
CREDENTIALS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AZURE_STORAGE_ACCESS_KEY",
    "AZURE_ACCESS_TOKEN",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_SUBSCRIPTION_ID",
    "AZURE_TENANT_ID",
    "AZURE_SERVICE_URL",
    "AZURE_ACCOUNT_NAME",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "HF_TOKEN",
)


def agent_environment(injected: Mapping[str, str], *, knative: bool) -> dict[str, str]:
    """The variables the agent can see: the injected ones with their values, the others as `<NAME>`."""
    names = (*_KUBERNETES, *CREDENTIALS, *(_QUEUE_PROXY if knative else ()))
    return {**{name: f"<{name}>" for name in names}, **injected}
