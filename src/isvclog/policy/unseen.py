"""The rules that no admission policy has, and why: what one object, as the API server gives it, does not show."""

from collections.abc import Collection, Mapping
from enum import Enum

from isvclog.policy.checks import exported
from isvclog.policy.model import PolicyTarget
from isvclog.rules.registry import all_rules


class Unseen(Enum):
    """One reason why a rule is not exported; the value describes it to a person, as the end of a sentence."""

    CONFIG = "it depends on KServe's ConfigMap inferenceservice-config"
    RUNTIMES = "it depends on the runtimes of the cluster"
    OBJECTS = "it depends on other objects of the cluster"
    PODS = "it is about running pods"
    FILES = "it is about the text of a file"
    REJECTED = "the API server or KServe's webhook already rejects or drops this"
    STATUS = "it is about an upgrade of KServe, not about a change of the service"
    WORDS = "it knows more shapes of secrets than an expression can contain"
    URLS = "it needs a full parser of URLs, which a policy does not have"
    JSON = "it needs the size of the JSON that the agent writes"
    PROJECT = "the project file has no such list"
    RELEASE = "the release does not have the defect"
    UNWRITTEN = "nobody has written its expression yet"


def reason_not_exported(name: str, target: PolicyTarget) -> str:
    """Return why a rule is not exported for a target, as the end of a sentence."""
    return _reason(name, target).value


def not_exported(target: PolicyTarget, names: Collection[str]) -> Mapping[str, list[str]]:
    """Group the named rules that are not exported for a target by the reason."""
    written = {rule.rule for rules in exported(target).values() for rule in rules}
    found: dict[str, list[str]] = {}
    for reason in Unseen:
        rules = [name for name in all_rules() if name in names and name not in written]
        if rules := [name for name in rules if _reason(name, target) is reason]:
            found[reason.value] = rules
    return found


def _reason(name: str, target: PolicyTarget) -> Unseen:
    if not all_rules()[name].concerns(target.release):
        return Unseen.RELEASE
    return _REASONS.get(name, Unseen.PROJECT)


_RULES: Mapping[Unseen, str] = {
    Unseen.CONFIG: "untrusted-certificate unverified-tls shadowed-cluster-storage uncreated-pod overlong-host-name",
    Unseen.OBJECTS: "looping-url overwritten-logger unsupported-storage-uri missing-object",
    Unseen.PODS: """
        crashing-agent missing-agent pending-rollout stale-agent inconsistent-agent undeclared-agent foreign-argument
        previous-revision undeployed-component refused-pod unloaded-model
        """,
    Unseen.FILES: """
        unparsable-manifest templated-manifest oversized-manifest misencoded-manifest binary-manifest duplicate-key
        unserialized-object unused-ignore expired-ignore
        """,
    Unseen.REJECTED: """
        rejected-field unknown-to-release unknown-field misplaced-field misplaced-logger loggerless-kind
        misplaced-component refused-field wrong-type invalid-mode missing-mode incomplete-storage empty-field
        non-string-annotation missing-api-version unknown-api-version foreign-api-version deprecated-api-group
        pruned-field
        """,
    Unseen.STATUS: "rejected-update misread-mode",
    Unseen.WORDS: "sensitive-annotation-value",
    Unseen.URLS: "unreachable-url unreachable-marshaller",
    Unseen.JSON: "oversized-header",
    Unseen.UNWRITTEN: "",
    Unseen.RUNTIMES: "unsupported-model unprobed-agent misdirected-agent misnamed-container",
}
_REASONS = {name: reason for reason, names in _RULES.items() for name in names.split()}
