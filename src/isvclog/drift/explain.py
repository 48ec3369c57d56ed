"""Reasons why the arguments of one pod's agent are not the predicted ones.

Each flag that differs is compared with what the webhook, as it is now, would derive from the pod's own annotations. If
the agent has the same value, the pod's annotations are older than the service. If not, the pod or the webhook was
changed. Flags that the webhook takes from other places change without a rollout.
"""

from collections.abc import Iterator, Sequence

from isvclog.drift.arguments import argument_items, argument_value, differing_arguments
from isvclog.drift.causes import Difference, DriftCause
from isvclog.drift.pods import RunningPod
from isvclog.drift.settings import ADMISSION_FIELDS, CERTIFICATE, FIELDS, predictor_decides
from isvclog.kserve.apis import constants as c
from isvclog.kserve.controller.pod import Pod
from isvclog.kserve.prediction import Prediction
from isvclog.kserve.webhook.inject import Admission, Injection, inject, listed_keys, logged_pairs
from isvclog.records import NamedTuple

# Knative sets these by its own version, and by the account that KServe runs under.
_KNATIVE_OWN = ("autoscaling.knative.dev/", "serving.knative.dev/")


class KnownFacts(NamedTuple):
    """Knowledge about a cluster: whether its ConfigMap and the runtime that may add annotations to pods are known."""

    config: bool = True
    runtime: bool = True


class _Part(NamedTuple):
    """A part of an explanation: a cause, and the field or the keys that differ because of it."""

    cause: DriftCause
    field: str = ""
    keys: Sequence[str] = ()


def explain_pod(
    pod: RunningPod, prediction: Prediction, expected: Sequence[str], known: KnownFacts
) -> list[Difference]:
    """Explain the differences between a pod's agent and the `expected` arguments. The pod must have an agent."""
    assert pod.agent is not None
    changes = differing_arguments(pod.agent.args, expected)
    own_changes = differing_arguments(pod.agent.args, inject_again(pod, prediction).args or ())
    if changes is None or own_changes is None:
        return [Difference(DriftCause.SKEW, pod.revision)]
    parts = [_Part(DriftCause.FOREIGN, f"--{name}") for name in changes.foreign]
    if c.LOGGER in pod.annotations:
        for flag in sorted(changes.changed):
            parts += _explain_flag(flag, pod, prediction, known, as_annotated=flag not in own_changes.changed)
    else:
        parts.append(_Part(DriftCause.ROLLOUT, "logger"))
    return list(_merge(parts, pod.revision))


def inject_again(pod: RunningPod, prediction: Prediction) -> Injection:
    """Inject the agent as the webhook would if the pod were created now, with its own annotations and labels."""
    installation = prediction.installation
    seen = Admission(pod.annotations, pod.labels, pod.containers, pod.namespace, knative=pod.knative)
    return inject(seen, installation.config, prediction.service.predictor_logger, installation.release)


def _merge(parts: Sequence[_Part], revision: str) -> Iterator[Difference]:
    """Merge the parts of each cause to one difference, with each field and key once."""
    for cause in DriftCause:
        same = [part for part in parts if part.cause is cause]
        if same:
            fields = dict.fromkeys(part.field for part in same if part.field)
            keys = dict.fromkeys(key for part in same for key in part.keys)
            yield Difference(cause, revision, 1, tuple(fields), tuple(keys))


def _explain_flag(
    flag: str, pod: RunningPod, prediction: Prediction, known: KnownFacts, *, as_annotated: bool
) -> Iterator[_Part]:
    """Explain why the agent's value of a flag is not the predicted one.

    `as_annotated` is True if the webhook, as it is now, derives the agent's value from the pod's own annotations.
    """
    cause = DriftCause.ROLLOUT if as_annotated else DriftCause.SKEW
    if flag == "log-url":
        yield from _explain_url(cause, pod, prediction, known)
    elif flag in ADMISSION_FIELDS:
        yield _Part(_admission_cause(flag, prediction, known), ADMISSION_FIELDS[flag])
    elif flag == "metadata-annotations" and as_annotated:
        yield from _explain_annotations(pod, prediction, known)
    elif flag == "metadata-annotations":
        yield _Part(cause, FIELDS[flag], _differing_keys(pod))
    elif not _is_expected(flag, pod, known):
        yield _Part(cause, FIELDS.get(flag, f"--{flag}"))


def _is_expected(flag: str, pod: RunningPod, known: KnownFacts) -> bool:
    """Check whether nothing can be concluded from another value of the flag."""
    if flag == "source-uri" and pod.agent is not None:
        # A pod of a Deployment has no name when the webhook sees it, and one that was created by hand has.
        return argument_value(pod.agent.args, flag) == pod.name
    return flag == "component-port" and not known.runtime


def _explain_url(cause: DriftCause, pod: RunningPod, prediction: Prediction, known: KnownFacts) -> Iterator[_Part]:
    """Explain another log URL. `cause` is the one if the pod has an annotation with the URL."""
    if not known.config and not (prediction.logger and prediction.logger.url):
        yield _Part(DriftCause.UNPREDICTED, "defaultUrl")
    elif c.SINK_URL in pod.annotations:
        yield _Part(cause, FIELDS["log-url"])
    elif prediction.pod and c.SINK_URL in prediction.pod.annotations:
        yield _Part(DriftCause.ROLLOUT, FIELDS["log-url"])
    elif cause is DriftCause.SKEW:
        yield _Part(DriftCause.CONFIG if known.config else DriftCause.UNPREDICTED, "defaultUrl")


def _admission_cause(flag: str, prediction: Prediction, known: KnownFacts) -> DriftCause:
    """Return the cause of another value of one of the `ADMISSION_FIELDS`."""
    if flag == "logger-tls-skip-verify":
        # The webhook's two arguments mean true, whatever the ConfigMap says: only an older webhook passes none.
        return DriftCause.SKEW
    if predictor_decides(flag, prediction.service.predictor_logger):
        return DriftCause.SETTING
    if not known.config:
        return DriftCause.UNPREDICTED
    expected = (prediction.injection and prediction.injection.args) or ()
    # What the webhook passes no more was removed from the logger or from the ConfigMap.
    return DriftCause.CONFIG if flag == CERTIFICATE or f"--{flag}" in expected else DriftCause.SETTING


def _explain_annotations(pod: RunningPod, prediction: Prediction, known: KnownFacts) -> Iterator[_Part]:
    """Explain another list of annotations if the agent has the one of its own pod."""
    assert prediction.pod is not None
    declared = prediction.pod.annotations
    if listed_keys(pod.annotations) != listed_keys(declared):
        yield _Part(DriftCause.ROLLOUT, FIELDS["metadata-annotations"])
    changed = _changed_keys(pod, prediction.pod)
    # A key that the prediction lacks may come from a runtime that is not known.
    unpredicted = [key for key in changed if not known.runtime and key not in declared]
    if unpredicted:
        yield _Part(DriftCause.UNPREDICTED, keys=unpredicted)
    if rest := [key for key in changed if key not in unpredicted]:
        yield _Part(DriftCause.ROLLOUT, keys=rest)


def _changed_keys(pod: RunningPod, declared: Pod) -> list[str]:
    """List the keys that are in both lists and have different values, except those that Knative sets itself."""
    ours, theirs = dict(logged_pairs(pod.annotations)), dict(logged_pairs(declared.annotations))
    both = set(listed_keys(pod.annotations)).intersection(listed_keys(declared.annotations))
    changed = [key for key in listed_keys(declared.annotations) if key in both and ours.get(key) != theirs.get(key)]
    return [key for key in changed if not (pod.knative and key.startswith(_KNATIVE_OWN))]


def _differing_keys(pod: RunningPod) -> list[str]:
    """List the keys of the pod whose annotation the agent does not have as the pod has it."""
    assert pod.agent is not None
    items = set(argument_items(pod.agent.args, "metadata-annotations"))
    return [key for key, value in logged_pairs(pod.annotations) if f"{key}={value}" not in items]
