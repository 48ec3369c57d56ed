"""The check of the surroundings, part by part: a part that fails does not keep the others from being checked."""

import os
import time

from isvclog import __version__
from isvclog.cluster import (
    INFERENCE_SERVICES,
    Access,
    Cluster,
    ClusterError,
    Forbidden,
    InvalidName,
    MissingKind,
    Unreachable,
    connect,
)
from isvclog.cluster.kubeconfig import read_kubeconfig
from isvclog.cluster.quoting import quote_name
from isvclog.cluster.retries import Sleep
from isvclog.cluster.selection import describe_login, impersonation, is_in_pod, select_context
from isvclog.doctor.installed import find_packages, find_programs
from isvclog.doctor.model import Checkup, ClusterCheck, KServeFound
from isvclog.doctor.permissions import check_permissions
from isvclog.errors import IsvclogError
from isvclog.live import Overrides, read_facts
from isvclog.redact.gate import SecretRedaction

_SECONDS = 15
"""From the first request on, how long it is waited for a server that asks to come back later."""


def examine(access: Access, kserve_namespace: str, *, everywhere: bool = False, offline: bool = False) -> Checkup:
    """Check what is installed, the project file of the current folder, and the cluster.

    With `everywhere`, permissions are those for all namespaces. With `offline`, no request is sent. Raises InvalidName.
    """
    import platform

    project, mistake = _project()
    return Checkup(
        __version__,
        f"{platform.python_version()} ({platform.python_implementation()})",
        platform.platform(),
        tuple(each._replace(version=_public(each.version)) for each in find_packages()),
        tuple(each._replace(version=_public(each.version)) for each in find_programs()),
        project,
        mistake,
        _cluster(access, kserve_namespace, everywhere, offline),
    )


def _public(text: str) -> str:
    """Mask what looks secret in a text, and replace the home folder at the beginning of each path by `~`."""
    home = os.path.expanduser("~").rstrip(os.sep)
    text = SecretRedaction().text(text)
    return text.replace(home + os.sep, "~" + os.sep) if home and home != "~" else text


def _project() -> tuple[str, str]:
    """Find the project file and its mistake; empty if there is none."""
    from isvclog.config import find_config
    from isvclog.config.load import load_config
    from isvclog.rules.registry import all_rules

    found = find_config(".")
    if found is None:
        return "", ""
    path = os.path.relpath(found)
    try:
        load_config(path, all_rules())
    except IsvclogError as error:
        return path, _public(str(error))
    return path, ""


def _cluster(access: Access, kserve_namespace: str, everywhere: bool, offline: bool) -> ClusterCheck:
    check = ClusterCheck()
    try:
        files = read_kubeconfig(access.kubeconfig).files
        check = check._replace(files=tuple(map(_public, files)))
        if not (files or access.context or is_in_pod()):
            return check  # nothing is configured, which is no failure
        selection = select_context(access)
        impersonated = ", acting as another user" if impersonation(access, selection) else ""
        login = describe_login(selection) + impersonated
        check = check._replace(context=_public(selection.context), namespace=_public(selection.namespace), login=login)
        if offline:
            return check
        check = check._replace(was_asked=True)
        with connect(access, _patience(selection.context)) as cluster:
            return _answers(check, cluster, kserve_namespace, everywhere)
    except ClusterError as error:
        options = (check.was_asked, access.namespace, access.user, access.groups)
        if isinstance(error, InvalidName) and any(options):
            raise  # the kubeconfig is not what names it
        return check._replace(error=_public(str(error)))


def _answers(check: ClusterCheck, cluster: Cluster, kserve_namespace: str, everywhere: bool) -> ClusterCheck:
    """Add the answers of the server. Raises ClusterError."""
    notes: list[str] = []
    namespace = "" if everywhere else cluster.namespace
    if _has_services(cluster, namespace):
        facts = read_facts(cluster, Overrides(namespace=kserve_namespace), notes.append)
        origin = facts.shared[0].text.partition(", ")[2] if facts.release_known else ""
        check = check._replace(kserve=KServeFound(facts.release.name, _public(origin)))
    permissions = check_permissions(cluster, namespace, kserve_namespace)
    shown = tuple(each._replace(namespace=_public(each.namespace)) for each in permissions)
    return check._replace(permissions=shown, notes=tuple(map(_public, notes)))


def _patience(context: str) -> Sleep:
    """Build a function that waits between two attempts, but in all of the check no longer than some seconds."""
    end = time.monotonic() + _SECONDS

    def wait(seconds: float) -> None:
        if time.monotonic() + seconds > end:
            raise Unreachable(
                f"the server of context {quote_name(context)} is too busy, or fails again and again. Try again later."
            )
        time.sleep(seconds)

    return wait


def _has_services(cluster: Cluster, namespace: str) -> bool:
    """Check whether the cluster has InferenceServices, as far as the user may know."""
    try:
        next(iter(cluster.list(INFERENCE_SERVICES, namespace, limit=1)), None)
    except MissingKind:
        return False
    except Forbidden:
        pass
    return True
