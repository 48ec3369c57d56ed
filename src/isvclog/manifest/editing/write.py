"""Writing of a manifest that was read before."""

import os
from collections.abc import Iterable

from isvclog.atomic import is_special, replace_file
from isvclog.errors import IsvclogError
from isvclog.manifest.syntax.files import read_file


def write_file(name: str, old: bytes, new: bytes) -> None:
    """Replace the contents of a file atomically. Nothing is done if nothing changes.

    Raise IsvclogError, and leave the file as it was, if its bytes are no longer `old`, if it cannot be written, or if
    it is a pipe or what a process has open, such as `/dev/stdin`.
    """

    def check(target: str) -> None:
        if read_file(target).data != old:
            raise IsvclogError(
                f"{name} changed while isvclog was editing it, so it is not written; run the command again."
            )

    if old != new and is_special(name):
        raise IsvclogError(f"{name} is not a file that can be replaced, so it is not written; pass `-` instead.")
    if old != new:
        with replace_file(name, check) as write:
            write([new])


def leads_outside(name: str, places: Iterable[str]) -> str:
    """Return where a file really is if links lead out of all places that the user named to it; else an empty string.

    A place is a file or a folder. A link that is named itself may lead anywhere.
    """
    target = os.path.realpath(name)
    for place in places:
        real = os.path.realpath(place)
        if target == real or target.startswith(os.path.join(real, "")):
            return ""
    return target
