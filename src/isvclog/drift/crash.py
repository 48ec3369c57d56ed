"""Agents that do not start, and why: the exit code is compared with the one predicted from the pod's own arguments."""

from isvclog.diagnosis.crashes import diagnose_crash
from isvclog.drift.arguments import argument_value
from isvclog.drift.causes import Difference, DriftCause
from isvclog.drift.pods import Agent, ContainerState, RunningPod
from isvclog.findings import code
from isvclog.kserve.agent.startup import FLAG_EXIT, LOGGER_EXIT, Startup, start
from isvclog.kserve.controller.pod import Pod
from isvclog.kserve.prediction import Prediction
from isvclog.kserve.webhook.inject import Injection, logged_pairs
from isvclog.kserve.webhook.kubelet import expand_args

# The kubelet's reasons for a container that will start soon.
_STARTING = ("", "ContainerCreating", "PodInitializing")
_LOOP = "CrashLoopBackOff"
_EXITS = {
    FLAG_EXIT: "cannot read one of its flags or its readiness probe",
    LOGGER_EXIT: "cannot start its logger with this annotation list, URL, mode or store",
    1: "has no readiness probe that it can use, or maxBatchSize or maxLatency of the batcher is not above zero",
}


def find_crash(pod: RunningPod, prediction: Prediction) -> Difference | None:
    """Describe the difference of a crashing agent; None for an agent that runs or is about to."""
    agent = pod.agent
    if agent is None or not _fails(agent.state):
        return None
    state = agent.state
    if state.exit is None and state.waiting != _LOOP:
        detail, advice = _explain_waiting(pod, agent, prediction)
    elif state.reason == "OOMKilled":
        detail = "runs out of memory (OOMKilled)"
        advice = "Check that the sink keeps up: while it is slow, the agent keeps bodies in memory without a limit."
    else:
        detail, advice = _explain_exit(pod, agent, prediction)
    return Difference(DriftCause.CRASH, pod.revision, detail=detail, advice=advice)


def _explain_waiting(pod: RunningPod, agent: Agent, prediction: Prediction) -> tuple[str, str]:
    """Return detail and advice for an agent that has never run."""
    startup = _predict_startup(agent, prediction)
    if startup.exec_error:
        return _explain_startup(pod, agent, prediction, startup, f"does not start ({code(agent.state.waiting)})")
    return f"does not start: {code(agent.state.waiting)}", "See the pod's events with `kubectl describe pod`."


def _explain_exit(pod: RunningPod, agent: Agent, prediction: Prediction) -> tuple[str, str]:
    """Return detail and advice for an agent that exits, or that restarts in a loop."""
    exit_code = agent.state.exit
    ended = "restarts in a loop" if exit_code is None else f"exits with code {exit_code}"
    startup = _predict_startup(agent, prediction)
    if not startup.runs and (startup.exec_error or startup.exit == exit_code):
        return _explain_startup(pod, agent, prediction, startup, ended)
    likely = _EXITS.get(exit_code or 0)
    reason = f"probably because it {likely}" if likely else "and isvclog cannot tell why from its arguments"
    return f"{ended}, {reason}", ""


def _fails(state: ContainerState) -> bool:
    if state.waiting:
        return state.waiting not in _STARTING
    if state.running:
        # Between two crashes it runs for a moment.
        return state.restarts > 0 and not state.ready and state.exit in _EXITS
    return state.exit not in (None, 0)


def _predict_startup(agent: Agent, prediction: Prediction) -> Startup:
    args = expand_args(agent.args, agent.environment)
    return start(args, agent.environment, agent.release or prediction.installation.release)


def _explain_startup(
    pod: RunningPod, agent: Agent, prediction: Prediction, startup: Startup, ended: str
) -> tuple[str, str]:
    """Return detail and advice for an agent whose predicted `startup` fails; `ended` says what the agent does.

    The pod's annotations are only used if the agent's arguments agree with them: they may have changed since.
    """
    own = ",".join(f"{key}={value}" for key, value in logged_pairs(pod.annotations))
    annotations = pod.annotations if argument_value(agent.args, "metadata-annotations") == own else {}
    running = prediction._replace(
        pod=Pod(annotations, pod.labels, pod.containers, (), prediction.mode),
        injection=Injection(agent.args, agent.environment),
        environment=agent.environment,
        args=tuple(expand_args(agent.args, agent.environment)),
        startup=startup,
    )
    found = diagnose_crash(running)
    return f"{ended}: {found.because}", f"{found.remedy[:1].upper()}{found.remedy[1:]}."
