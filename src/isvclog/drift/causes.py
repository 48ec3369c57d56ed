"""Reasons why running agents differ from what is declared, in sentences that name annotations but contain no values."""

from enum import Enum

from isvclog.findings import code, counted, enumerated
from isvclog.kserve.apis.constants import EXCLUDING_LABEL
from isvclog.records import NamedTuple


class ComponentState(Enum):
    """The state of a component, in one word."""

    MATCHES = "matches"
    OFF = "off"
    """No logger is declared, and none runs."""
    UNKNOWN = "unknown"
    STOPPED = "stopped"
    """The service is stopped on purpose."""
    PENDING = "pending"
    STALE = "stale"
    MISSING = "missing"
    BLOCKED = "blocked"
    """KServe deploys nothing, the API server refuses the pods, or the model does not load."""
    CRASHING = "crashing"


class DriftCause(Enum):
    """A kind of difference. The value is its name for programs."""

    CRASH = "crash"
    """The agent starts again and again, or does not start at all."""
    NO_AGENT = "no-agent"
    """The pod asks for an agent and has none."""
    UNDECLARED = "undeclared"
    """The agent logs, but no logger is declared."""
    ROLLOUT = "rollout"
    """The pod has other annotations than the service gives to new pods."""
    HELD = "held"
    """The pod has other annotations than new pods, and `disable-auto-update` keeps the change from it."""
    SKEW = "skew"
    """The arguments differ from those that the webhook derives from the pod's own annotations."""
    SETTING = "setting"
    """Storage or batch settings of the predictor's logger changed, which causes no rollout."""
    CONFIG = "config"
    """The ConfigMap changed, which causes no rollout."""
    IMAGE = "image"
    """The agent's image is another one than the ConfigMap names."""
    FOREIGN = "foreign"
    """The agent has arguments that KServe's webhook never passes."""
    PREVIOUS = "previous"
    """An older revision keeps its share of the traffic, and its arguments, by design."""
    CANARY = "canary"
    """The pod belongs to a canary in Standard mode, whose Service bypasses the agent."""
    UNPREDICTED = "unpredicted"
    """The expected value is not known."""
    STOP = "stop"
    """An annotation stops the service."""
    OBSTACLE = "obstacle"
    """KServe deploys nothing, as predicted."""
    NOT_DEPLOYED = "not-deployed"
    """KServe deploys nothing, or no pod comes, as the status reports."""
    REFUSED = "refused"
    """The API server refuses the pods."""
    NOT_LOADED = "not-loaded"
    """The model does not load, as the status reports."""

    @property
    def state(self) -> ComponentState:
        """The state of a component with a difference of this kind. Differences by design leave it as declared."""
        return _STATES.get(self, ComponentState.MATCHES)


_STATES = {
    DriftCause.CRASH: ComponentState.CRASHING,
    DriftCause.NO_AGENT: ComponentState.MISSING,
    DriftCause.SKEW: ComponentState.STALE,
    DriftCause.SETTING: ComponentState.STALE,
    DriftCause.CONFIG: ComponentState.STALE,
    DriftCause.IMAGE: ComponentState.STALE,
    DriftCause.UNDECLARED: ComponentState.PENDING,
    DriftCause.ROLLOUT: ComponentState.PENDING,
    DriftCause.HELD: ComponentState.PENDING,
    DriftCause.UNPREDICTED: ComponentState.UNKNOWN,
    DriftCause.STOP: ComponentState.STOPPED,
    DriftCause.OBSTACLE: ComponentState.BLOCKED,
    DriftCause.NOT_DEPLOYED: ComponentState.BLOCKED,
    DriftCause.REFUSED: ComponentState.BLOCKED,
    DriftCause.NOT_LOADED: ComponentState.BLOCKED,
}
ABSENCES = frozenset(
    cause for cause, state in _STATES.items() if state in (ComponentState.STOPPED, ComponentState.BLOCKED)
)
"""Causes for which pods do not run. `detail` is the whole sentence, which may have the words of a cluster."""
_SHOWN = 5


class Difference(NamedTuple):
    """One difference between pods of one revision and the prediction.

    `pods` counts them; it is 0 if pods are missing. `fields` are names of settings, `keys` names of annotations.
    `detail` is what a crashing agent does, why there is no agent, which part of its image differs, or the whole
    sentence if pods do not run; `advice` replaces the cause's own remedy.
    """

    cause: DriftCause
    revision: str = ""
    pods: int = 1
    fields: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    detail: str = ""
    advice: str = ""

    @property
    def sentence(self) -> str:
        """The sentence that describes the difference."""
        if self.cause in ABSENCES:
            return self.detail or "The pods of the component do not run."
        pods = counted(self.pods, "pod") + (f" of {code(self.revision)}" if self.revision else "")
        if self.cause is DriftCause.CRASH:
            return f"The agent of {pods} {self.detail}."
        text = _SENTENCES[self.cause].format(**(_ONE if self.pods == 1 else _MANY))
        if self.cause is DriftCause.NO_AGENT:
            text += self.detail or "although annotations ask for one"
        names = self.detail or "release" if self.cause is DriftCause.IMAGE else self._names()
        return f"{pods} {text.replace('%s', names)}."

    @property
    def remedy(self) -> str:
        """The sentence that says what to do about the difference."""
        return self.advice or _REMEDIES.get(self.cause, "Look at the status of the service.")

    def _names(self) -> str:
        """List the names of settings and annotations; only a few of many."""
        names = [*map(code, self.fields), *(f"annotation {code(key)}" for key in self.keys)]
        return enumerated(names, _SHOWN) if names else "its arguments"


_ONE = {"have": "has", "were": "was", "keep": "keeps", "belong": "belongs"}
_MANY = {"have": "have", "were": "were", "keep": "keep", "belong": "belong"}
_SENTENCES = {
    DriftCause.NO_AGENT: "{have} no agent, ",
    DriftCause.UNDECLARED: "still {have} an agent that logs, although no logger is declared",
    DriftCause.ROLLOUT: "{were} created before a change of %s",
    DriftCause.HELD: "{were} created before a change of %s, and `disable-auto-update` prevents their update",
    DriftCause.SKEW: "{have} an agent with another value of %s than KServe's webhook would pass to the same pod",
    DriftCause.SETTING: "{were} created before a change of %s, which causes no rollout",
    DriftCause.CONFIG: "{were} created before a change of %s in `inferenceservice-config`, which causes no rollout",
    DriftCause.IMAGE: "{have} an agent with another %s than `inferenceservice-config` names",
    DriftCause.FOREIGN: "{have} an agent with arguments that KServe does not pass: %s",
    DriftCause.PREVIOUS: "{were} created before a change of %s, and {keep} the earlier logger by design",
    DriftCause.CANARY: "{belong} to a canary, whose Service bypasses the agent: its requests are not logged",
    DriftCause.UNPREDICTED: "{have} a value of %s that isvclog cannot explain",
}
ADMIT_PODS = f"Make sure that the namespace has no label `{EXCLUDING_LABEL}`, and recreate the pods"
"""The advice for pods that KServe's webhook did not see."""
_RESTART = "Restart the pods: they get the current settings when they are created."
_REMEDIES = {
    DriftCause.CRASH: "See its log: `kubectl logs POD -c agent --previous`.",
    DriftCause.NO_AGENT: f"{ADMIT_PODS}.",
    DriftCause.UNDECLARED: "Wait for the rollout; if it does not end, check whether new pods become ready.",
    DriftCause.ROLLOUT: "Wait for the rollout; if it does not end, check whether new pods become ready.",
    DriftCause.HELD: "Remove the annotation `serving.kserve.io/disable-auto-update` until the new pods are ready.",
    DriftCause.SKEW: "Recreate the pods, and find out what changed them, or why KServe's webhook did not see them.",
    DriftCause.SETTING: _RESTART,
    DriftCause.CONFIG: _RESTART,
    DriftCause.IMAGE: _RESTART,
    DriftCause.FOREIGN: "Find out what adds them, such as a policy engine, and whether the agent knows them.",
    DriftCause.PREVIOUS: "Expect events of both revisions until the rollout is over.",
    DriftCause.CANARY: "Send requests that must be logged to the stable predictor.",
    DriftCause.UNPREDICTED: "Ask for a role that allows `get` on the runtimes and on the ConfigMap of KServe.",
}
