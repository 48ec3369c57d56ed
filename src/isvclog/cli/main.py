"""The entry point, and the only place that converts an error to a sentence and an exit code."""

import gc
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from isvclog.errors import INTERRUPTED, PIPE_CLOSED, IsvclogError, UsageError

PROGRAM = "isvclog"


def run() -> NoReturn:
    """Run the program: call `main`, and end the process at once.

    There is nothing left to do then, and unloading a hundred imported modules would take as long as to start a bare
    interpreter twice.
    """
    _collect_less()
    _end(main())


def complete() -> NoReturn:
    """Run the program `kubectl_complete-isvclog`: print what the last argument may become, one completion on each line.

    kubectl calls it with the arguments of `kubectl isvclog`; the last one may be empty (KEP 2379).
    """
    import shlex

    arguments = sys.argv[1:] or [""]
    os.environ |= {
        "_ISVCLOG_COMPLETE": "complete_bash",
        "COMP_WORDS": shlex.join([PROGRAM, *arguments]),
        "COMP_CWORD": str(len(arguments)),
    }
    _collect_less()
    main([])
    _end(0)


def _collect_less() -> None:
    # Loading modules makes many objects and no garbage: at Python's own thresholds, collections take 7 % of a start.
    gc.set_threshold(100_000, 20, 20)


def _end(code: int) -> NoReturn:
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, and return its exit code.

    It is 0 if clean, 1 for findings, 2 for wrong usage or configuration, 3 if the job could not be done, INTERRUPTED
    after Ctrl-C, and PIPE_CLOSED if nobody reads the output.
    """
    try:
        _prepare_output()
        code = _run(sys.argv[1:] if arguments is None else list(arguments))
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _discard(sys.stdout.fileno(), sys.stderr.fileno())
        return PIPE_CLOSED
    except OSError as error:  # such as a full disk; commands convert errors about their input to sentences themselves
        _discard(sys.stdout.fileno())
        return _fail(f"the output cannot be written: {error.strerror}", IsvclogError.exit_code)


def _prepare_output() -> None:
    """Make standard output and error accept any text: characters that their encoding lacks are escaped.

    With PYTHONUNBUFFERED, what a closed pipe does not take of one write would be dropped without an error.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller, as by `>&-`
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - for as long as the process lives
        elif isinstance(getattr(stream, "buffer", None), io.RawIOBase):
            setattr(sys, name, open(stream.fileno(), "w", 1, stream.encoding, closefd=False))  # noqa: SIM115
        if reconfigure := getattr(getattr(sys, name), "reconfigure", None):
            reconfigure(errors="backslashreplace")


def _discard(*descriptors: int) -> None:
    """Redirect descriptors to nowhere, because the interpreter flushes them again at exit, and would fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in descriptors:
        os.dup2(nowhere, descriptor)


def _program() -> str:
    """Return what the user typed: kubectl runs a program with the name `kubectl-isvclog` for `kubectl isvclog`."""
    name = os.path.basename(sys.argv[0]).removesuffix(".exe")
    return "kubectl isvclog" if name == "kubectl-isvclog" else PROGRAM


def _without_words(arguments: list[str]) -> list[str]:
    """Replace `help` and `version`, as other programs have them, by the options."""
    if arguments[:1] == ["help"]:
        return [*(word for word in arguments[1:2] if word != "help"), "--help"]
    return ["--version"] if arguments == ["version"] else arguments


def _run(arguments: list[str]) -> int:
    import typer

    from isvclog.cli.app import command_line
    from isvclog.cli.terminal.messages import reveal_secrets
    from isvclog.filenames import name_stdin
    from isvclog.redact.words import Vocabulary, use_vocabulary

    reveal_secrets(False)
    name_stdin(None)
    use_vocabulary(Vocabulary())
    arguments = _without_words(arguments)
    program = _program()
    group = command_line(completion=program == PROGRAM)
    try:
        if "_ISVCLOG_COMPLETE" in os.environ:
            group.main(arguments, prog_name=PROGRAM)
        with group.make_context(program, arguments) as context:
            return group.invoke(context) or 0
    except typer.Exit as end:
        return end.exit_code
    except typer.TyperException as error:
        from isvclog.cli.usage import usage_sentences

        return _fail(usage_sentences(error), UsageError.exit_code)
    except IsvclogError as error:
        return _fail(str(error), error.exit_code)
    except OSError:
        raise
    except Exception as error:
        if os.environ.get("ISVCLOG_DEBUG"):
            raise
        return _fail(
            f"this is a bug, please report what ISVCLOG_DEBUG=1 shows ({_where(error)})", IsvclogError.exit_code
        )


def _where(error: Exception) -> str:
    """Describe an error by its kind and its line of code, without its message, which may quote a manifest."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" in {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else ""
    return type(error).__name__ + place


def _fail(message: str, code: int) -> int:
    from isvclog.cli.terminal.messages import error

    error(message)
    return code
