"""Tokens of an OpenID Connect provider that a kubeconfig has: used while they are valid, and never renewed.

kubectl renews them and writes them into the kubeconfig. That sends the refresh token and the client secret to a server
of the kubeconfig's choice, so it is left to kubectl. All other auth providers are gone since kubectl 1.26.
https://kubernetes.io/docs/reference/access-authn-authz/authentication/#openid-connect-tokens
"""

import json
import time
from base64 import urlsafe_b64decode
from typing import Any

from isvclog.cluster.errors import BadKubeconfig
from isvclog.cluster.quoting import quote_name
from isvclog.records import NamedTuple

_MARGIN = 10.0
"""Seconds before its end at which a token counts as expired, as for kubectl."""
_REMEDY = (
    "Run any `kubectl` command, which renews the token in the kubeconfig, or log in with the exec plugin"
    " `kubectl oidc-login`."
)


class IdToken(NamedTuple):
    """A valid token; `expiry` is in seconds since the epoch."""

    text: str
    expiry: float


def valid_token(user: str, provider: dict[str, Any]) -> IdToken:
    """Return the token of an `auth-provider`. Raises BadKubeconfig if it cannot be used, or is no OIDC token."""
    name = provider.get("name") or ""
    if name != "oidc":
        what = f"user {quote_name(user)} logs in with the `auth-provider` {quote_name(name)}"
        raise BadKubeconfig(f"{what}, which kubectl has not supported since 1.26. Use an `exec` plugin instead.")
    text = (provider.get("config") or {}).get("id-token") or ""
    what = f"user {quote_name(user)} logs in with OpenID Connect"
    if not text:
        raise BadKubeconfig(f"{what}, and the kubeconfig has no `id-token`. isvclog does not ask for one. {_REMEDY}")
    expiry = _expiry(text)
    if expiry is None:
        raise BadKubeconfig(f"{what}, and the `id-token` in the kubeconfig is not a token. {_REMEDY}")
    if expiry - _MARGIN <= time.time():
        raise BadKubeconfig(
            f"{what}, and the `id-token` in the kubeconfig has expired. isvclog does not renew it. {_REMEDY}"
        )
    return IdToken(text, expiry)


def _expiry(token: str) -> float | None:
    """Read the expiry of a JSON web token, whose signature only the server can check; None if it is none."""
    parts = token.split(".")
    try:
        claims = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return float(claims["exp"]) if len(parts) == 3 else None
    except (IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError):
        return None
