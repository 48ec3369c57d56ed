"""What a user says about which cluster to reach, and as whom: kubectl's options of the same names."""

from typing import NamedTuple


class Access(NamedTuple):
    """How to reach a cluster; None or empty: what kubectl would choose.

    `kubeconfig`, `context` and `namespace` are `--kubeconfig`, `--context` and `-n`; `user` and `groups` are `--as` and
    `--as-group`. `timeout` is `--request-timeout`: seconds for one request, None or 0 for no limit but on connecting.
    """

    kubeconfig: str | None = None
    context: str | None = None
    namespace: str | None = None
    user: str | None = None
    groups: tuple[str, ...] = ()
    timeout: float | None = None
