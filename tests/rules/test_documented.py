"""Whatever is reported without a check of a rule has documentation, and names the module that really reports it."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest
from live_cluster import applied, crd
from live_cluster import service as live_service
from services import manifest as service

from isvclog.audit.differences import RULES, findings_of
from isvclog.cluster import Cluster, NotFound, Resource
from isvclog.drift import Difference, DriftCause
from isvclog.filenames import live_name
from isvclog.findings import Finding, Severity, Span
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import NEWEST, find_release
from isvclog.live.existence import Existence
from isvclog.live.pruning import installed_schema, pruned_fields
from isvclog.live.reader import FactReader
from isvclog.manifest import Object, Source, live_object, load
from isvclog.manifest.syntax import parse_error
from isvclog.rules import manifest, running
from isvclog.rules.context import LintContext
from isvclog.rules.policy import Policy
from isvclog.rules.registry import all_rules
from isvclog.rules.rule import Rule
from isvclog.suppressions import SuppressionEntry, Suppressions
from isvclog.validate.objects import validate_object

VALIDATED = Path(__file__).parents[1] / "validate"
TODAY = date(2026, 1, 1)
MARK = "made by this module"
# This rule has a check of its own, and validation reports the fields that a release does not have.
ALSO_CHECKED = {"isvclog.validate.fields": {"unknown-to-release"}}
UNREADABLE = (
    b"kind: InferenceService\nspec: [",
    b"kind: InferenceService\nspec:\n  {{- toYaml .Values.spec | nindent 2 }}\n",
    b"kind: InferenceService\nspec: " + b"[" * 500,
    b"kind: InferenceService\nname: caf\xe9\n",
    b"kind: InferenceService\nname: a\0b\n",
    b"kind: Workflow\nmanifest: |\n  apiVersion: v1\n  kind: InferenceService\n  name: {{a}}\n",
)


def read() -> Iterator[Finding]:
    for data in UNREADABLE:
        loaded = load(Source("a.yaml", data), [b"InferenceService"], skip_mentions=True)
        yield from (item for item in loaded if isinstance(item, Finding))


def validated() -> Iterator[Finding]:
    for path in VALIDATED.glob("*/manifest.*"):
        text = path.read_text(encoding="utf-8")
        found = re.search(r"# validated against KServe (\S+)", text)
        release = find_release(found[1]) if found else NEWEST
        for item in load(Source(path.name, text.encode()), ()):
            if isinstance(item, Object):
                patch = "# validated as a patch" in text
                yield from validate_object(item, release, patch=patch, rest=Severity.WARNING)


def pruned() -> Iterator[Finding]:
    obj = live_object(live_name("ml", "iris"), applied(live_service(), batchSize=3))
    yield from pruned_fields(obj, installed_schema(crd("url", "mode")), NEWEST)


class NoObjects:
    """A cluster in which nothing exists."""

    def get(self, resource: Resource, name: str, namespace: str) -> None:
        raise NotFound(f"{namespace}/{name}")


def missing() -> Iterator[Finding]:
    obj = live_object(live_name("ml", "iris"), live_service())
    reader = FactReader(cast("Cluster", NoObjects()), print)
    yield from Existence(reader).missing(obj, LintContext(obj.data, Installation(), Policy()))


def suppressed() -> Iterator[Finding]:
    expired = SuppressionEntry("empty-url", "for a while", Span(1, 1, 1, 2), expires=date(2025, 1, 1))
    names = frozenset(all_rules())
    suppressions = Suppressions([expired], ".isvclog.yaml", names, names, TODAY)
    source = Source("a.yaml", b"kind: InferenceService # isvclog: ignore[empty-url] tomorrow\n")
    yield from suppressions.apply(source, [], ["InferenceService/iris"])[0]
    yield from suppressions.unused()


def compared() -> Iterator[Finding]:
    obj = live_object(live_name("ml", "iris"), service({}, {}))
    yield from findings_of(obj, "predictor", [Difference(cause) for cause in DriftCause], None)


SAMPLES: tuple[Callable[[], Iterator[Finding]], ...] = (read, validated, pruned, missing, suppressed, compared)


def samples() -> list[Finding]:
    return [finding for sample in SAMPLES for finding in sample()]


REPORTED = [rule for rule in all_rules().values() if rule.check is None]
REPORTERS = sorted({reporter for rule in REPORTED for reporter in rule.reporters})


@pytest.mark.parametrize("reporter", REPORTERS)
def test_a_module_reports_what_rules_say_it_does(reporter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mark every issue that the module makes, and look for the mark in the findings."""
    module = import_module(reporter)
    for name in ("Issue", "Finding"):
        if make := vars(module).get(name):
            marking = lambda *given, make=make, **named: make(*given, **named)._replace(message=MARK)  # noqa: E731
            monkeypatch.setattr(module, name, marking)
    marked = {finding.rule for finding in samples() if finding.message == MARK}
    assert marked == {rule.name for rule in REPORTED if reporter in rule.reporters} | ALSO_CHECKED.get(reporter, set())


def test_nobody_else_reports_anything() -> None:
    assert {finding.rule for finding in samples()} == {rule.name for rule in REPORTED} | {"unknown-to-release"}
    assert all(rule.reporters for rule in REPORTED)
    assert not any(rule.reporters for rule in all_rules().values() if rule.check)


def test_every_reason_not_to_read_a_file_is_documented() -> None:
    reasons = {value for name, value in vars(parse_error).items() if name.isupper() and isinstance(value, str)}
    assert reasons == {rule.name for rule in REPORTED if "isvclog.manifest.syntax.load" in rule.reporters}


def test_the_documented_severity_is_the_one_that_is_reported() -> None:
    for finding in samples():
        assert (finding.rule, finding.severity) == (finding.rule, all_rules()[finding.rule].severity)


def test_every_cause_of_a_difference_is_reported_or_known_to_lint() -> None:
    assert set(RULES.values()) == set(running.RULES)


@pytest.mark.parametrize(
    ("rule", "folder"),
    [(rule, folder) for folder in (manifest, running) for rule in folder.RULES],
    ids=[rule.name for rule in (*manifest.RULES, *running.RULES)],
)
def test_documentation_has_the_form_of_a_rules(rule: Rule, folder: ModuleType) -> None:
    text = import_module(rule.module).__doc__ or ""
    assert rule.module == f"{folder.__name__}.{rule.name.replace('-', '_')}"
    assert re.match(r"[A-Z][^\n]*\.\n\n", text)
    assert re.search(r"\n\nInstead: .*\n\n    # before\n(.*\n)+\n    # after\n", text, re.DOTALL)


@pytest.mark.parametrize("folder", [manifest, running], ids=["manifest", "running"])
def test_every_documentation_is_listed(folder: ModuleType) -> None:
    files = {path.stem for path in Path(folder.__file__ or "").parent.glob("[a-z]*.py")}
    assert files == {rule.name.replace("-", "_") for rule in folder.RULES}
    assert {name for name in vars(folder) if name.isupper()} == {name.upper() for name in files} | {"RULES"}
    assert len(all_rules()) == len(set(all_rules()))
