"""One run of `add-annotation` or `remove-annotation` on a service of a cluster."""

import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from isvclog.cli.commands.edit.options import EditOptions
from isvclog.cli.commands.edit.summary import summary
from isvclog.cli.terminal.messages import error, note
from isvclog.cluster import INFERENCE_SERVICES, PODS, Cluster, ClusterError, Conflict, is_label
from isvclog.drift import is_unready, read_pod
from isvclog.edit import EditPlan
from isvclog.edit.patch import json_patch
from isvclog.edit.review import Planning, review_live
from isvclog.errors import IsvclogError
from isvclog.filenames import shown_name
from isvclog.findings import counted, enumerated
from isvclog.keypath import dotted, value_at
from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.constants import SERVICE_LABEL
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.controller.rollout import causes_rollout, is_held
from isvclog.lint.engine import select_rules
from isvclog.live import Facts, find_service
from isvclog.manifest import Object
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.intended import apply_changes
from isvclog.report.escape import printable
from isvclog.report.findings.concise import concise_line
from isvclog.rules.policy import Policy
from isvclog.suppressions import Suppressions

_ATTEMPTS, _PAUSE = 5, 0.2


class LiveRun(NamedTuple):
    """The facts, rules and options for the edit of a service of a cluster."""

    facts: Facts
    policy: Policy
    rules: frozenset[str] | None
    suppressions: Suppressions
    options: EditOptions


def edit_live(cluster: Cluster, name: str, planning: Planning, run: LiveRun) -> int:
    """Change one service, and return the exit code.

    The service is read again, a limited number of times, if somebody else changed it in the meantime. Raises
    ClusterError.
    """
    said: set[str] = set()

    def say(text: str) -> None:
        if text not in said:  # in an attempt before
            said.add(text)
            print(text, file=sys.stderr)

    for attempt in range(_ATTEMPTS):
        time.sleep(_PAUSE * attempt)
        obj = find_service(cluster, name)
        try:
            return _attempt(cluster, obj, planning, run, say)
        except EditError as refusal:
            error(f"{shown_name(obj.file)}: {refusal} Nothing was changed.")
            return IsvclogError.exit_code
        except Conflict:
            continue
    error(f"{name} was changed by somebody else {_ATTEMPTS} times in a row, so nothing was done; try again.")
    return IsvclogError.exit_code


def _attempt(cluster: Cluster, obj: Object, planning: Planning, run: LiveRun, say: Callable[[str], None]) -> int:
    installation, options = run.facts.installation(obj.data), run.options
    plan = planning(obj, None, installation.release)
    judgement = review_live(obj, plan, select_rules(installation, run.policy, run.rules), run.suppressions)
    for finding in judgement.findings:
        say(concise_line(finding))
    if judgement.refusing and not options.force:
        note(
            f"{shown_name(obj.file)}: the edit is refused, as it would be an error; --force makes it all the same. "
            "Nothing was changed."
        )
        return 1
    would = bool(plan.changes) and (options.check or options.dry_run != "none")
    if plan.changes:
        if told := _rollout(cluster, obj, apply_changes(obj.data, plan.changes), installation):
            say(f"isvclog: {printable(told)}")
        dry_run = options.dry_run == "server"
        sends = dry_run or not (options.check or options.dry_run == "client")
        if sends and not _patch(cluster, obj, plan, dry_run):
            return IsvclogError.exit_code
    if not options.quiet:
        for text in summary("", (plan,), "would change: " * would):
            print(text)
    return 1 if plan.changes and options.check else 0


def _patch(cluster: Cluster, obj: Object, plan: EditPlan, dry_run: bool) -> bool:
    """Send the changes, and return True if the API server stored them as intended."""
    version = obj.data["metadata"].get("resourceVersion", "")
    operations = json_patch(plan.changes, version)
    patched = cluster.patch(INFERENCE_SERVICES, obj.name, obj.namespace, operations, dry_run=dry_run)
    for warning in patched.warnings:
        note(f"the API server warns: {warning}")
    intended = apply_changes(obj.data, plan.changes)
    paths = dict.fromkeys(step.path for step in plan.notes if step.action.is_change)
    lost = [path for path in paths if value_at(intended, path) != value_at(patched.object, path)]
    if lost:
        error(
            f"{shown_name(obj.file)}: the API server did not keep `{dotted(lost[0])}` as it was sent: its "
            "CustomResourceDefinition is of an older KServe, or a webhook changed it. See `kubectl get -o yaml`."
        )
    return not lost


def _rollout(cluster: Cluster, obj: Object, after: dict[str, Any], installation: Installation) -> str:
    """Describe in a sentence which pods the change replaces; empty if it replaces none."""
    try:
        old, new = (read_service(data, installation.release) for data in (obj.data, after))
    except Rejected:
        return ""
    parts = causes_rollout(old, new, installation)
    if not parts:
        return ""
    names = enumerated(parts)
    if is_held(new, installation.release, is_unready(obj.data)):
        return f"the pods of the {names} stay as they are, as the service has `disable-auto-update`."
    try:
        # No pod has a label that is longer than labels may be.
        pods = cluster.list(PODS, obj.namespace, f"{SERVICE_LABEL}={obj.name}") if is_label(obj.name) else ()
        found = Counter(pod.component for pod in map(read_pod, pods) if pod)
    except ClusterError as error:
        return f"the change replaces the pods of the {names}; how many cannot be told: {error}"
    if not any(found[part] for part in parts):
        return f"no pods of the {names} run now; new ones will have the change."
    numbers = enumerated([f"{counted(found[part], 'pod')} of the {part}" for part in parts])
    return f"the change replaces {numbers} by new ones."
