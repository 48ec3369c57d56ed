"""The documentation of every rule is complete and true.

An example is completed to a whole InferenceService by `complete` (tests/support/completion.py says how), and linted
with the options it gives, in the folder of the rule's test, where files that are named stand. Before, the rule must be
among those that report something; after, it must not.
"""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from completion import complete

from isvclog.cli.main import main
from isvclog.findings import Finding, Severity
from isvclog.kserve.apis.releases import ALL_RELEASES
from isvclog.lint import linter as linting
from isvclog.rules import catalogue
from isvclog.rules.catalogue import Description, about, describe_rule, groups, join_paragraphs, release_range
from isvclog.rules.registry import CHECKED, GROUPS, RUNNING, all_rules, running_rules
from isvclog.rules.rule import Rule

FOLDER = Path(__file__).parent
CASES = sorted(path.parent for path in (FOLDER.parent / "validate").glob("*/manifest.*"))
REPORTED_ELSEWHERE = [rule.name for rule in all_rules().values() if rule.check is None]

NO_EXAMPLE = {
    "binary-manifest": "bytes that are no text cannot be shown",
    "misencoded-manifest": "bytes that are no text cannot be shown",
    "oversized-manifest": "what is too large to be read is too large to be shown",
    "pruned-field": "only a look into a cluster tells",
    "missing-object": "only a look into a cluster tells",
    "expired-ignore": "what expires stands in the configuration, not in a manifest",
    **dict.fromkeys(running_rules(), "what runs is in no manifest; tests/audit has cases"),
}
"""Rules whose examples are not run, and why."""
NOT_ON_POD = {
    "missing-api-version": ("apiVersion",),
    "missing-mode": ("mode",),
    "missing-url": ("url",),
}
"""Fields whose absence a rule is about: examples are not completed with them."""


def described(name: str) -> Description:
    found = describe_rule(name)
    assert found is not None
    return found


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., set[str]]:
    """Lints a file: the names of the rules that report something, those of the reader of manifests included."""

    def run(file: Path, options: str = "") -> set[str]:
        config = [] if "--config" in options else ["--no-config"]
        code = main(["lint", str(file), "-o", "json", "--fail-on", "info", *config, *shlex.split(options)])
        output = capsys.readouterr()
        assert code in (0, 1), output.err
        return {finding["rule"] for finding in json.loads(output.out)["findings"]}

    return run


def in_folder(name: str, monkeypatch: pytest.MonkeyPatch, otherwise: Path) -> None:
    folder = FOLDER / name
    monkeypatch.chdir(folder if folder.exists() else otherwise)


@pytest.mark.parametrize("name", all_rules())
def test_a_rule_is_documented(name: str) -> None:
    rule = described(name)
    assert (rule.name, rule.severity) == (name, all_rules()[name].severity)
    assert rule.group in (*GROUPS, "manifest", RUNNING)
    assert about(rule.group).endswith(".")
    prose = [rule.summary, *rule.why, rule.instead]
    assert all(paragraph == " ".join(paragraph.split()) and paragraph.isprintable() for paragraph in prose)
    assert all(paragraph.count("`") % 2 == 0 for paragraph in prose), "a backtick has no partner"
    assert rule.instead.endswith((".", "`"))
    assert all(line.isprintable() for line in (rule.before + rule.after).splitlines())
    assert rule.security is None or 0 < rule.security <= 10


def test_no_section_of_the_page_has_the_anchor_of_another() -> None:
    assert not all_rules().keys() & {"rules", "index", *groups()}


def test_every_rule_is_in_one_group() -> None:
    names = [rule.name for rules in groups().values() for rule in rules]
    assert sorted(names) == sorted(all_rules())


@pytest.mark.parametrize("name", [name for name in all_rules() if name not in NO_EXAMPLE])
def test_an_example_is_true(
    name: str, found: Callable[..., set[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule, file = described(name), tmp_path / "example.yaml"
    in_folder(name, monkeypatch, tmp_path)
    file.write_text(complete(rule.before, NOT_ON_POD.get(name, ())), encoding="utf-8")
    before = found(file, rule.options)
    assert name in before, f"only {sorted(before)} report something in:\n{file.read_text(encoding='utf-8')}"
    file.write_text(complete(rule.after), encoding="utf-8")
    assert name not in found(file, rule.options), file.read_text(encoding="utf-8")


@pytest.mark.parametrize("mode", ["Knative", "Standard"])
@pytest.mark.parametrize("name", [name for name in all_rules() if name not in NO_EXAMPLE])
def test_no_advice_leads_into_another_error(
    name: str,
    mode: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The examples are linted with all rules, in each mode: after, no error is left; before, only the rule's own."""
    rule, file = described(name), tmp_path / "example.yaml"
    in_folder(name, monkeypatch, tmp_path)
    config = [] if "--config" in rule.options else ["--no-config"]
    for example, absent, allowed in (
        (rule.before, NOT_ON_POD.get(name, ()), {name}),
        (rule.after, (), set()),
    ):
        text = complete(example, absent)
        file.write_text(text, encoding="utf-8")
        main(["lint", str(file), "-o", "json", *config, "--deployment-mode", mode, *shlex.split(rule.options)])
        found = json.loads(capsys.readouterr().out)["findings"]
        errors = {finding["rule"] for finding in found if finding["severity"] == "error"}
        assert errors <= allowed, text


@pytest.fixture
def fixes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[Iterable[Path], str], str]:
    """The best kind of fix that the findings of a rule have when files are linted."""
    seen: list[Finding] = []
    lint = linting.lint_object

    def recording(*arguments: object) -> list[Finding]:
        result = lint(*arguments)  # type: ignore[arg-type]
        seen.extend(result)
        return result

    def run(files: Iterable[Path], name: str) -> str:
        for file in files:
            written = re.search(r"^# isvclog lint (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            monkeypatch.chdir(file.parent)
            main(["lint", file.name, *shlex.split(written[1] if written else "")])
        capsys.readouterr()
        safe = {finding.fix.safe for finding in seen if finding.rule == name and finding.fix}
        return "safe" if True in safe else "unsafe" if safe else ""

    monkeypatch.setattr(linting, "lint_object", recording)
    return run


@pytest.mark.parametrize("name", [rule.name for rule in CHECKED])
def test_a_rule_fixes_what_it_says(name: str, fixes: Callable[..., str]) -> None:
    assert described(name).fix == fixes((FOLDER / name).glob("flagged*.yaml"), name)


@pytest.mark.parametrize("name", REPORTED_ELSEWHERE or ["-"])
def test_validation_fixes_what_it_says(name: str, fixes: Callable[..., str], tmp_path: Path) -> None:
    if name == "-":
        pytest.skip("nothing that validation reports is documented")
    if name in running_rules():
        assert described(name).fix == ""
        return
    example = tmp_path / "example.yaml"
    example.write_text(complete(described(name).before, NOT_ON_POD.get(name, ())), encoding="utf-8")
    assert described(name).fix == fixes([example, *(next(case.glob("manifest.*")) for case in CASES)], name)


def test_an_unknown_rule_has_no_description() -> None:
    assert describe_rule("no-such-rule") is None


def test_a_malformed_docstring_is_told_with_its_module(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Rule("broken", Severity.INFO, None, "isvclog.rules.policy")
    monkeypatch.setattr(catalogue, "all_rules", lambda: {"broken": broken})
    with pytest.raises(ValueError, match=r"^the docstring of isvclog\.rules\.policy lacks an example"):
        describe_rule("broken")


def test_without_docstrings_there_is_still_a_description(tmp_path: Path) -> None:
    code = (
        "from isvclog.rules.catalogue import *; print(describe_rule('non-canonical-header').summary, about('headers'))"
    )
    command = [sys.executable, "-OO", "-c", code]
    assert subprocess.check_output(command, text=True, cwd=tmp_path) == "Non canonical header. \n"


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("", "", ("", "", "all")),
        ("metadataHeaders", "", ("0.14.0", "", "0.14.0 and later")),
        ("", "several-metadata-headers", ("", "0.14.1", "before 0.15.0")),
        ("metadataHeaders", "several-metadata-headers", ("0.14.0", "0.14.1", "0.14.0 to 0.14.1")),
        ("blob-storage", "csv-and-parquet", ("0.16.0", "0.16.0", "0.16.0 only")),
    ],
)
def test_releases_are_told_as_people_do(since: str, until: str, expected: tuple[str, str, str]) -> None:
    rule = Rule("some", Severity.INFO, None, "some.module", since, until)
    assert release_range(rule) == expected
    first, last, _ = expected
    concerned = [str(release) for release in ALL_RELEASES if rule.concerns(release)]
    assert (concerned[0], concerned[-1]) == (first or str(ALL_RELEASES[0]), last or str(ALL_RELEASES[-1]))


def test_a_rule_that_concerns_no_release_is_a_mistake() -> None:
    rule = Rule("some", Severity.INFO, None, "some.module", "csv-and-parquet", "blob-storage")
    with pytest.raises(ValueError, match=r"some\.module: there is no release between"):
        release_range(rule)


def test_other_formats_know_parts_by_their_own_names() -> None:
    rule = described("non-canonical-header")
    assert rule.details == join_paragraphs(rule.why)
    assert (rule.remedy, rule.security_severity, rule.tags) == (rule.instead, None, ("headers",))
