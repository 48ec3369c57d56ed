"""Go's `net`: host and port in one text."""


def split_host_port(text: str) -> tuple[str, str] | None:
    """`net.SplitHostPort`: the host without its brackets, and the port; None where Go returns an error."""
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
    """`net.JoinHostPort`: with brackets if the host contains a colon."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
