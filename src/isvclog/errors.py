"""Errors that isvclog raises on purpose.

Each message is one sentence that ends with what to do. Only `cli` catches these errors.
"""


class IsvclogError(Exception):
    """The error for a job that could not be done: unreadable or unparsable input, or no cluster. Exit code 3."""

    exit_code = 3


class UsageError(IsvclogError):
    """The error for a mistake in the command line or in the configuration. Exit code 2."""

    exit_code = 2
