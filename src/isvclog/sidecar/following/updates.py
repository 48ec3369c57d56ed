"""Changes of a service while its sidecar runs: what a new prediction means for it, and what became of it."""

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

from isvclog.errors import IsvclogError
from isvclog.findings import counted, enumerated
from isvclog.keypath import dotted
from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.installation import ConfigError
from isvclog.kserve.prediction import BlockedBy, Prediction
from isvclog.records import NamedTuple
from isvclog.sidecar.server import SidecarServer

ROLLOUT = "the real sidecar keeps its metadata until its pod is replaced, so it needs a rollout for that"
_FLAGS = {
    "url": "--log-url",
    "mode": "--log-mode",
    "source": "--source-uri",
    "service": "--inference-service",
    "namespace": "--namespace",
    "endpoint": "--endpoint",
    "component": "--component",
    "metadata_headers": "--metadata-headers",
    "cert_file": "--logger-ca-cert-file",
    "tls_skip_verify": "--logger-tls-skip-verify",
    "store": "--log-store-path or --log-store-format",
    "marshaller_url": "--log-marshaller-url",
    "batch_size": "--log-batch-size",
    "batch_interval_ns": "--log-batch-interval",
    "release": "the release of KServe",
}
"""The fields of the settings that a swap replaces, by the flag that each comes from; `annotations` are told by key."""
_FIXED_FLAGS = ("--port", "--component-port", "--workers", "--enable-batcher", "--max-batchsize", "--max-latency")
"""Flags that take effect at the start only."""
_SHOWN = 5


_WITHOUT_POD = (BlockedBy.CONFIG, BlockedBy.NOT_DEPLOYED, BlockedBy.NO_POD, BlockedBy.REJECTED_POD)


class Update(NamedTuple):
    """The meaning of a changed service for its sidecar.

    `settings` are None if no logger runs any more. `listed` are the annotations that the manifest lists. `refusal` is
    the reason why the old settings stay, empty if the new ones apply; it contains no values of annotations.
    """

    settings: AgentSettings | None = None
    args: Sequence[str] = ()
    listed: Collection[str] = ()
    refusal: str = ""


def update_from(prediction: Prediction) -> Update:
    """Build the update that a prediction means. What starts no agent, or no new pod, is refused."""
    startup = prediction.startup
    if startup is not None and not startup.runs:
        code = f"exit code {startup.exit}" if startup.exit is not None else str(startup.exec_error)
        cause = f": {startup.cause.value}" if startup.cause else ""
        return Update(refusal=f"the agent would not start ({code}){cause}; `isvclog preview` shows the remedy")
    if prediction.blocked_by in _WITHOUT_POD:
        return Update(refusal=f"{prediction.blocked_by.value}: `isvclog preview` shows the remedy")
    logger = prediction.logger
    return Update(prediction.settings, prediction.args, (logger and logger.metadata_annotations) or ())


def update_of(predict: Callable[[], Prediction]) -> Update:
    """Build the update that the prediction of a changed service means; refuse what cannot be predicted.

    `predict` raises IsvclogError if the service cannot be read, and Rejected if the API server does not accept it.
    """
    try:
        return update_from(predict())
    except Rejected as rejected:
        place = dotted(rejected.path)
        return Update(refusal=f"the API server would not accept {place}; `isvclog validate` shows what is wrong")
    except (IsvclogError, ConfigError) as error:
        return Update(refusal=str(error).rstrip("."))


class UpdateControl:
    """Applies updates to a running sidecar, and reports each in a sentence.

    `args` are the agent's arguments that the sidecar was started with. Everything is called in the thread of its loop.
    """

    def __init__(self, server: SidecarServer, args: Sequence[str], report: Callable[[str], None]) -> None:
        self._server = server
        self._args = args
        self._tell = report
        self._last = ""

    def apply(self, update: Update) -> None:
        """Swap the settings, or refuse the update."""
        if update.refusal:
            self.refuse(update.refusal)
            return
        server, before = self._server, self._server.settings
        if update.settings != before:
            told = len(server.notes)
            try:
                server.swap(update.settings)
            except IsvclogError as error:
                self.refuse(str(error).rstrip("."))
                return
            change = summarize_change(before, update.settings, update.listed)
            self._tell(f"generation {server.number}: {change}; {ROLLOUT}.")
            for sentence in server.notes[told:]:
                self._tell(sentence)
        elif self._last:
            self._tell(f"the settings are those of generation {server.number} again.")
        fixed = changed_flags(self._args, update.args) if update.settings is not None else []
        if fixed:
            self._tell(f"{enumerated(fixed, _SHOWN)} changed; restart simulate to use the new value.")
            self._args = update.args
        self._last = ""

    def refuse(self, reason: str) -> None:
        """Report why a change is not used."""
        self.tell_once(f"a change is not used, and generation {self._server.number} stays: {reason}.")

    def tell_once(self, sentence: str) -> None:
        """Report a sentence, unless it is the last one."""
        if sentence != self._last:
            self._last = sentence
            self._tell(sentence)


def summarize_change(before: AgentSettings | None, after: AgentSettings | None, listed: Collection[str]) -> str:
    """Name what differs, without values.

    Keys that are not listed are only counted: they may be parts of a value that was split at a comma.
    """
    if after is None:
        return "no logger runs any more, so no events are sent"
    if before is None:
        return "a logger runs now"
    old, new = before.annotations, after.annotations
    keys = [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
    named = [f"annotation {key}" for key in keys if key in listed or key not in new]
    others = len(keys) - len(named)
    changed = named + ([counted(others, "other annotation")] if others else [])
    changed += [flag for name, flag in _FLAGS.items() if getattr(before, name) != getattr(after, name)]
    return f"{enumerated(changed, _SHOWN)} changed" if changed else "something changed that no event shows"


def changed_flags(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Name the flags that take effect at the start only, and whose values differ."""
    old, new = (dict(pairwise(args)) for args in (before, after))
    return [flag for flag in _FIXED_FLAGS if old.get(flag) != new.get(flag)]
