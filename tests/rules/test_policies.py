"""Rules that only a policy asks for: silent without one, and never told what a URL holds besides the place."""

import json
from typing import Any

import pytest
from services import manifest

from isvclog.findings import Finding
from isvclog.kserve.apis.installation import SHIPPED, Installation
from isvclog.kserve.apis.releases import find_release
from isvclog.lint.engine import lint_object, select_rules
from isvclog.lint.fixes import fix_until_done
from isvclog.manifest import Object, Source, load
from isvclog.rules.context import LintContext
from isvclog.rules.policies import RULES
from isvclog.rules.policies.forbidden_annotation import forbidden_annotation
from isvclog.rules.policies.required_annotation import required_annotation
from isvclog.rules.policies.unapproved_sink import unapproved_sink
from isvclog.rules.policy import Policy
from isvclog.rules.rule import Issue, Rule

LISTED = ("spec", "predictor", "logger", "metadataAnnotations")


def issues(rule: Rule, policy: Policy, installation: Installation | None = None, **changes: Any) -> list[Issue]:
    assert rule.check is not None
    installation = installation or Installation(find_release("0.20.0"))
    return list(rule.check(LintContext(manifest(**changes), installation, policy)))


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_without_a_policy_nothing_is_asked(rule: Rule) -> None:
    logger = {"url": "http://anywhere.example", "metadataAnnotations": ["team", "gone"]}
    assert issues(rule, Policy(), annotations={"team": "a"}, logger=logger) == []


@pytest.mark.parametrize(
    ("listed", "annotations", "path"),
    [
        (["team"], {"team": "a"}, None),
        (["te*"], {"team": "a"}, LISTED),
        ([], {"team": "a"}, LISTED),
        (None, {"team": "a"}, LISTED[:-1]),
        (["team"], {}, (*LISTED, 0)),
        (["other", "team"], {"other": "a"}, (*LISTED, 1)),
        (["Team"], {"Team": "a"}, LISTED),
    ],
)
def test_a_required_annotation_must_be_listed_and_exist(
    listed: list[str] | None, annotations: dict[str, str], path: tuple[Any, ...] | None
) -> None:
    logger = {} if listed is None else {"metadataAnnotations": listed}
    found = issues(required_annotation, Policy(required_annotations=("team",)), annotations=annotations, logger=logger)
    assert [issue.path for issue in found] == ([] if path is None else [path])


def test_a_required_pattern_takes_any_annotation_that_matches() -> None:
    policy = Policy(required_annotations=("team-*",))
    for name, clean in (("team-a", True), ("team", False)):
        logger = {"metadataAnnotations": [name]}
        found = issues(required_annotation, policy, annotations={name: "x"}, logger=logger)
        assert (not found) == clean


def test_a_required_annotation_may_come_from_a_runtime_that_was_not_given() -> None:
    model = {"model": {"modelFormat": {"name": "sklearn"}, "runtime": "elsewhere"}}
    policy, logger = Policy(required_annotations=("team",)), {"metadataAnnotations": ["team"]}
    assert issues(required_annotation, policy, logger=logger, predictor=model) == []


def test_every_component_is_asked() -> None:
    transformer = {"logger": {"mode": "all"}, "containers": [{"name": "kserve-container"}]}
    found = issues(required_annotation, Policy(required_annotations=("team",)), transformer=transformer)
    assert [issue.path[1] for issue in found] == ["predictor", "transformer"]


def test_removing_forbidden_annotations_leaves_a_list() -> None:
    policy = Policy(forbidden_annotations=("internal/*",))
    settings = select_rules(Installation(), policy, frozenset(["forbidden-annotation"]))
    text = json.dumps(manifest(logger={"metadataAnnotations": ["internal/a", "internal/b"]}))

    def check(source: Source) -> list[Finding]:
        return [found for obj in load(source, ()) if isinstance(obj, Object) for found in lint_object(obj, settings)]

    source = Source("manifest.json", text.encode())
    done = fix_until_done(source, check(source), check, unsafe=True)
    assert len(done.applied) == 1
    assert json.loads(done.data)["spec"]["predictor"]["logger"]["metadataAnnotations"] == ["internal/b"]


def test_a_forbidden_annotation_in_one_entry_with_another_is_found_there() -> None:
    policy = Policy(forbidden_annotations=("internal/*",))
    found = issues(forbidden_annotation, policy, logger={"metadataAnnotations": ["team,internal/a"]})
    assert [(issue.path, issue.fix) for issue in found] == [((*LISTED, 0), None)]


@pytest.mark.parametrize(
    ("pattern", "url", "allowed"),
    [
        ("http://sink.example", "http://sink.example", True),
        ("http://sink.example", "http://sink.example/any/path?query#fragment", True),
        ("http://sink.example", "http://user:word@SINK.example", True),
        ("http://sink.example", "https://sink.example", False),
        ("http://sink.example", "http://sink.example:8080", False),
        ("http://sink.example:*", "http://sink.example:8080", True),
        ("sink.example", "https://sink.example", True),
        ("https://*.example", "https://evil.test/a.example", False),
        ("https://*.example", "https://a.example@evil.test", False),
        ("https://*.example", "https://evil.test?a.example", False),
        ("http://sink.example/in/*", "http://sink.example/in/a", True),
        ("http://sink.example/in/*", "http://sink.example/out", False),
        ("http://sink.example/", "http://sink.example", True),
        ("s3://bucket/logs", "s3://bucket/logs", True),
        ("s3://bucket", "s3://bucket-of-others", False),
    ],
)
def test_a_sink_is_compared_by_scheme_host_and_path(pattern: str, url: str, allowed: bool) -> None:
    found = issues(unapproved_sink, Policy(allowed_sinks=(pattern,)), logger={"url": url})
    assert (not found) == allowed
    assert all("word" not in issue.message and "query" not in issue.message for issue in found)


def test_no_pattern_allows_no_sink() -> None:
    assert len(issues(unapproved_sink, Policy(allowed_sinks=()))) == 1


def test_the_default_sink_of_the_installation_counts() -> None:
    logger = '{"defaultUrl": "https://sink.example", ' + SHIPPED["logger"].lstrip("{").replace("defaultUrl", "other")
    installation = Installation(find_release("0.20.0"), {**SHIPPED, "logger": logger})
    for pattern, count in (("https://sink.example", 0), ("http://default-broker", 1)):
        found = issues(unapproved_sink, Policy(allowed_sinks=(pattern,)), installation, logger={"url": None})
        assert len(found) == count


@pytest.mark.parametrize("url", ["", "http://[::1", "no-scheme"])
def test_what_sends_nothing_needs_no_approval(url: str) -> None:
    assert issues(unapproved_sink, Policy(allowed_sinks=()), logger={"url": url}) == []
