"""Entries of the project file: which findings they are about, and when they are reported themselves."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from checked_services import KNOWN, TODAY, found

from isvclog.findings import Finding, Severity, Span, Suppression
from isvclog.manifest import Source
from isvclog.suppressions import SuppressionEntry, Suppressions

SPAN = Span(3, 5, 3, 9)
SERVICE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: NAME, namespace: NAMESPACE}
spec: {predictor: {sklearn: {storageUri: x}, logger: {mode: ALL, sink: x}}}
"""


def entry(rule: str = "invalid-mode", **about: str) -> SuppressionEntry:
    return SuppressionEntry(rule, "as agreed", SPAN, **about)  # type: ignore[arg-type]


def service(file: str, namespace: str = "fraud", name: str = "iris") -> Source:
    return Source(file, SERVICE.replace("NAMESPACE", namespace).replace("NAME", name).encode())


class Project:
    """A run of entries of `/project/.isvclog.yaml` over files; where the working directory is does not matter."""

    def __init__(self, *entries: SuppressionEntry, today: date = TODAY, active: frozenset[str] = KNOWN) -> None:
        self.suppressions = Suppressions(entries, "/project/.isvclog.yaml", KNOWN, active, today)
        self.active = active

    def check(self, source: Source) -> tuple[list[Finding], list[Finding]]:
        findings, labels = found(source)
        return self.suppressions.apply(source, [at for at in findings if at.rule in self.active], labels)

    def kept(self, source: Source) -> list[str]:
        return [finding.rule for finding in self.check(source)[0]]

    def unused(self) -> list[str]:
        return [finding.rule for finding in self.suppressions.unused()]


MODE_IGNORED, NOTHING_IGNORED = ["unknown-field"], ["invalid-mode", "unknown-field"]


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"path": "models/iris.yaml"},
        {"path": "./models/*.yaml"},
        {"path": "**/iris.yaml"},
        {"path": "**"},
        {"path": "models"},
        {"path": "models/"},
        {"path": "models/**/iris.yaml"},
        {"kind": "InferenceService"},
        {"namespace": "fra*", "name": "i?is"},
        {"path": "models/**", "name": "iris"},
    ],
    ids=str,
)
def test_what_an_entry_is_about(about: dict[str, str]) -> None:
    project = Project(entry(**about))
    source = service("/project/models/iris.yaml")
    kept, suppressed = project.check(source)
    assert [finding.rule for finding in kept] == MODE_IGNORED
    assert [(at.rule, at.suppression) for at in suppressed] == [("invalid-mode", Suppression("project", "as agreed"))]
    assert project.unused() == []


@pytest.mark.parametrize(
    "about",
    [
        {"path": "iris.yaml"},
        {"path": "*.yaml"},
        {"path": "Models/**"},
        {"path": "project/models/iris.yaml"},
        {"kind": "LLMInferenceService"},
        {"namespace": "fraud-*"},
        {"name": "fraud"},
        {"path": "models/iris.yaml", "name": "wine"},
    ],
    ids=str,
)
def test_what_it_is_not_about(about: dict[str, str]) -> None:
    project = Project(entry(**about))
    assert project.kept(service("/project/models/iris.yaml")) == NOTHING_IGNORED
    assert project.unused() == []


def test_files_outside_of_the_project_and_standard_input() -> None:
    project = Project(entry(path="**/*.yaml"))
    assert project.kept(service("/elsewhere/iris.yaml")) == NOTHING_IGNORED
    assert project.kept(service("<stdin>")) == NOTHING_IGNORED
    assert Project(entry()).kept(service("<stdin>")) == MODE_IGNORED


def test_names_are_seen_from_the_project_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").mkdir()
    monkeypatch.chdir(tmp_path / "models")
    suppressions = Suppressions([entry(path="models/iris.yaml")], "../.isvclog.yaml", KNOWN, KNOWN, TODAY)
    for file in ("iris.yaml", "./iris.yaml", "../models/iris.yaml", str(tmp_path / "models" / "iris.yaml")):
        findings, labels = found(service(file))
        assert [at.rule for at in suppressions.apply(service(file), findings, labels)[0]] == MODE_IGNORED


@pytest.mark.parametrize(
    ("days", "active_entries"), [(0, True), (1, True), (-1, False)], ids=["today", "tomorrow", "over"]
)
def test_the_last_day_counts(days: int, active_entries: bool) -> None:
    project = Project(entry()._replace(expires=TODAY + timedelta(days)))
    assert project.kept(service("/project/a.yaml")) == (MODE_IGNORED if active_entries else NOTHING_IGNORED)
    assert project.unused() == ([] if active_entries else ["expired-ignore"])


def test_an_expired_entry_is_reported_where_it_stands() -> None:
    project = Project(entry()._replace(expires=date(2029, 12, 31)))
    (finding,) = project.suppressions.unused()
    assert finding.file == "/project/.isvclog.yaml"
    assert finding.span == SPAN
    assert finding.severity == Severity.WARNING
    assert finding.message == "This entry ignores nothing any more: it expired on 2029-12-31."


def test_an_unused_entry_is_reported_where_it_stands() -> None:
    project = Project(entry("missing-mode"))
    assert project.kept(service("/project/a.yaml")) == NOTHING_IGNORED
    (finding,) = project.suppressions.unused()
    assert (finding.file, finding.span, finding.rule) == ("/project/.isvclog.yaml", SPAN, "unused-ignore")


@pytest.mark.parametrize(
    ("about", "reported"),
    [
        ({}, True),
        ({"path": "models/**"}, True),
        ({"path": "other/**"}, False),
        ({"name": "iris"}, True),
        ({"name": "wine"}, False),
        ({"path": "models/**", "namespace": "dev"}, False),
        ({"path": "other/**", "name": "iris"}, False),
    ],
    ids=str,
)
def test_a_run_over_some_files_says_nothing_of_the_others(about: dict[str, str], reported: bool) -> None:
    project = Project(entry("missing-mode", **about))
    assert project.unused() == []
    project.check(service("/project/models/iris.yaml"))
    assert project.unused() == (["unused-ignore"] if reported else [])


@pytest.mark.parametrize(
    ("about", "reported"),
    [
        ({"path": "models/iris.yaml"}, True),
        ({"path": "models/iris.yaml", "name": "ir*"}, True),
        ({"path": "models/*.yaml"}, False),
        ({"path": "models"}, False),
        ({"name": "iris"}, False),
        ({}, False),
    ],
    ids=str,
)
def test_what_may_be_used_elsewhere_is_called_unused_by_whole_runs_only(about: dict[str, str], reported: bool) -> None:
    project = Project(entry("missing-mode", **about))
    project.check(service("/project/models/iris.yaml"))
    assert len(project.suppressions.unused(covers_project=False)) == reported
    assert len(project.suppressions.unused(covers_project=True)) == 1


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_one_use_in_a_run_is_enough(order: Sequence[str]) -> None:
    project = Project(entry(namespace="a"), entry(path="nothing.yaml"), entry("missing-mode", name="iris"))
    for namespace in order:
        project.check(service(f"/project/{namespace}.yaml", namespace))
    assert [finding.message for finding in project.suppressions.unused()] == [
        "This entry ignores nothing: `missing-mode` reports nothing in the files and objects that it matches."
    ]


@pytest.mark.parametrize("off", ["missing-mode", "unused-ignore"])
def test_a_rule_that_did_not_run_finds_nothing_unused(off: str) -> None:
    project = Project(entry("missing-mode"), active=KNOWN - {off})
    project.check(service("/project/a.yaml"))
    assert project.unused() == []


@pytest.mark.parametrize("off", ["invalid-mode", "expired-ignore"])
def test_a_rule_that_did_not_run_lets_nothing_expire(off: str) -> None:
    assert Project(entry()._replace(expires=date(2000, 1, 1)), active=KNOWN - {off}).unused() == []


def test_a_comment_and_an_entry_for_the_same_finding_are_both_used() -> None:
    source = service("/project/a.yaml")
    source = source._replace(data=source.data.rstrip() + b" # isvclog: ignore[invalid-mode] by comment\n")
    project = Project(entry())
    kept, suppressed = project.check(source)
    assert [finding.rule for finding in kept] == MODE_IGNORED
    assert [at.suppression for at in suppressed] == [Suppression("comment", "by comment")]
    assert project.unused() == []


def test_an_unused_comment_cannot_be_ignored_by_an_entry() -> None:
    source = service("/project/a.yaml")
    source = source._replace(data=source.data + b"# isvclog: ignore[missing-mode]\n")
    assert "unused-ignore" in Project(entry("unused-ignore")).kept(source)


def test_a_document_that_cannot_be_read_is_ignored_by_its_path() -> None:
    project = Project(entry("unparsable-manifest", path="charts/**"))
    assert project.kept(Source("/project/charts/a.yaml", b"kind: InferenceService\na: [")) == []
    assert project.unused() == []
