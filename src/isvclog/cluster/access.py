"""The user's choice of a cluster and an identity: kubectl's options with the same names."""

from typing import NamedTuple


class Access(NamedTuple):
    """The cluster to reach and the user to act as; None or empty means kubectl's default.

    `kubeconfig`, `context` and `namespace` are `--kubeconfig`, `--context` and `-n`; `user` and `groups` are `--as` and
    `--as-group`. `timeout` is `--request-timeout`: the seconds that one request may take. With None or 0, only
    connecting has a limit.
    """

    kubeconfig: str | None = None
    context: str | None = None
    namespace: str | None = None
    user: str | None = None
    groups: tuple[str, ...] = ()
    timeout: float | None = None
