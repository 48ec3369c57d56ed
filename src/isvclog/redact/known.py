"""Annotations of other programs whose names do not reveal their content, and some that only sound secret."""

from functools import lru_cache

# A key is told by its beginning where the entry ends in `/` or `-`, and as a whole otherwise.
_KNOWN = {
    "kubectl.kubernetes.io/last-applied-configuration": "it holds the whole manifest as it was last applied",
    "internal.serving.kserve.io/storage-spec-param": "it holds the parameters of the model's storage",
    "serving.kserve.io/logger-secret-": "it tells where the logger's storage credentials are",
    "vault.hashicorp.com/": "it tells which secrets Vault injects, and as whom",
    "vault.security.banzaicloud.io/": "it tells which secrets Vault injects, and as whom",
    "eks.amazonaws.com/role-arn": "it names a cloud role that the pod may assume, and the account",
    "iam.amazonaws.com/": "it names a cloud role that the pod may assume, and the account",
    "iam.gke.io/gcp-service-account": "it names a cloud account that the pod may act as",
    "azure.workload.identity/": "it names a cloud identity that the pod may act as",
    "openshift.io/token-secret.value": "it holds the token of a service account",
}
_BEGINNINGS = tuple(known for known in _KNOWN if known[-1] in "/-")
# It says which entry of the Secret with storage configurations is used.
_ENTRY = "serving.kserve.io/secretKey"
# Annotations of these name a Secret and never hold one: `nginx.ingress.kubernetes.io/auth-secret: basic-auth`.
_REFERRING = tuple(
    """
    kubernetes.io k8s.io cert-manager.io istio.io knative.dev kserve.io haproxy.org traefik.io konghq.com openshift.io
    projectcontour.io getambassador.io nginx.org fluxcd.io argoproj.io crossplane.io stakater.com emberstack.com
    """.split()
)


@lru_cache(maxsize=1024)
def known_annotation(key: str) -> str | None:
    """Explain why a well-known annotation should not leave the cluster, as a clause after "because", or return None."""
    if reason := _KNOWN.get(key):
        return reason
    return next((_KNOWN[known] for known in _BEGINNINGS if key.startswith(known)), None)


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
    return any(prefix == domain or prefix.endswith(f".{domain}") for domain in _REFERRING)
