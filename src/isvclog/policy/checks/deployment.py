"""Rules about pods and Services, as far as the service itself has the containers and the mode."""

from collections.abc import Iterator

from isvclog.kserve.apis import constants as c
from isvclog.kserve.controller.modes import mode_names
from isvclog.policy.cel import each, if_true, record, string_list, text
from isvclog.policy.model import ExportedRule, PolicyTarget

_MODEL = f"l.spec.containers.filter(i, has(i.name) && i.name == {text(c.MODEL_CONTAINER)})"
_ONLY = "l.spec.containers[0]"
_RENAMED = record(name=text(c.MODEL_CONTAINER), ports=f"has({_ONLY}.ports) ? dyn({_ONLY}.ports) : dyn([])")
_CONTAINERS = (
    f"!has(l.spec.containers) ? dyn([]) : has(l.spec.model) ? l.spec.containers : size(l.spec.containers) == 1 ? "
    f"dyn([{_RENAMED}]) : size({_MODEL}) == 0 ? l.spec.containers : {_MODEL} + "
    f"l.spec.containers.filter(i, i != {_ONLY})"
)
"""The containers of a pod without those of its runtime: the only one gets the model's name, which replaces the "
"first."""
_MODE = text(c.DEPLOYMENT_MODE_ANNOTATION)
_LOGS = "size(variables.loggers) > 0"


def deployment_variables() -> dict[str, str]:
    """Write the variable with the containers that the components of the loggers have themselves."""
    ports = "has(i.ports) ? dyn(i.ports.filter(p, has(p.containerPort))) : dyn([])"
    items = f"({_CONTAINERS}).filter(i, has(i.name)).map(i, {record(name='i.name', ports=ports)})"
    redirected = "l.declared || has(l.spec.batcher)"
    containers = record(component="l.component", redirected=redirected, items=items)
    return {"containers": f"variables.pods.map(l, {containers})"}


def deployment_rules(target: PolicyTarget) -> Iterator[ExportedRule]:
    """Yield the rules for a target."""
    yield ExportedRule(
        "reserved-container-name",
        each("containers", f"l.items.exists(i, i.name == {text(c.AGENT_CONTAINER)})", "containers"),
        "A container in {} is named `agent`, so KServe injects no agent: nothing is logged, and in Standard mode "
        "requests fail. Rename the container.",
    )
    stores = "l.component in variables.storing && variables.settings.exists(s, s.hasFolder)"
    ports = f"p.containerPort == {c.AGENT_PORT} || (p.containerPort == {c.MARSHALLER_PORT} && {stores})"
    yield ExportedRule(
        "reserved-port",
        each(
            "containers",
            f"l.items.exists(i, i.name != {text(c.AGENT_CONTAINER)} && i.ports.exists(p, {ports}))",
            "containers",
        ),
        f"A container in {{}} has a port of the agent ({c.AGENT_PORT} or {c.MARSHALLER_PORT}): use another port.",
    )
    yield ExportedRule(
        "modelmesh-logger",
        each(
            "loggers",
            f"l.declared && l.component == {text(c.PREDICTOR)} && variables.mode == {text(c.MODELMESH)}",
            "logger",
        ),
        "{} has no effect: in ModelMesh mode the predictor's models run in shared pods without an agent.",
    )
    yield ExportedRule(
        "batcher-drops-responses",
        each(
            "pods",
            f"l.component != {text(c.EXPLAINER)} && has(l.spec.batcher) && (!has(l.logger.mode) || l.logger.mode != "
            f"'request')",
            "batcher",
        ),
        "With {} there are no response events for `:predict` requests. Remove it, or log with `mode: request`.",
    )
    yield ExportedRule(
        "disabled-update",
        if_true(f"{_LOGS} && {_is_true(c.DISABLE_UPDATE_ANNOTATION)}", c.DISABLE_UPDATE_ANNOTATION),
        "Because of {}, changes of the logger and of logged annotations do not reach the pods while the service is "
        "ready.",
    )
    stopped = text(c.STOP_ANNOTATION)
    yield ExportedRule(
        "stopped-service",
        if_true(
            f"{_LOGS} && {stopped} in variables.annotations && variables.annotations[{stopped}].lowerAscii() == 'true'",
            c.STOP_ANNOTATION,
        ),
        "The service is stopped by {}: KServe runs no pods, and nothing is logged.",
    )
    known = string_list(("", *mode_names(target.release)))
    yield ExportedRule(
        "unknown-deployment-mode",
        if_true(
            f"{_LOGS} && {_MODE} in variables.annotations && !(variables.annotations[{_MODE}] in {known}) && "
            f"variables.annotations[{_MODE}].matches('^[A-Za-z]+$')",
            c.DEPLOYMENT_MODE_ANNOTATION,
        ),
        "KServe does not know the value of {}: it ignores the annotation, or deploys nothing.",
    )
    yield from _about_rollouts(target)


def _about_rollouts(target: PolicyTarget) -> Iterator[ExportedRule]:
    own_redirect = " && !l.declared && !has(l.spec.batcher)" if target.release.has("raw-redirect") else ""
    yield ExportedRule(
        "unlogged-canary",
        each(
            "pods",
            f"variables.mode != {text(c.STANDARD)} && has(l.spec.canaryTrafficPercent) && l.spec.canaryTrafficPercent "
            f"< 100",
            "canaryTrafficPercent",
        )
        + f" + (variables.mode == {text(c.STANDARD)} && has(variables.spec.canary) && ({_logged_canary()}) ? "
        "['`spec.canary`'] : [])",
        "During the rollout in {}, some requests are not logged, or are logged with the settings of the old revision.",
    )
    yield ExportedRule(
        "unredirected-service",
        each("pods", f"variables.mode == {text(c.STANDARD)}{own_redirect}"),
        "The Service of {} sends no requests to the agent, so nothing is logged: write a `logger` block, or use "
        "Knative mode with an old KServe.",
    )
    yield ExportedRule(
        "bypassed-port",
        each(
            "containers",
            f"variables.mode == {text(c.STANDARD)} && l.redirected && size(l.items) > 0 && "
            f"{_serving()}.ports.exists(p, "
            f"p != {_serving()}.ports[0] && !(has(p.name) && (p.name.contains('metrics') || p.name.contains('prom'))))",
            "containers",
        ),
        "Requests to other ports than the first one of the containers in {} are not logged: serve on the first port "
        "only.",
    )
    yield ExportedRule(
        "pod-resources",
        each("components", "has(l.spec.resources) && size(l.spec.resources) > 0", "resources"),
        "{} is for the whole pod, not for the model server: Kubernetes before 1.34 drops it. Move it into the "
        "container.",
    )
    yield ExportedRule(
        "unwatched-namespace",
        f"({_LOGS} && has(variables.metadata.namespace) && variables.metadata.namespace == {text(c.OWN_NAMESPACE)}) ? "
        f"[{text(f'`{c.OWN_NAMESPACE}`')}] : []",
        "Pods in the namespace {} get no agent if it has the label `control-plane`, which KServe's manifests set. "
        "Deploy the service in another namespace.",
    )


def _logged_canary() -> str:
    """Write the condition that the predictor or a canary has a logger."""
    predictor = f"variables.loggers.exists(l, l.component == {text(c.PREDICTOR)})"
    return f"{predictor} || variables.spec.canary.exists(e, has(e.predictor) && has(e.predictor.logger))"


def _serving() -> str:
    """Write the container that requests are for, of a component with containers."""
    return f"(l.items.filter(i, i.name == {text(c.TRANSFORMER_CONTAINER)}) + l.items)[0]"


def _is_true(key: str) -> str:
    return f"{text(key)} in variables.annotations && variables.annotations[{text(key)}] == 'true'"
