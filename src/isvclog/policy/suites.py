"""Test suites for exported policies: the examples of the rules' documentation, and the result of each policy for them.

`kyverno test` and `gator verify` run them. What is expected is what `lint` reports about the examples.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from isvclog.errors import UsageError
from isvclog.findings import Finding
from isvclog.kserve.apis.constants import API_VERSION, COMPONENTS, PREDICTOR
from isvclog.kserve.apis.implementation import FRAMEWORKS
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.kinds import SERVICE
from isvclog.lint.engine import LintSettings, lint_object, select_rules
from isvclog.manifest import Object, Source, load
from isvclog.patterns import late_pattern
from isvclog.policy.checks import selected_rules
from isvclog.policy.documents import PolicyDocument, policy_name
from isvclog.policy.model import PolicyTarget
from isvclog.records import NamedTuple
from isvclog.rules.catalogue import describe_rule

Files = Mapping[str, Sequence[PolicyDocument]]
"""The documents of each file of a suite, by its name."""

SUITES = ("kyverno", "gatekeeper")
_MODEL = {"modelFormat": {"name": "sklearn"}, "storageUri": "gs://models/iris"}
_CONTAINERS = [{"name": "kserve-container", "image": "registry.example.com/component:1"}]
_LOGGER = {"mode": "all", "url": "http://sink.research.svc.cluster.local"}
_ABSENT = {"missing-url": "url"}
"""Fields whose absence a rule is about."""
_ELIDED = late_pattern(r"\N{HORIZONTAL ELLIPSIS} \(more than (\d+) bytes\)")
"""Matches a value that is too long to be in an example of the documentation."""


class Example(NamedTuple):
    """A service of the documentation, the groups of exported rules that check it, and those of them that report it."""

    name: str
    data: Mapping[str, Any]
    groups: frozenset[str]
    wrong: frozenset[str]


def suite(engine: str, documents: Sequence[PolicyDocument], target: PolicyTarget, names: Collection[str]) -> Files:
    """Build the files of a suite for an engine. Raises UsageError if the engine has no program that tests policies."""
    if engine not in SUITES:
        raise UsageError(f"--tests is for {' and '.join(SUITES)}; leave it out with --target {engine}.")
    groups = {group: [rule.rule for rule in rules] for group, rules in selected_rules(target, names).items()}
    examples = list(_examples(target, groups))
    return (_kyverno if engine == "kyverno" else _gatekeeper)(documents, examples, list(groups))


def _kyverno(documents: Sequence[PolicyDocument], examples: Sequence[Example], groups: Sequence[str]) -> Files:
    results = []
    for group in groups:
        for result, is_wrong in (("fail", True), ("pass", False)):
            checked = [example for example in examples if group in example.groups]
            names = [example.name for example in checked if (group in example.wrong) is is_wrong]
            common = {"policy": policy_name(group), "isValidatingPolicy": True, "kind": SERVICE}
            results += [{**common, "resources": names, "result": result}] if names else []
    test = {
        "apiVersion": "cli.kyverno.io/v1alpha1",
        "kind": "Test",
        "metadata": {"name": "isvclog"},
        "policies": ["policies.yaml"],
        "resources": ["services.yaml"],
        "results": results,
    }
    return {
        "policies.yaml": documents,
        "services.yaml": [PolicyDocument(example.data) for example in examples],
        "kyverno-test.yaml": [PolicyDocument(test)],
    }


def _gatekeeper(documents: Sequence[PolicyDocument], examples: Sequence[Example], groups: Sequence[str]) -> Files:
    files: dict[str, Sequence[PolicyDocument]] = {}
    tests = []
    for group, template, constraint in zip(groups, documents[::2], documents[1::2], strict=True):
        names = f"{group}-template.yaml", f"{group}-constraint.yaml"
        files |= zip(names, ([template], [constraint]), strict=True)
        cases = [
            {
                "name": example.name,
                "object": f"{example.name}.yaml",
                "assertions": [{"violations": "yes" if group in example.wrong else "no"}],
            }
            for example in examples
            if group in example.groups
        ]
        tests.append({"name": group, "template": names[0], "constraint": names[1], "cases": cases})
    files |= {f"{example.name}.yaml": [PolicyDocument(example.data)] for example in examples}
    head = {"apiVersion": "test.gatekeeper.sh/v1alpha1", "kind": "Suite", "metadata": {"name": "isvclog"}}
    return {**files, "suite.yaml": [PolicyDocument({**head, "tests": tests})]}


def _examples(target: PolicyTarget, groups: Mapping[str, Collection[str]]) -> Iterator[Example]:
    """Yield the examples of the rules; those with options are about a ConfigMap or a project and are left out.

    Of an example with a very long value, only the rule's own group is tested: others may exceed an engine's budget.
    """
    settings = select_rules(Installation(target.release), target.policy)
    every = frozenset(groups)
    for group, rule in ((group, rule) for group, rules in groups.items() for rule in rules):
        about = describe_rule(rule)
        if about is None or about.options:
            continue
        before, long_values = _ELIDED.subn(lambda found: "x" * (int(found[1]) + 1), about.before)
        wrong = _whole(f"{rule}-wrong", before, _ABSENT.get(rule))
        right = _whole(f"{rule}-right", about.after, None)
        for data, checking in ((wrong, frozenset([group]) if long_values else every), (right, every)):
            reporting = checking & _wrong_groups(data, settings, groups)
            yield Example(data["metadata"]["name"], data, checking, reporting)


def _wrong_groups(
    data: Mapping[str, Any], settings: LintSettings, groups: Mapping[str, Collection[str]]
) -> frozenset[str]:
    """Return the groups of which lint reports a rule."""
    found = {finding.rule for finding in _findings(data, settings)}
    return frozenset(group for group, rules in groups.items() if found.intersection(rules))


def _findings(data: Mapping[str, Any], settings: LintSettings) -> Sequence[Finding]:
    from isvclog.lint.json_text import dumps

    (obj,) = _read(dumps(data))
    return lint_object(obj, settings)


def _read(text: str) -> list[Object]:
    return [item for item in load(Source("example", text.encode()), ()) if isinstance(item, Object)]


def _whole(name: str, text: str, absent: str | None) -> dict[str, Any]:
    """Make a whole service of an example: a logger, or parts of a service."""
    head = f"apiVersion: {API_VERSION}\nkind: {SERVICE}\n"
    if text.startswith("logger:"):
        text = "".join(f"    {line}\n" for line in text.splitlines())
        text = f"spec:\n  {PREDICTOR}:\n{text}"
    (obj,) = _read(text if "kind:" in text.partition("\n ")[0] else head + text)
    data = deepcopy(dict(obj.data))
    data["metadata"] = {"namespace": "research", **data.get("metadata", {}), "name": name}
    spec = data.setdefault("spec", {})
    spec.setdefault(PREDICTOR, {})
    for part in spec.keys() & set(COMPONENTS):
        component = spec[part]
        if component.keys().isdisjoint(("model", "containers", *FRAMEWORKS)):
            component |= {"model": _MODEL} if part == PREDICTOR else {"containers": _CONTAINERS}
        if "logger" in component:
            given = {field: value for field, value in _LOGGER.items() if field != absent}
            component["logger"] = {**given, **component["logger"]}
    return data
