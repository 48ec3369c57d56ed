"""Edits of a service in a cluster: read it, review the edit, patch it, and try again if somebody else was faster."""

import time
from collections import Counter
from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple

from isvclog.cluster import INFERENCE_SERVICES, PODS, Cluster, ClusterError, Conflict, Forbidden, is_label
from isvclog.drift import is_unready, read_pod
from isvclog.edit.ownership import warn_of_undo
from isvclog.edit.patch import json_patch
from isvclog.edit.plan import EditPlan
from isvclog.edit.review import MakePlan, review_live, review_redaction
from isvclog.errors import IsvclogError
from isvclog.filenames import shown_name
from isvclog.findings import Finding, counted, enumerated, shorten_text
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
from isvclog.redact.gate import Redaction, redaction_for
from isvclog.rules.policy import Policy
from isvclog.suppressions import Suppressions

_ATTEMPTS, _PAUSE = 5, 0.2


class PatchMode(Enum):
    """The target of an edit: nothing is sent, the server checks it in a dry run, or the server stores it."""

    NONE = "none"
    DRY_RUN = "dry-run"
    STORE = "store"


class LiveEditSettings(NamedTuple):
    """The facts and rules for the edit of a service of a cluster.

    With `force`, the edit is made although lint finds an error in it. Secrets are masked in what is reported, unless
    `reveal` is true.
    """

    facts: Facts
    policy: Policy
    rules: frozenset[str] | None
    suppressions: Suppressions
    mode: PatchMode = PatchMode.STORE
    force: bool = False
    reveal: bool = False


class LiveEdit(NamedTuple):
    """The result of an edit: its plan, and whether errors that lint finds in it have blocked the edit.

    `redaction` masks the secrets of the service.
    """

    plan: EditPlan
    redaction: Redaction
    blocked: bool = False


class ServiceEditor:
    """An editor of services in a cluster.

    `report` is called with each finding about the edited components, and `notify` with sentences about the rollout,
    about other tools that undo the edit, and from the API server. Both are called before the change is stored, and once
    for the same text.
    """

    def __init__(
        self,
        cluster: Cluster,
        settings: LiveEditSettings,
        report: Callable[[Finding], None],
        notify: Callable[[str], None],
    ) -> None:
        self._cluster = cluster
        self._settings = settings
        self._report = report
        self._notify = notify
        self._said: set[object] = set()

    def edit(self, name: str, make_plan: MakePlan) -> LiveEdit:
        """Edit one service. If somebody else changes the same fields meanwhile, plan again, up to 5 times in all.

        Raises ClusterError, and IsvclogError if the edit cannot be made or is not stored as intended.
        """
        for attempt in range(_ATTEMPTS):
            time.sleep(_PAUSE * attempt)
            obj = find_service(self._cluster, name)
            try:
                return self._attempt(obj, make_plan)
            except EditError as error:
                shown = redaction_for(self._settings.reveal, [obj.data]).sentence(f"{shown_name(obj.file)}: {error}")
                raise IsvclogError(f"{shown} Nothing was changed.") from None
            except Conflict:
                continue
        raise IsvclogError(
            f"somebody else changed the same fields of {name} {_ATTEMPTS} times in a row, so the edit was not made. "
            "Try again."
        )

    def _attempt(self, obj: Object, make_plan: MakePlan) -> LiveEdit:
        settings = self._settings
        installation = settings.facts.installation(obj.data)
        plan = make_plan(obj, None, installation.release)
        rules = select_rules(installation, settings.policy, settings.rules)
        review = review_live(obj, plan, rules, settings.suppressions)
        redaction = review_redaction(review, settings.reveal)
        for finding in review.findings:
            if self._is_new((finding.rule, finding.path, finding.message)):
                self._report(redaction.finding(finding))
        if review.blocking and not settings.force:
            return LiveEdit(plan, redaction, blocked=True)
        if plan.changes:
            after = apply_changes(obj.data, plan.changes)
            undone = warn_of_undo(plan, after, redaction.text)
            for sentence in filter(None, (_rollout(self._cluster, obj, after, installation), undone)):
                if self._is_new(sentence):
                    self._notify(sentence)
            if settings.mode is not PatchMode.NONE:
                self._patch(obj, plan, after, redaction, dry_run=settings.mode is PatchMode.DRY_RUN)
        return LiveEdit(plan, redaction)

    def _is_new(self, said: object) -> bool:
        """Check whether something was not said in an earlier attempt."""
        new = said not in self._said
        self._said.add(said)
        return new

    def _patch(
        self, obj: Object, plan: EditPlan, after: dict[str, Any], redaction: Redaction, *, dry_run: bool
    ) -> None:
        """Send the changes. Raises IsvclogError if the API server does not keep one of them as it was sent."""
        operations = json_patch(obj.data, plan.changes, [step.path for step in plan.notes])
        try:
            patched = self._cluster.patch(INFERENCE_SERVICES, obj.name, obj.namespace, operations, dry_run=dry_run)
        except Forbidden as denial:
            raise IsvclogError(f"{denial}{_quoted(denial.words, redaction)}") from None
        for warning in patched.warnings:
            self._notify(f"the API server warns: {redaction.text(warning)}")
        for path in (step.path for step in plan.notes if step.action.is_change):
            if value_at(after, path) != value_at(patched.object, path):
                raise IsvclogError(
                    f"{redaction.text(shown_name(obj.file))}: the API server did not keep "
                    f"`{redaction.text(dotted(path))}` as it was sent, because its CustomResourceDefinition is older "
                    "or a webhook changed it. See `kubectl get -o yaml`."
                )


def _quoted(words: str, redaction: Redaction) -> str:
    """Quote the reason of a policy or webhook, with its secrets masked; empty if it gives none."""
    masked = redaction.text(words)
    remedy = " Add --reveal to see what is masked." if masked != words else ""
    return f" It says: {shorten_text(masked).rstrip('.')}.{remedy}" if words else ""


def _rollout(cluster: Cluster, obj: Object, after: dict[str, Any], installation: Installation) -> str:
    """Describe in a sentence which pods the change replaces; empty if it replaces none."""
    try:
        old, new = (read_service(data, installation.release) for data in (obj.data, after))
    except Rejected:
        return ""
    components = causes_rollout(old, new, installation)
    if not components:
        return ""
    names = enumerated(components)
    if is_held(new, installation.release, is_unready(obj.data)):
        return f"the pods of the {names} keep the old settings, because the service has `disable-auto-update`."
    try:
        pods = _count_pods(cluster, obj)
    except ClusterError as error:
        return f"the change replaces the pods of the {names}; how many is unknown: {error}"
    if not any(pods[component] for component in components):
        return f"no pods of the {names} run now; new ones will have the change."
    numbers = enumerated([f"{counted(pods[component], 'pod')} of the {component}" for component in components])
    return f"the change replaces {numbers} with new ones."


def _count_pods(cluster: Cluster, obj: Object) -> Counter[str]:
    """Count the running pods of a service by component. Raises ClusterError."""
    if not is_label(obj.name):  # no pod has a label that is longer than labels may be
        return Counter()
    pods = map(read_pod, cluster.list(PODS, obj.namespace, f"{SERVICE_LABEL}={obj.name}"))
    return Counter(pod.component for pod in pods if pod)
