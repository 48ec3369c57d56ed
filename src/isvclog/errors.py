"""Expected errors, and exit codes."""


class IsvclogError(Exception):
    """The error for a job that could not be done: unreadable or unparsable input, or no cluster. Exit code 3."""

    exit_code = 3


class UsageError(IsvclogError):
    """The error for a mistake in the command line or in the configuration. Exit code 2."""

    exit_code = 2


INTERRUPTED = 130
"""What a shell reports for a program that Ctrl-C ended (128 + SIGINT)."""

PIPE_CLOSED = 141
"""What a shell reports for a program that wrote to a pipe nobody reads (128 + SIGPIPE)."""
