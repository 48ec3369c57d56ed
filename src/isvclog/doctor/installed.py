"""Find installed software: Python packages, and programs that isvclog runs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

from isvclog.doctor.model import Package, Program
from isvclog.patterns import late_pattern

PROGRAMS = {
    "helm": ("version", "--short"),
    "kustomize": ("version",),
    "kubectl": ("version", "--client"),
    "git": ("--version",),
}
"""The programs that some options use, with the arguments that make them print their version."""

_SECONDS = 5
"""The time limit for a program that prints its version."""
_MOST_PRINTED = 10_000
_NAME = late_pattern(r"[A-Za-z0-9._-]+")
_EXTRA = late_pattern(r"""extra\s*==\s*['"]([^'"]+)['"]""")
_VERSION = late_pattern(r"[0-9]+\.[0-9]+[0-9A-Za-z.+-]*")


def find_packages() -> tuple[Package, ...]:
    """List the packages that isvclog needs, then those of its extras; none if isvclog itself is not installed."""
    from importlib.metadata import PackageNotFoundError, requires

    try:
        needed = requires("isvclog") or []
    except (PackageNotFoundError, ValueError, OSError):
        return ()
    packages = [found for requirement in needed if (found := _package(requirement))]
    return tuple(sorted(packages, key=lambda package: (package.extra, package.name.lower())))


def _package(requirement: str) -> Package | None:
    """Look up a package; None if it is missing and only needed on some platforms."""
    from importlib.metadata import PackageNotFoundError, metadata

    name, extra = _NAME.match(requirement), _EXTRA.search(requirement)
    found = Package(name[0] if name else requirement, "", extra[1] if extra else "")
    with suppress(PackageNotFoundError, ValueError, KeyError, OSError):  # metadata may be broken
        fields = metadata(found.name)
        if "Version" in fields:
            return found._replace(version=fields["Version"])
    return found if found.extra or ";" not in requirement else None


def find_programs() -> Iterator[Program]:
    """Yield the programs of `PROGRAMS`, and run each one that is installed. One of the working directory is not run."""
    for name, arguments in PROGRAMS.items():
        path = shutil.which(name)
        is_installed = path is not None and os.path.isabs(path)
        yield Program(name, is_installed, _version([path, *arguments]) if path and is_installed else "")


def _version(command: list[str]) -> str:
    """Run a program, and return the first version that it prints; empty if it fails, prints none, or is too slow.

    It knows no cluster: the kubectl of the Google Cloud SDK would ask the server which version to start.
    """
    alone = os.environ | {"KUBECONFIG": os.devnull}
    try:
        # Only a pipe holds what it prints, and it is read at the end: so one that prints without end waits.
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=alone
        ) as started:
            try:
                code = started.wait(_SECONDS)
            finally:
                started.kill()
            printed = _printed(started)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ""
    found = _VERSION.search(printed.decode(errors="replace"))
    return found[0][:40] if found and not code else ""


def _printed(ended: "subprocess.Popen[bytes]") -> bytes:
    """Return what a program has printed; a program that it started may keep the pipe open."""
    if not ended.stdout:
        return b""
    if sys.platform != "win32":
        os.set_blocking(ended.stdout.fileno(), False)
    return os.read(ended.stdout.fileno(), _MOST_PRINTED)
