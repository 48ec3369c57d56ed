"""The start of the server, and what is said where its library is missing."""

from importlib.util import find_spec

from isvclog.errors import IsvclogError


def run_server() -> int:
    """Serve an editor on standard input and output until it says goodbye, or is gone.

    Return the exit code of the protocol: 1 if the editor asks for the end without having announced it.

    Raises:
        IsvclogError: pygls is not installed.
    """
    if find_spec("pygls") is None or find_spec("lsprotocol") is None:
        raise IsvclogError("the language server needs pygls: pip install 'isvclog[editor]'")
    import gc
    import logging
    import os
    import sys
    from contextlib import redirect_stdout

    from isvclog.editor.features import register
    from isvclog.editor.server import EditorServer

    # pygls logs messages of the client, which contain its documents.
    logging.getLogger("pygls").addHandler(logging.NullHandler())
    logging.getLogger("pygls").propagate = False
    # What is known about a document refers to itself, and programs that end soon collect that rarely.
    gc.set_threshold(5_000, 10, 10)
    server = EditorServer()
    register(server)
    # pygls closes what it writes to; and what anything else prints is no message of the protocol.
    messages = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    try:
        with redirect_stdout(sys.stderr):
            server.start_io(stdout=messages)
    finally:
        server.close()
    return server.exit_code
