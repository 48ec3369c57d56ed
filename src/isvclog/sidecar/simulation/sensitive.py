"""Sensitive annotations and headers of an agent: reports about them, and masks for events that are sent."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.logger.events import LogRequest
from isvclog.lint.engine import select_rules
from isvclog.redact.gate import SecretRedaction, mask_annotations
from isvclog.rules import sensitive
from isvclog.rules.context import LintContext
from isvclog.rules.destination.url_credentials import url_credentials
from isvclog.rules.policy import Policy

_RULES = frozenset(rule.name for rule in (*sensitive.RULES, url_credentials))


def sensitive_messages(data: Mapping[str, Any], installation: Installation) -> list[str]:
    """List what lint reports as sensitive in an InferenceService, each message once."""
    policy = Policy()
    context = LintContext(data, installation, policy)
    checks = select_rules(installation, policy, _RULES).checks
    return list(dict.fromkeys(issue.message for _, check in checks for issue in check(context)))


def mask_settings(settings: AgentSettings, data: Mapping[str, Any]) -> AgentSettings:
    """Mask the annotations in the memory of an agent whose logger `data` declares.

    Its URL and its source stay: events are sent to the one, and consumers tell services apart by the other.
    """
    gate = SecretRedaction([data, {"annotations": dict(settings.annotations)}])
    return settings._replace(annotations=mask_annotations(settings.annotations, gate))


def header_mask() -> Callable[[LogRequest], LogRequest]:
    """Return the function that masks the values of request headers in a log request."""
    gate = SecretRedaction()

    @lru_cache(maxsize=1024)
    def masked(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(gate.value(name, value, header=True) for value in values)

    def mask(logged: LogRequest) -> LogRequest:
        if not logged.metadata:
            return logged
        return logged._replace(metadata={name: masked(name, values) for name, values in logged.metadata.items()})

    return mask
