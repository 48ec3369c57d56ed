"""The status of each listed annotation between the manifest and the event, and the reason for it.

Nothing is parsed again here: a status is the difference between what the author listed and what the prediction
contains.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from isvclog.diagnosis.lineage.status import (
    KeyStatus,
    Reason,
    Status,
    overridden_statuses,
    pruned_statuses,
    unlogged_statuses,
)
from isvclog.kserve.agent.pairs import Item, Pair, Reading, read_pairs
from isvclog.kserve.agent.startup import ExitCause
from isvclog.kserve.apis import constants as c
from isvclog.kserve.controller.pod import Pod
from isvclog.kserve.prediction import Prediction
from isvclog.kserve.webhook.environment import SECRETS
from isvclog.kserve.webhook.inject import listed_keys, logged_pairs
from isvclog.kserve.webhook.kubelet import dollars, expand
from isvclog.records import NamedTuple
from isvclog.suggest import close_key

# Somebody who lists more missing keys than this has not mistyped them.
HINTED = 50


class _List(NamedTuple):
    """The agent's list, by keys.

    `last` has the deciding item of each key, because later items win. `place` has the index of each key's last pair.
    """

    pairs: Sequence[Pair]
    reading: Reading
    last: Mapping[str, Item]
    place: Mapping[str, int]

    def owner(self, key: str) -> str:
        """Return the annotation in whose value the deciding item of a key begins, or an empty string."""
        return self.pairs[self.last[key].pair][0] if key in self.last else ""


def annotation_statuses(
    prediction: Prediction, *, delivered: bool = True, as_if_started: bool = False
) -> Iterator[KeyStatus]:
    """Yield the status of every listed annotation in list order, then of keys that nobody listed.

    `delivered` is False if the events of the exchange do not leave the pod. With `as_if_started`, the statuses are
    those after a successful start, even if something other than the list keeps the agent from starting.
    """
    yield from pruned_statuses(prediction, "metadataAnnotations")
    yield from overridden_statuses(prediction, c.METADATA_ANNOTATIONS)
    pod = prediction.pod
    if pod is None:
        yield from unlogged_statuses(prediction.logger.metadata_annotations if prediction.logger else None)
        return
    read_list = _read_list(prediction, pod)
    memory = _memory(prediction, read_list.reading, as_if_started)
    entries = (_annotation_status(key, prediction, pod, read_list, memory) for key in listed_keys(pod.annotations))
    for entry in _with_hints(entries, pod):
        yield entry if delivered or entry.value is None else entry.unsent()
    if delivered and memory:
        yield from _injected_statuses(memory, read_list)


def _with_hints(entries: Iterable[KeyStatus], pod: Pod) -> Iterator[KeyStatus]:
    """Yield the entries, with the message for each key that the pod does not have; only the first get a hint."""
    absent = 0
    for entry in entries:
        if entry.reason is Reason.NOT_ON_POD:
            absent += 1
            entry = entry._replace(message=_missing_message(entry.name, pod, hint=absent <= HINTED))
        yield entry


def _injected_statuses(memory: Mapping[str, str], read_list: _List) -> Iterator[KeyStatus]:
    """Yield the status of each key that is in the agent's memory but not on the pod."""
    for key, value in memory.items():
        if key not in read_list.place:
            owner = read_list.owner(key)
            message = f"a comma in {owner!r} creates it"
            yield KeyStatus(key, Status.INJECTED, Reason.INJECTED_BY_COMMA, message, owner, value)


def _read_list(prediction: Prediction, pod: Pod) -> _List:
    pairs = logged_pairs(pod.annotations)
    reading = read_pairs(pairs, prediction.environment)
    last = {item.key: item for item in reading.items}
    return _List(pairs, reading, last, {key: index for index, (key, _) in enumerate(pairs)})


def _memory(prediction: Prediction, reading: Reading, as_if_started: bool) -> Mapping[str, str] | None:
    """Return the annotations in the agent's memory, or None if no logger runs."""
    if prediction.settings is not None:
        return prediction.settings.annotations
    if as_if_started and reading.broken is None:
        return {item.key: item.value for item in reading.items if item.value is not None}
    return None


def _annotation_status(
    key: str, prediction: Prediction, pod: Pod, read_list: _List, memory: Mapping[str, str] | None
) -> KeyStatus:
    """Find out what happens to one listed key. `memory` are the annotations in the agent's memory, None without one."""
    if key not in pod.annotations:
        return _absent_status(key, pod)
    sources = tuple((layer.source, layer.annotations[key]) for layer in pod.layers if key in layer.annotations)
    if memory is None:
        return KeyStatus(key, Status.LOST, Reason.NO_LOGGER, "no logger runs", sources=sources)
    written = pod.annotations[key]
    value = memory.get(key)
    if value is None:
        return KeyStatus(key, Status.LOST, *_explain_loss(key, read_list), sources=sources)
    if value != written:
        details = _explain_alteration(key, written, prediction, read_list)
        return KeyStatus(key, Status.ALTERED, *details, value, sources)
    if len({text for _, text in sources}) > 1:
        message = f"{sources[-1][0]} overrides {sources[-2][0]}"
        return KeyStatus(key, Status.OVERRIDDEN, Reason.COMPONENT_WINS, message, value=value, sources=sources)
    return KeyStatus(key, Status.CARRIED, value=value, sources=sources)


def _absent_status(key: str, pod: Pod) -> KeyStatus:
    """Tell apart a key that KServe or Knative removes and one that is in no source of the pod's annotations."""
    removed = [layer.removed[key] for layer in pod.layers if key in layer.removed]
    if removed:
        return KeyStatus(key, Status.FILTERED, Reason.REMOVED_BY_PLATFORM, removed[-1])
    return KeyStatus(key, Status.MISSING, Reason.NOT_ON_POD)


def near_annotation(key: str, pod: Pod) -> str:
    """Find the annotation of the pod that a key without a match probably means, or return an empty string."""
    wanted = key.strip().casefold()
    same = next((name for name in pod.annotations if name.casefold() == wanted), "")
    return same or close_key(key, sorted(name for name in pod.annotations if not name.startswith(c.INTERNAL)))


def _missing_message(key: str, pod: Pod, *, hint: bool) -> str:
    if not key:
        return "an empty name never matches"
    near = near_annotation(key, pod) if hint else ""
    return f"the pod has no such annotation{f'; did you mean {near!r}?' if near else ''}"


def _explain_alteration(key: str, written: str, prediction: Prediction, read_list: _List) -> tuple[Reason, str, str]:
    """Explain why the agent has another value than the pod.

    Returns the reason, a message, and the annotation that causes it if it is another one.
    """
    owner, reading = read_list.owner(key), read_list.reading
    if owner != key:
        return Reason.OVERWRITTEN_BY_COMMA, f"a comma in {owner!r} overrides it", owner
    expanded = expand(written, prediction.environment)
    item = read_list.last.get(key)
    if item is not None and item.value == expanded:
        return Reason.EXPANDED_BY_KUBELET, _expansion(written), ""
    if item is not None and reading.items[-1] == item and reading.last == item.pair:
        return Reason.CUT_BY_LINE_BREAK, "the agent reads only up to the first line break", ""
    if written.endswith("\r"):
        return Reason.CARRIAGE_RETURN_DROPPED, "the agent drops the carriage return at the end of its list", ""
    return Reason.SPLIT_BY_COMMA, "the agent splits the list at commas", ""


def _expansion(written: str) -> str:
    secrets = expanded_secrets(written)
    if secrets:
        return f"Kubernetes inserts the secret {secrets[0]}, which leaves the cluster with every event"
    return "Kubernetes replaces $(NAME) and $$ in arguments, and damages a non-ASCII character after a $"


def expanded_secrets(written: str) -> list[str]:
    """List the agent's secret variables that a value names."""
    named = {dollar.name for dollar in dollars(written)}
    return [name for name in SECRETS if name in named]


def _explain_loss(key: str, read_list: _List) -> tuple[Reason, str, str]:
    """Return reason, message and cause for a pod annotation that the agent does not have in memory.

    The cause is the name of another annotation, or empty.
    """
    pairs, reading, own = read_list.pairs, read_list.reading, read_list.place[key]
    if reading.last < own:
        by = pairs[reading.last][0]
        return Reason.AFTER_LINE_BREAK, f"the agent reads only up to the line break in {by!r}", by
    before = bisect_right(reading.items, own, key=lambda item: item.pair)
    if not before:
        return Reason.NOT_READ, "the agent does not read it", ""
    by = pairs[reading.items[before - 1].pair][0]
    return Reason.QUOTED_INTO_OTHER, f"it is inside a quoted part of {by!r}", by


def crashing_annotation_name(prediction: Prediction) -> str:
    """Find the annotation that keeps the agent from starting; an empty string if something else does."""
    startup, pod = prediction.startup, prediction.pod
    if startup is None or pod is None or startup.flag != "metadata-annotations":
        return ""
    pairs = logged_pairs(pod.annotations)
    if startup.cause is ExitCause.TOO_LONG:
        return max(pairs, key=lambda pair: len(pair[1]), default=("", ""))[0]
    if startup.cause is ExitCause.NUL:
        return next((name for name, value in pairs if "\0" in value), "")
    return _unreadable_annotation(pairs, read_pairs(pairs, prediction.environment))


def _unreadable_annotation(pairs: Sequence[Pair], reading: Reading) -> str:
    """Find the annotation at which the agent cannot read the list, or that contains an item without `=`."""
    if reading.broken is not None:
        return pairs[reading.broken][0]
    return next((pairs[item.pair][0] for item in reading.items if item.value is None), "")
