"""Agents that do not start, and why: the exit code is compared with the one predicted from the pod's own arguments."""

from isvclog.diagnosis.causes import diagnose_crash
from isvclog.drift.arguments import argument_value
from isvclog.drift.causes import Difference, DriftCause
from isvclog.drift.pods import Agent, ContainerState, RunningPod
from isvclog.findings import code
from isvclog.kserve.agent.startup import FLAG_EXIT, LOGGER_EXIT, Startup, start
from isvclog.kserve.controller.pod import Pod
from isvclog.kserve.prediction import Prediction
from isvclog.kserve.webhook.inject import Injection, logged_pairs
from isvclog.kserve.webhook.kubelet import expand_args

# What the kubelet says of a container that is on its way.
_COMING = ("", "ContainerCreating", "PodInitializing")
_LOOP = "CrashLoopBackOff"
_EXITS = {
    FLAG_EXIT: "cannot read one of its flags, or its readiness probe",
    LOGGER_EXIT: "cannot start its logger: an annotation that is no pair, the URL, the mode or the store",
    1: "lacks a readiness probe that it can use, or a number of the batcher is not above zero",
}


def crash(pod: RunningPod, prediction: Prediction) -> Difference | None:
    """Describe the difference of a crashing agent; None for an agent that runs or is about to."""
    agent = pod.agent
    if agent is None or not _fails(agent.state):
        return None
    state = agent.state
    if state.exit is None and state.waiting != _LOOP:
        detail, advice = f"does not start: {code(state.waiting)}", "See the events of the pod."
        foreseen = _foreseen(agent, prediction)
        if foreseen.exec_error:
            detail, advice = _explained(pod, prediction, foreseen, f"does not start ({code(state.waiting)})")
        return Difference(DriftCause.CRASH, pod.revision, detail=detail, advice=advice)
    ended = "restarts in a loop" if state.exit is None else f"exits with code {state.exit}"
    if state.reason == "OOMKilled":
        advice = "A sink that is slow lets it hold bodies without a limit: see whether the sink keeps up."
        return Difference(DriftCause.CRASH, pod.revision, detail="runs out of memory (OOMKilled)", advice=advice)
    foreseen = _foreseen(agent, prediction)
    if not foreseen.runs and (foreseen.exec_error or foreseen.exit == state.exit):
        detail, advice = _explained(pod, prediction, foreseen, ended)
    else:
        why = _EXITS.get(state.exit or 0)
        detail = f"{ended}: likely it {why}" if why else f"{ended}, and its arguments do not explain that"
        advice = ""
    return Difference(DriftCause.CRASH, pod.revision, detail=detail, advice=advice)


def _fails(state: ContainerState) -> bool:
    if state.waiting:
        return state.waiting not in _COMING
    if state.running:
        # Between two crashes it runs for a moment.
        return state.restarts > 0 and not state.ready and state.exit in _EXITS
    return state.exit not in (None, 0)


def _foreseen(agent: Agent, prediction: Prediction) -> Startup:
    args = expand_args(agent.args, agent.environment)
    return start(args, agent.environment, agent.release or prediction.installation.release)


def _explained(pod: RunningPod, prediction: Prediction, foreseen: Startup, ended: str) -> tuple[str, str]:
    """Describe what the agent does and why, and the remedy.

    The pod's annotations are only used if the agent's arguments agree with them: they may have changed since.
    """
    assert pod.agent is not None
    own = ",".join(f"{key}={text}" for key, text in logged_pairs(pod.annotations))
    annotations = pod.annotations if argument_value(pod.agent.args, "metadata-annotations") == own else {}
    running = prediction._replace(
        pod=Pod(annotations, pod.labels, pod.containers, (), prediction.mode),
        injection=Injection(pod.agent.args, pod.agent.environment),
        environment=pod.agent.environment,
        args=tuple(expand_args(pod.agent.args, pod.agent.environment)),
        startup=foreseen,
    )
    found = diagnose_crash(running)
    return f"{ended}: {found.because}", f"{found.remedy[:1].upper()}{found.remedy[1:]}."
