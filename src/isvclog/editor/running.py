"""The start of the server, and what is said where its library is missing."""

from importlib.util import find_spec

from isvclog.errors import IsvclogError


def run_server() -> None:
    """Serve an editor on standard input and output. Raises IsvclogError if pygls is not installed."""
    if find_spec("pygls") is None or find_spec("lsprotocol") is None:
        raise IsvclogError("the language server needs pygls: pip install 'isvclog[editor]'")
    import gc
    import logging

    from isvclog.editor.features import register
    from isvclog.editor.server import EditorServer

    # pygls logs messages of the client, which contain its documents.
    logging.getLogger("pygls").addHandler(logging.NullHandler())
    logging.getLogger("pygls").propagate = False
    # What is known about a document refers to itself, and programs that end soon collect that rarely.
    gc.set_threshold(5_000, 10, 10)
    server = EditorServer()
    register(server)
    try:
        server.start_io()
    finally:
        server.close()
