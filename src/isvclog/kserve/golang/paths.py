"""Go's `path`: slash-separated paths, cleaned by their text alone."""


def clean(path: str) -> str:
    """Clean a path as `path.Clean` does; an empty path becomes `.`.

    Empty and `.` elements and a trailing slash are removed, and `..` is resolved where possible.
    """
    rooted = path.startswith("/")
    kept: list[str] = []
    for element in path.split("/"):
        if element in ("", "."):
            continue
        if element != "..":
            kept.append(element)
        elif kept and kept[-1] != "..":
            kept.pop()
        elif not rooted:
            kept.append("..")
    return ("/" if rooted else "") + "/".join(kept) or "."


def join(*elements: str) -> str:
    """Join the non-empty elements with slashes and clean the result, as `path.Join` does; empty if all elements are."""
    present = [element for element in elements if element]
    return clean("/".join(present)) if present else ""
