"""The errors isvclog raises on purpose: one sentence each, that ends with what to do. Only `cli` catches them."""


class IsvclogError(Exception):
    """The job could not be done: unreadable, unparsable, no cluster. Exit code 3."""

    exit_code = 3


class UsageError(IsvclogError):
    """The command line or the configuration is wrong. Exit code 2."""

    exit_code = 2
