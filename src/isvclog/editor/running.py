"""The start of the language server, and the error where its library is not installed."""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from isvclog.errors import IsvclogError

if TYPE_CHECKING:
    from isvclog.editor.server import EditorServer


def run_server() -> int:
    """Serve an editor on standard input and output until it ends the session, or its process has ended.

    Return the exit code of the protocol: 1 if the editor asks for the end without having announced it.

    Raises:
        IsvclogError: pygls is not installed.
    """
    if find_spec("pygls") is None or find_spec("lsprotocol") is None:
        raise IsvclogError("the language server needs pygls: pip install 'isvclog[editor]'")
    import gc
    import logging
    import os
    import signal
    import sys
    from contextlib import redirect_stdout
    from functools import partial

    from isvclog.editor.features import register
    from isvclog.editor.server import EditorServer

    # pygls logs messages of the client, which contain its documents.
    logging.getLogger("pygls").addHandler(logging.NullHandler())
    logging.getLogger("pygls").propagate = False
    # What is known about a document refers to itself, and programs that end soon collect that rarely.
    gc.set_threshold(5_000, 10, 10)
    server = EditorServer()
    register(server)
    # What waits for the client's next line cannot be interrupted, and would keep the process alive.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):  # Windows has not all of them
            signal.signal(number, partial(_leave, server))
    # pygls closes what it writes to; and what anything else prints is no message of the protocol.
    messages = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    try:
        with redirect_stdout(sys.stderr):
            server.start_io(stdout=messages)
    finally:
        server.close()
    return server.exit_code


def _leave(server: "EditorServer", number: int, _frame: object) -> None:
    """End at once because of a signal; the exit code is that of a shell for it."""
    import os

    server.close()
    os._exit(128 + number)
