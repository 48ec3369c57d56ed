"""Reasons why the arguments of one pod's agent are not the predicted ones.

Each flag that differs is compared with what the webhook, as it is now, would derive from the pod's own annotations. If
the agent has the same value, the pod's annotations are older than the service. If not, the pod or the webhook was
changed. Flags that the webhook takes from other places change without a rollout.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from isvclog.drift.arguments import argument_items, argument_value, differing_arguments
from isvclog.drift.causes import Difference, DriftCause
from isvclog.drift.pods import RunningPod
from isvclog.drift.settings import CERTIFICATE, FIELDS, LIVE, of_predictor
from isvclog.kserve.apis import constants as c
from isvclog.kserve.controller.pod import Pod
from isvclog.kserve.prediction import Prediction
from isvclog.kserve.webhook.inject import Admission, Injection, inject, listed_keys, logged_pairs

# What Knative puts there depends on its own version, and on the account that KServe runs under.
_KNATIVE_OWN = ("autoscaling.knative.dev/", "serving.knative.dev/")


class KnownFacts(NamedTuple):
    """The facts that are known about the cluster.

    `config` is True if its ConfigMap is known. `runtime` is True if the runtime that gave the pods annotations is
    known.
    """

    config: bool = True
    runtime: bool = True


class _Found:
    """The fields and keys of each cause, each once, in the order in which they were found."""

    def __init__(self) -> None:
        self.fields: dict[DriftCause, dict[str, None]] = defaultdict(dict)
        self.keys: dict[DriftCause, dict[str, None]] = defaultdict(dict)

    def add(self, cause: DriftCause, field: str = "", keys: Sequence[str] = ()) -> None:
        self.fields[cause].update({field: None} if field else {})
        self.keys[cause].update(dict.fromkeys(keys))

    def differences(self, revision: str) -> Iterator[Difference]:
        for cause in DriftCause:
            if cause in self.fields:
                yield Difference(cause, revision, 1, tuple(self.fields[cause]), tuple(self.keys[cause]))


def explain_pod(
    pod: RunningPod, prediction: Prediction, expected: Sequence[str], known: KnownFacts
) -> list[Difference]:
    """Explain the differences between a pod's agent and the `expected` arguments. The pod must have an agent."""
    assert pod.agent is not None
    assert prediction.pod is not None
    found = _Found()
    actual, own = pod.agent.args, inject_again(pod, prediction)
    against = differing_arguments(actual, expected)
    against_own = differing_arguments(actual, own.args or ())
    if against is None or against_own is None:
        return [Difference(DriftCause.SKEW, pod.revision)]
    for name in against.foreign:
        found.add(DriftCause.FOREIGN, f"--{name}")
    settled = c.LOGGER in pod.annotations
    if not settled:
        found.add(DriftCause.ROLLOUT, "logger")
    for flag in sorted(against.changed) if settled else ():
        same = flag not in against_own.changed
        if flag == "logger-tls-skip-verify":
            # The webhook's two arguments mean true, whatever the ConfigMap says: only an older one passes none.
            found.add(DriftCause.SKEW, LIVE[flag])
        elif flag == "log-url" and not known.config and not (prediction.logger and prediction.logger.url):
            found.add(DriftCause.UNPREDICTED, "defaultUrl")
        elif flag in LIVE or (flag == "log-url" and c.SINK_URL not in pod.annotations):
            _add_live(found, flag, pod, prediction, known, same)
        elif flag == "component-port" and not known.runtime:
            continue
        elif flag == "source-uri" and argument_value(actual, flag) == pod.name:
            continue  # a pod of a Deployment has no name when the webhook sees it, and one made by hand has
        elif flag == "metadata-annotations":
            _add_annotations(found, pod, prediction.pod, known, same)
        else:
            found.add(DriftCause.ROLLOUT if same else DriftCause.SKEW, FIELDS.get(flag, f"--{flag}"))
    return list(found.differences(pod.revision))


def inject_again(pod: RunningPod, prediction: Prediction) -> Injection:
    """Inject the agent as the webhook would if the pod were created now, with its own annotations and labels."""
    installation = prediction.installation
    seen = Admission(pod.annotations, pod.labels, pod.containers, pod.namespace, knative=pod.knative)
    return inject(seen, installation.config, prediction.service.predictor_logger, installation.release)


def _add_live(found: _Found, flag: str, pod: RunningPod, prediction: Prediction, known: KnownFacts, same: bool) -> None:
    logger, injection = prediction.service.predictor_logger, prediction.injection
    if flag == "log-url":
        if prediction.pod and c.SINK_URL in prediction.pod.annotations:
            found.add(DriftCause.ROLLOUT, FIELDS[flag])
        elif not same:
            found.add(DriftCause.CONFIG if known.config else DriftCause.UNPREDICTED, "defaultUrl")
    elif of_predictor(flag, logger):
        found.add(DriftCause.SETTING, LIVE[flag])
    elif not known.config:
        found.add(DriftCause.UNPREDICTED, LIVE[flag])
    elif flag == CERTIFICATE or f"--{flag}" in ((injection and injection.args) or ()):
        found.add(DriftCause.CONFIG, LIVE[flag])
    else:  # gone from the logger or from the ConfigMap
        found.add(DriftCause.SETTING, LIVE[flag])


def _add_annotations(found: _Found, pod: RunningPod, declared: Pod, known: KnownFacts, same: bool) -> None:
    ours, theirs = dict(logged_pairs(pod.annotations)), dict(logged_pairs(declared.annotations))
    if not same:
        assert pod.agent is not None
        held = set(argument_items(pod.agent.args, "metadata-annotations"))
        keys = [key for key, text in ours.items() if f"{key}={text}" not in held]
        found.add(DriftCause.SKEW, FIELDS["metadata-annotations"], keys)
        return
    if listed_keys(pod.annotations) != listed_keys(declared.annotations):
        found.add(DriftCause.ROLLOUT, FIELDS["metadata-annotations"])
    both = set(listed_keys(pod.annotations)) & set(listed_keys(declared.annotations))
    changed = [key for key in listed_keys(declared.annotations) if key in both and ours.get(key) != theirs.get(key)]
    changed = [key for key in changed if not (pod.knative and key.startswith(_KNATIVE_OWN))]
    # Whatever the prediction lacks may come from a runtime that nobody has shown.
    strange = [key for key in changed if not known.runtime and key not in theirs]
    if strange:
        found.add(DriftCause.UNPREDICTED, keys=strange)
    if rest := [key for key in changed if key not in strange]:
        found.add(DriftCause.ROLLOUT, keys=rest)
