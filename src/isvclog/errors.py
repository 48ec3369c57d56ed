"""Expected errors, and exit codes."""


class IsvclogError(Exception):
    """The error for a job that could not be done: unreadable or unparsable input, or no cluster. Exit code 3."""

    exit_code = 3


class UsageError(IsvclogError):
    """The error for a mistake in the command line or in the configuration. Exit code 2."""

    exit_code = 2


class InputError(IsvclogError):
    """The error for an object or a text that cannot be read, or that has no InferenceService."""


INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells report it (128 + SIGINT)."""

PIPE_CLOSED = 141
"""The exit code after a write to a closed pipe, as shells report it (128 + SIGPIPE)."""
