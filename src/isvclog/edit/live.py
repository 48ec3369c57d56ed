"""Edits of a service in a cluster: read it, review the edit, patch it, and try again if somebody else was faster."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from enum import Enum
from typing import Any

from isvclog.cluster import INFERENCE_SERVICES, PODS, Cluster, ClusterError, Conflict, Forbidden, Patched, is_label
from isvclog.drift import is_unready, read_pod, read_rollout
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
from isvclog.kserve.controller.rollout import causes_rollout, is_held, replaced_canaries
from isvclog.lint.engine import select_rules
from isvclog.live import Facts, find_service
from isvclog.manifest import Object
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.intended import apply_changes
from isvclog.records import NamedTuple
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
    """The result of an edit: its plan, and the number of errors that lint finds in it and that have blocked it.

    `redaction` masks the secrets of the service. `known` counts findings that are as they were.
    """

    plan: EditPlan
    redaction: Redaction
    blocking: int = 0
    known: int = 0


class ServiceEditor:
    """An editor of services in a cluster.

    `report` is called with each finding about the edited components, once and before the change is stored. `notify` is
    called after that with sentences about the rollout, about other tools that undo the edit, and from the API server.
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
            return LiveEdit(plan, redaction, len(review.blocking), review.known)
        if plan.changes:
            after = apply_changes(obj.data, plan.changes)
            # The pods are counted before they are replaced, and reported only when the change is made.
            rollout = _rollout(self._cluster, obj, after, installation)
            patched = self._patch(obj, plan, redaction) if settings.mode is not PatchMode.NONE else None
            for sentence in filter(None, (rollout, warn_of_undo(plan, after, redaction.text))):
                self._notify(sentence)
            if patched:
                self._check_kept(obj, plan, after, patched, redaction)
        return LiveEdit(plan, redaction, known=review.known)

    def _is_new(self, said: object) -> bool:
        """Check whether something was not said in an earlier attempt."""
        new = said not in self._said
        self._said.add(said)
        return new

    def _patch(self, obj: Object, plan: EditPlan, redaction: Redaction) -> Patched:
        """Send the changes. Raises Conflict if they no longer fit, and IsvclogError with the reason of a denial."""
        dry_run = self._settings.mode is PatchMode.DRY_RUN
        operations = json_patch(obj.data, plan.changes, [step.path for step in plan.notes])
        try:
            return self._cluster.patch(INFERENCE_SERVICES, obj.name, obj.namespace, operations, dry_run=dry_run)
        except Forbidden as denial:
            raise IsvclogError(f"{denial}{_quoted(denial.words, redaction)}") from None

    def _check_kept(
        self, obj: Object, plan: EditPlan, after: dict[str, Any], patched: Patched, redaction: Redaction
    ) -> None:
        """Pass on the server's warnings. Raises IsvclogError if it does not keep one of the changes as it was sent."""
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
        return _replaced_pods(components, *_count_pods(cluster, obj, replaced_canaries(old, new, installation)))
    except ClusterError as error:
        return f"the change replaces the pods of the {names}; how many is unknown: {error}"


def _replaced_pods(components: Sequence[str], replaced: Counter[str], staying: Counter[str]) -> str:
    """Describe in a sentence how many pods of the components are replaced."""
    if any(replaced[component] for component in components):
        numbers = [f"{counted(replaced[component], 'pod')} of the {component}" for component in components]
        return f"the change replaces {enumerated(numbers)} with new ones."
    names = enumerated(components)
    kept = any(staying[component] for component in components)
    running = f"the running pods of the {names} keep their settings" if kept else f"no pods of the {names} run now"
    return f"{running}; new ones will have the change."


def _count_pods(cluster: Cluster, obj: Object, canaries: Collection[str]) -> tuple[Counter[str], Counter[str]]:
    """Count the pods of a service that a change replaces, and those that stay, by component. Raises ClusterError.

    Pods of canary predictors are replaced if they are among `canaries`.
    """
    replaced, staying = Counter[str](), Counter[str]()
    if is_label(obj.name):  # no pod has a label that is longer than labels may be
        for pod in map(read_pod, cluster.list(PODS, obj.namespace, f"{SERVICE_LABEL}={obj.name}")):
            if pod:
                stays = read_rollout(obj.data, pod.component).outlives_change(pod.revision)
                other = pod.canary and pod.canary not in canaries
                (staying if stays or other else replaced)[pod.component] += 1
    return replaced, staying
