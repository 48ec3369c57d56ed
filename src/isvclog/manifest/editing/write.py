"""Writing of a manifest that was read before."""

from isvclog.atomic import replace_file
from isvclog.errors import IsvclogError
from isvclog.manifest.syntax.files import read_file


def write_file(name: str, old: bytes, new: bytes) -> None:
    """Replace the contents of a file atomically. Nothing is done if nothing changes.

    Raise IsvclogError, and leave the file as it was, if its bytes are no longer `old` or if it cannot be written.
    """

    def check(target: str) -> None:
        if read_file(target).data != old:
            raise IsvclogError(
                f"{name} changed while isvclog was editing it, so it is not written; run the command again."
            )

    if old != new:
        with replace_file(name, check) as write:
            write([new])
