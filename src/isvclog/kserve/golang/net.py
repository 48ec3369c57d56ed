"""Host and port in one text, as Go's `net` splits and joins them."""


def split_host_port(text: str) -> tuple[str, str] | None:
    """Split a text into the host without its brackets and the port, as `net.SplitHostPort` does.

    None if Go returns an error.
    """
    host, colon, port = text.rpartition(":")
    if not colon:
        return None
    if text.startswith("["):
        if text.find("]") != len(host) - 1:
            return None
        host = host[1:-1]
    elif ":" in host:
        return None
    return None if any(bracket in host + port for bracket in "[]") else (host, port)


def join_host_port(host: str, port: str) -> str:
    """Join host and port as `net.JoinHostPort` does: with brackets if the host contains a colon."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
