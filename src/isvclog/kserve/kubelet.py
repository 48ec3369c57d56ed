"""The kubelet: `$(NAME)` and `$$` in container arguments.

Source: Kubernetes third_party/forked/golang/expansion, measured with v1.34.0. It works on bytes, and a `$` before a
character outside ASCII damages that character: its first byte is written as if it were a code point of its own.
"""

from collections.abc import Mapping, Sequence


def expand_args(args: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """The arguments as the process sees them; bytes that are not UTF-8 become lone surrogates."""
    return [expand(arg, environment) if "$" in arg else arg for arg in args]


def expand(text: str, environment: Mapping[str, str]) -> str:
    """`$(NAME)` becomes the variable's value and stays as it is where there is none; `$$` becomes `$`."""
    source = text.encode("utf-8", "surrogateescape")
    output = bytearray()
    position = 0
    while (dollar := source.find(b"$", position)) != -1 and dollar + 1 < len(source):
        output += source[position:dollar]
        following = source[dollar + 1 : dollar + 2]
        position = dollar + 2
        if following == b"(" and (end := source.find(b")", position)) != -1:
            name = source[position:end]
            value = environment.get(name.decode("utf-8", "surrogateescape"))
            output += b"$(" + name + b")" if value is None else value.encode("utf-8", "surrogateescape")
            position = end + 1
        elif following == b"$":
            output += b"$"
        else:
            output += b"$" + following.decode("latin-1").encode()
    output += source[position:]
    return output.decode("utf-8", "surrogateescape")
