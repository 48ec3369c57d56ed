"""Exit codes besides those of errors, which the classes of `isvclog.errors` have."""

INTERRUPTED = 130
"""What a shell reports for a program that Ctrl-C ended (128 + SIGINT)."""

PIPE_CLOSED = 141
"""What a shell reports for a program that wrote to a pipe nobody reads (128 + SIGPIPE)."""
