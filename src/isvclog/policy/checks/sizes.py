"""Rules about sizes, in a policy of their own: what reads the text of values costs more the longer they are.

Engines give the expressions of one policy a common budget, and the largest services are the ones these rules are for.
"""

from collections.abc import Iterator

from isvclog.kserve.agent.startup import MAX_ARGUMENT_BYTES
from isvclog.policy.cel import each
from isvclog.policy.model import ExportedRule, PolicyTarget


def size_rules(target: PolicyTarget) -> Iterator[ExportedRule]:
    """Yield the rules for a target."""
    joined = "l.items.map(i, string(i.key) + '=' + string(i.value)).join(',')"
    yield ExportedRule(
        "oversized-argument",
        each("pairs", f"size(bytes({joined})) > {MAX_ARGUMENT_BYTES}", "logger.metadataAnnotations")
        + " + "
        + each("headers", f"size(bytes(l.items.join(','))) > {MAX_ARGUMENT_BYTES}", "logger.metadataHeaders")
        + " + "
        + each("sinks", f"l.url.exists(u, size(bytes(u)) > {MAX_ARGUMENT_BYTES})", "logger.url"),
        f"{{}} makes an argument of more than {MAX_ARGUMENT_BYTES} bytes, which Linux does not allow: the agent's "
        "container never starts. List fewer or shorter annotations.",
    )
