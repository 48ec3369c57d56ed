"""Why what runs is not what is declared: the causes, in sentences that hold names of annotations and never values."""

from enum import Enum
from typing import NamedTuple

from isvclog.findings import code, counted, enumerated


class ComponentState(Enum):
    """What is to be said of a component in a word."""

    MATCHES = "matches"
    OFF = "off"
    """No logger is declared, and none runs."""
    UNKNOWN = "unknown"
    PENDING = "pending"
    STALE = "stale"
    MISSING = "missing"
    CRASHING = "crashing"


class DriftCause(Enum):
    """A kind of difference. The value is its name for programs."""

    CRASH = "crash"
    """The agent starts again and again, or not at all."""
    NO_AGENT = "no-agent"
    """The pod asks for an agent and has none."""
    UNDECLARED = "undeclared"
    """The agent logs, and nothing declares a logger."""
    ROLLOUT = "rollout"
    """The pod has other annotations than the service gives to its pods now."""
    HELD = "held"
    """The same, and `disable-auto-update` keeps it so."""
    SKEW = "skew"
    """The arguments are not what the webhook makes of the pod's own annotations."""
    SETTING = "setting"
    """Storage or batch settings of the predictor's logger changed, which no rollout follows."""
    CONFIG = "config"
    """The ConfigMap changed, which no rollout follows."""
    IMAGE = "image"
    """The agent is of another release than the one the ConfigMap names."""
    FOREIGN = "foreign"
    """Arguments that KServe's webhook never passes."""
    PREVIOUS = "previous"
    """An older revision keeps its share of the traffic, and its arguments, by design."""
    CANARY = "canary"
    """A canary of Standard mode, whose Service leads past the agent."""
    UNPREDICTED = "unpredicted"
    """What it should be is not known."""

    @property
    def state(self) -> ComponentState:
        """What a component is with a difference of this kind; those that are by design leave it as declared."""
        return _VERDICTS.get(self, ComponentState.MATCHES)


_VERDICTS = {
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
}
_SHOWN = 5


class Difference(NamedTuple):
    """`pods` of one revision differ for one cause; `fields` are names of settings, `keys` of annotations.

    `detail` and `advice` stand for the cause's own words where there is more to say.
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
        """What is the matter."""
        who, one = self._who(), self.pods == 1
        if self.cause is DriftCause.CRASH:
            return f"The agent of {who} {self.detail}."
        if self.cause is DriftCause.NO_AGENT:
            why = self.detail or "though annotations ask for one"
            return f"{who[0].upper()}{who[1:]} {'has' if one else 'have'} no agent, {why}."
        text = _SENTENCES[self.cause].format(**(_ONE if one else _MANY))
        return f"{who[0].upper()}{who[1:]} {text.replace('%s', self._what())}{self.detail}."

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return self.advice or _REMEDIES[self.cause]

    def _who(self) -> str:
        pods = counted(self.pods, "pod")
        return f"{pods} of {code(self.revision)}" if self.revision else pods

    def _what(self) -> str:
        """The names, of which a few stand for many."""
        names = [*map(code, self.fields), *(f"annotation {code(key)}" for key in self.keys)]
        return enumerated(names, _SHOWN) if names else "its arguments"


_ONE = {"have": "has", "were": "was", "keep": "keeps", "belong": "belongs", "them": "it"}
_MANY = {"have": "have", "were": "were", "keep": "keep", "belong": "belong", "them": "them"}
_SENTENCES = {
    DriftCause.UNDECLARED: "still {have} an agent that logs, though no logger is declared",
    DriftCause.ROLLOUT: "{were} made before a change of %s",
    DriftCause.HELD: "{were} made before a change of %s, and `disable-auto-update` keeps the change from {them}",
    DriftCause.SKEW: "{have} an agent with another value of %s than KServe's webhook makes of the pod as it is",
    DriftCause.SETTING: "{were} made before a change of %s, which no rollout follows",
    DriftCause.CONFIG: "{were} made before a change of %s in `inferenceservice-config`, which no rollout follows",
    DriftCause.IMAGE: "{have} an agent of another release than `inferenceservice-config` names",
    DriftCause.FOREIGN: "{have} an agent with arguments that KServe does not pass: %s",
    DriftCause.PREVIOUS: "{were} made before a change of %s, and by design {keep} the logger of that time",
    DriftCause.CANARY: "{belong} to a canary, whose Service leads past the agent: its requests are not logged",
    DriftCause.UNPREDICTED: "{have} a value of %s that nothing known explains",
}
_RESTART = "Restart the pods: they get the current settings when they are created."
_REMEDIES = {
    DriftCause.CRASH: "Look at the log of its container `agent`.",
    DriftCause.NO_AGENT: "See that the namespace has no label `control-plane`, and create the pods again.",
    DriftCause.UNDECLARED: "Wait for the rollout; if it does not end, see whether new pods become ready.",
    DriftCause.ROLLOUT: "Wait for the rollout; if it does not end, see whether new pods become ready.",
    DriftCause.HELD: "Remove the annotation `serving.kserve.io/disable-auto-update` until the new pods are ready.",
    DriftCause.SKEW: "Create the pods again, and find out what changed the pods or made them without this webhook.",
    DriftCause.SETTING: _RESTART,
    DriftCause.CONFIG: _RESTART,
    DriftCause.IMAGE: _RESTART,
    DriftCause.FOREIGN: "Find out what adds them, such as a policy engine, and whether the agent knows them.",
    DriftCause.PREVIOUS: "Expect events of both revisions until the rollout is over.",
    DriftCause.CANARY: "Send requests that must be logged to the stable predictor.",
    DriftCause.UNPREDICTED: "Give isvclog the runtime and the ConfigMap of the cluster.",
}
