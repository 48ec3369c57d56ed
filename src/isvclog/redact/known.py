"""Annotations of other programs whose names do not reveal their content, and some that only sound secret."""

from functools import lru_cache

KNOWN_ANNOTATIONS = {
    "kubectl.kubernetes.io/last-applied-configuration": "it contains the whole manifest as it was last applied",
    "internal.serving.kserve.io/storage-spec-param": "it contains the parameters of the model's storage",
    "serving.kserve.io/logger-secret-": "it names the place of the logger's storage credentials",
    "vault.hashicorp.com/": "it names the secrets that Vault injects, and the role that may read them",
    "vault.security.banzaicloud.io/": "it names the secrets that Vault injects, and the role that may read them",
    "eks.amazonaws.com/role-arn": "it names a cloud role that the pod may assume, and the account",
    "iam.amazonaws.com/": "it names a cloud role that the pod may assume, and the account",
    "iam.gke.io/gcp-service-account": "it names a cloud account that the pod may act as",
    "azure.workload.identity/": "it names a cloud identity that the pod may act as",
    "openshift.io/token-secret.value": "it contains the token of a service account",
}
"""The reason not to send each annotation; an entry that ends in `/` or `-` is the beginning of keys."""
_BEGINNINGS = tuple(known for known in KNOWN_ANNOTATIONS if known[-1] in "/-")
# Names an entry of the Secret with storage configurations.
_ENTRY = "serving.kserve.io/secretKey"
REFERRING_DOMAINS = tuple(
    """
    kubernetes.io k8s.io cert-manager.io istio.io knative.dev kserve.io haproxy.org traefik.io konghq.com openshift.io
    projectcontour.io getambassador.io nginx.org fluxcd.io argoproj.io crossplane.io stakater.com emberstack.com
    """.split()
)
"""Domains whose annotations name a Secret and never contain one, as `nginx.ingress.kubernetes.io/auth-secret` does."""


@lru_cache(maxsize=1024)
def known_annotation(key: str) -> str | None:
    """Explain why a well-known annotation should not leave the cluster, as a clause after "because", or return None."""
    if reason := KNOWN_ANNOTATIONS.get(key):
        return reason
    return next((KNOWN_ANNOTATIONS[known] for known in _BEGINNINGS if key.startswith(known)), None)


def is_reference(key: str) -> bool:
    """Return True if the key refers to a Secret and never contains one.

    Such a key ends with `secret` or `secrets` and belongs to a project whose annotations name Secrets. KServe's
    `serving.kserve.io/secretKey` is one too, and so are the keys that charts write under `checksum/`, which restart the
    pods when a Secret changes.
    """
    prefix, slash, name = key.rpartition("/")
    if prefix == "checksum" or key == _ENTRY:
        return True
    if not slash or not name.lower().endswith(("secret", "secrets")):
        return False
    return any(prefix == domain or prefix.endswith(f".{domain}") for domain in REFERRING_DOMAINS)
