"""All running pods of one component, compared with its prediction."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from isvclog.drift.absence import find_absence
from isvclog.drift.causes import ADMIT_PODS, ComponentState, Difference, DriftCause
from isvclog.drift.crash import find_crash
from isvclog.drift.explain import KnownFacts, explain_pod, inject_again
from isvclog.drift.images import differing_part
from isvclog.drift.pods import Agent, RunningPod
from isvclog.drift.rollout import Rollout
from isvclog.findings import code
from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.status import ReportedShortage
from isvclog.kserve.controller.rollout import is_held
from isvclog.kserve.prediction import BlockedBy, Prediction, predict, predict_worker
from isvclog.kserve.webhook.agent_config import agent_image
from isvclog.kserve.webhook.inject import Skipped
from isvclog.records import NamedTuple

# Nothing can be compared, because the prediction itself is not certain.
_UNPREDICTABLE = (BlockedBy.CONFIG, BlockedBy.NOT_DEPLOYED, BlockedBy.REJECTED_POD, BlockedBy.NO_POD)
_EXCLUDED = f"no pods run, and new ones get no agent, because the namespace has the label {c.EXCLUDING_LABEL}"
_REPLACED_IMAGE = (
    "Restart the pods. If new ones have it, too, a policy replaces the image: name that one in the ConfigMap."
)
_WORST = tuple(reversed(ComponentState))
# Older revisions differ in these ways by design.
_BY_AGE = frozenset(
    (
        DriftCause.ROLLOUT,
        DriftCause.HELD,
        DriftCause.SETTING,
        DriftCause.CONFIG,
        DriftCause.IMAGE,
        DriftCause.UNDECLARED,
    )
)


class Comparison(NamedTuple):
    """The result for one component: worst differences first. `note` says why nothing could be compared."""

    state: ComponentState
    differences: tuple[Difference, ...] = ()
    pods: int = 0
    note: str = ""


def compare(
    prediction: Prediction,
    pods: Iterable[RunningPod],
    rollout: Rollout,
    known: KnownFacts,
    shortage: ReportedShortage | None = None,
) -> Comparison:
    """Compare the pods of this component, among those of its service, with its prediction.

    `shortage` is the reason that the cluster reports for pods that do not run.
    """
    ours = [pod for pod in pods if pod.component == prediction.component.name]
    absence = find_absence(prediction, shortage, len(ours))
    if not _is_excluded(prediction):
        return _compare(prediction, ours, [*absence, *_find_all(ours, prediction, rollout, known)], rollout)
    # Pods that are older than the label of the namespace have agents.
    installation = prediction.installation._replace(excludes_pods=False)
    prediction = predict(prediction.service, prediction.component, installation, as_if_deployed=True)
    excluded = [_excluded_pod(pod, prediction) for pod in ours if pod.agent is None]
    seen = [pod for pod in ours if pod.agent is not None]
    compared = _compare(prediction, ours, [*absence, *excluded, *_find_all(seen, prediction, rollout, known)], rollout)
    return compared if ours else compared._replace(note=_EXCLUDED)


def _compare(
    prediction: Prediction, pods: Sequence[RunningPod], found: Iterable[Difference], rollout: Rollout
) -> Comparison:
    differences = _merge_pods(found)
    state, note = _component_state(prediction, pods, differences, rollout)
    return Comparison(state, differences, len(pods), note)


def _is_excluded(prediction: Prediction) -> bool:
    return prediction.injection is not None and prediction.injection.skipped is Skipped.EXCLUDED


def _find_all(
    pods: Iterable[RunningPod], prediction: Prediction, rollout: Rollout, known: KnownFacts
) -> Iterator[Difference]:
    """Yield the differences of all pods of a component; those of equal pods are found once."""
    compared: dict[Any, Sequence[Difference]] = {}
    for pod in pods:
        if crash := find_crash(pod, prediction):
            yield crash
        agent = pod.agent and (pod.agent.args, pod.agent.image, pod.agent.ca_bundle)
        key = pod.revision, pod.service_account, agent, *_metadata(pod)
        if key not in compared:
            compared[key] = list(_compare_pod(pod, prediction, rollout, known))
        yield from compared[key]


def _metadata(pod: RunningPod) -> tuple[Any, ...]:
    """Return the metadata that decides about a pod's own arguments, besides its containers.

    Pods of one revision have the same.
    """
    return tuple(pod.annotations.items()), pod.labels.get("app"), pod.labels.get(c.ENDPOINT_LABEL)


def _compare_pod(pod: RunningPod, prediction: Prediction, rollout: Rollout, known: KnownFacts) -> Iterable[Difference]:
    """Find the differences of one pod, except those that a crash causes."""
    if prediction.blocked_by in _UNPREDICTABLE:
        return []
    if pod.canary and prediction.service.canary:
        return _compare_canary(pod, prediction, rollout, known)
    if pod.worker:
        worker = predict_worker(prediction.service, prediction.component, prediction.installation)
        known = known if worker else known._replace(runtime=False)
        return _compare_own(pod, worker or prediction, rollout, known)
    return _compare_own(pod, prediction, rollout, known)


def _compare_canary(pod: RunningPod, stable: Prediction, rollout: Rollout, known: KnownFacts) -> list[Difference]:
    """Find the differences of a canary's pod from what is predicted for the canary, if it is still in the manifest."""
    canary = stable.service.canaries.get(pod.canary)
    if canary is None:
        return [Difference(DriftCause.CANARY, pod.revision)] if stable.wants_logger else []
    prediction = predict(stable.service, canary, stable.installation, as_if_deployed=True)
    bypassed = [Difference(DriftCause.CANARY, pod.revision)] if prediction.wants_logger else []
    return [*bypassed, *_compare_own(pod, prediction, rollout, known)]


def _compare_own(pod: RunningPod, prediction: Prediction, rollout: Rollout, known: KnownFacts) -> Iterable[Difference]:
    expected = prediction.injection.args if prediction.injection else None
    if not prediction.wants_logger:
        found = _undeclared_logger(pod)
    elif expected is None:
        return [_name_taken(pod)]
    elif pod.agent is None:
        found = [_missing_agent(pod, prediction)]
    else:
        found = _compare_agent(pod, pod.agent, prediction, expected, known)
    return _adjust_to_age(found, pod, prediction, rollout)


def _undeclared_logger(pod: RunningPod) -> list[Difference]:
    logs = pod.agent is not None and pod.agent.logs
    return [Difference(DriftCause.UNDECLARED, pod.revision, fields=("logger",))] if logs else []


def _missing_agent(pod: RunningPod, prediction: Prediction) -> Difference:
    """Describe the difference of a pod without an agent: it is older than the logger, or the webhook was bypassed."""
    if inject_again(pod, prediction).skipped is Skipped.NOT_WANTED:
        return Difference(DriftCause.ROLLOUT, pod.revision, fields=("logger",))
    return Difference(DriftCause.NO_AGENT, pod.revision, advice=_outage(prediction))


def _compare_agent(
    pod: RunningPod, agent: Agent, prediction: Prediction, expected: Sequence[str], known: KnownFacts
) -> list[Difference]:
    """Find the differences of a pod's agent: its arguments, image and CA bundle, and the pod's service account."""
    found: list[Difference] = []
    if agent.args != expected:
        runtime = known.runtime and not _lacks_runtime(prediction)
        found += explain_pod(pod, prediction, expected, known._replace(runtime=runtime))
    declared = prediction.component.service_account
    if declared and not pod.worker and pod.service_account not in ("", declared):
        _add_field(found, DriftCause.ROLLOUT, pod.revision, "serviceAccountName")
    if known.config:
        _compare_with_config(found, pod.revision, agent, prediction)
    return found


def _compare_with_config(found: list[Difference], revision: str, agent: Agent, prediction: Prediction) -> None:
    """Add what the ConfigMap decides besides arguments, and is another one: the image and the CA bundle.

    Source: agent_injector.go, InjectAgent.
    """
    if prediction.injection and agent.ca_bundle != prediction.injection.ca_bundle:
        _add_field(found, DriftCause.CONFIG, revision, "caBundle")
    image = agent_image(prediction.installation.config)
    if agent.image and image and (part := differing_part(agent.image, image)):
        advice = "" if part == "release" else _REPLACED_IMAGE
        found.append(Difference(DriftCause.IMAGE, revision, detail=part, advice=advice))


def _add_field(found: list[Difference], cause: DriftCause, revision: str, field: str) -> None:
    """Add a field to the difference of a cause, which is added if there is none."""
    index = next((index for index, difference in enumerate(found) if difference.cause is cause), None)
    if index is None:
        found.append(Difference(cause, revision, fields=(field,)))
    else:
        found[index] = found[index]._replace(fields=(*found[index].fields, field))


def _excluded_pod(pod: RunningPod, prediction: Prediction) -> Difference:
    """Describe the difference of a pod that KServe's webhook did not see."""
    label = code(c.EXCLUDING_LABEL)
    detail = f"because the namespace has the label {label}, so KServe's webhook does not see its pods"
    advice = f"Deploy the service in a namespace without the label {label}"
    return Difference(DriftCause.NO_AGENT, pod.revision, detail=detail, advice=_until_then(advice, prediction))


def _name_taken(pod: RunningPod) -> Difference:
    """Describe the difference of a pod in which a user's container has, or soon will have, the agent's name."""
    if pod.agent and pod.agent.logs:
        return Difference(DriftCause.ROLLOUT, pod.revision, fields=("containers",))
    taken = f"because another container is called {code(c.AGENT_CONTAINER)}"
    return Difference(DriftCause.NO_AGENT, pod.revision, detail=taken, advice="Give that container another name.")


def _lacks_runtime(prediction: Prediction) -> bool:
    pod = prediction.pod
    return prediction.component.model is not None and pod is not None and pod.runtime is None


def _outage(prediction: Prediction) -> str:
    """Write the advice for a pod without an agent if its Service sends requests to the agent's port, or return "".

    In Standard mode requests go to that port, whether or not there is an agent.
    """
    if not _is_redirected(prediction):
        return ""
    return _until_then(ADMIT_PODS, prediction)


def _until_then(advice: str, prediction: Prediction) -> str:
    """Complete an advice with what happens before, if the Service sends requests to an agent that is not there."""
    if not _is_redirected(prediction):
        return f"{advice}."
    return f"{advice}: until then requests fail, because the Service sends them to the agent's port."


def _is_redirected(prediction: Prediction) -> bool:
    return prediction.mode == c.STANDARD and prediction.pod is not None and prediction.pod.redirected


def _adjust_to_age(
    found: Iterable[Difference], pod: RunningPod, prediction: Prediction, rollout: Rollout
) -> Iterable[Difference]:
    """Yield the differences, with another cause if the revision is an older one or the service is not updated.

    Older revisions differ by design. `disable-auto-update` keeps a service from being updated.
    """
    held = is_held(prediction.service, prediction.installation.release, rollout.unready)
    for difference in found:
        if difference.cause in _BY_AGE and _is_older(pod, rollout):
            yield difference._replace(cause=DriftCause.PREVIOUS)
        elif difference.cause is DriftCause.ROLLOUT and held:
            yield difference._replace(cause=DriftCause.HELD)
        else:
            yield difference


def _is_older(pod: RunningPod, rollout: Rollout) -> bool:
    return rollout.is_serving_old(pod.revision) or rollout.is_retired(pod.revision)


def _merge_pods(found: Iterable[Difference]) -> tuple[Difference, ...]:
    """Merge equal differences of one revision into one that counts their pods; worst first."""
    counted: dict[Difference, int] = {}
    for difference in found:
        counted[difference] = counted.get(difference, 0) + difference.pods
    merged = [difference._replace(pods=count) for difference, count in counted.items()]
    return tuple(sorted(merged, key=lambda item: (_WORST.index(item.cause.state), item.revision)))


def _component_state(
    prediction: Prediction, pods: Sequence[RunningPod], differences: Sequence[Difference], rollout: Rollout
) -> tuple[ComponentState, str]:
    """Return the state of a component, and a note that says why it is unknown."""
    worst = differences[0].cause.state if differences else ComponentState.MATCHES
    if worst not in (ComponentState.MATCHES, ComponentState.UNKNOWN):
        return worst, ""
    if not prediction.wants_logger:
        return (ComponentState.OFF if worst is ComponentState.MATCHES else worst), ""
    if prediction.blocked_by and prediction.blocked_by in _UNPREDICTABLE:
        return ComponentState.UNKNOWN, prediction.blocked_by.value
    if not pods:
        return ComponentState.UNKNOWN, "no pods run"
    if all(pod.canary or _is_older(pod, rollout) for pod in pods):
        return ComponentState.UNKNOWN, "no pods of the newest revision run"
    return worst, ""
