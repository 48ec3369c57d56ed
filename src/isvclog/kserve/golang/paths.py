"""Go's `path`: slash-separated paths, cleaned by their text alone."""


def clean(path: str) -> str:
    """`path.Clean`: no empty or `.` elements, `..` resolved where it can be, no trailing slash; empty becomes `.`."""
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
    """`path.Join`: the non-empty elements with slashes between them, cleaned; empty when all are."""
    present = [element for element in elements if element]
    return clean("/".join(present)) if present else ""
