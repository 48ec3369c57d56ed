"""`isvclog explain` and `isvclog rules` as their users meet them, against files in `explained`.

UPDATE_EXPECTED=1 in the environment writes them again; read the difference before you believe it.
"""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from descriptions import GROUPS

from isvclog.cli.main import main
from isvclog.rules import catalogue
from isvclog.rules.registry import all_rules

Isvclog = Callable[..., subprocess.CompletedProcess[str]]

EXPLAINED = Path(__file__).with_name("explained")
SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "rules.schema.json").read_text(encoding="utf-8"))
RULE = "non-canonical-header"


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few rules that do not change when somebody writes another one."""
    monkeypatch.setattr(catalogue, "groups", lambda: GROUPS)


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(*arguments: str) -> str:
        assert main(arguments) == 0
        output = capsys.readouterr()
        assert output.err == ""
        return output.out

    return run


Shown = Callable[..., str]


def check(name: str, text: str) -> None:
    expected = EXPLAINED / name
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(text, encoding="utf-8", newline="\n")
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("output", ["text", "markdown", "json"])
def test_a_rule_is_explained(output: str, shown: Shown) -> None:
    check(f"rule.{output}", shown("explain", RULE, "-o", output))


def test_an_explanation_fits_the_terminal(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    check("rule-60.text", shown("explain", RULE))


@pytest.mark.parametrize("output", ["auto", "text", "concise", "json"])
@pytest.mark.usefixtures("few")
def test_rules_are_listed(output: str, shown: Shown) -> None:
    check(f"rules.{output}", shown("rules", "-o", output))


@pytest.mark.usefixtures("few")
def test_the_list_fits_the_terminal(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    check("rules-60.text", shown("rules", "-o", "text"))


@pytest.mark.usefixtures("few")
def test_colour_is_for_those_who_want_it(shown: Shown) -> None:
    assert "\x1b[1m" in shown("rules", "-o", "text", "--color", "always")
    assert "\x1b[1m" in shown("explain", RULE, "--color", "always")
    assert "\x1b" not in shown("rules", "--color", "always"), "a line for each rule is for programs"


def test_in_a_pipe_every_rule_is_a_line(shown: Shown) -> None:
    lines = shown("rules").splitlines()
    assert [line.split()[0] for line in lines] == [
        rule for found in catalogue.groups().values() for rule in named(found)
    ]
    assert {line.split()[0] for line in lines} == set(all_rules())


def named(found: tuple[catalogue.Description, ...]) -> list[str]:
    return [rule.name for rule in found]


def test_programs_get_all_rules_by_the_published_schema(shown: Shown) -> None:
    document = json.loads(shown("rules", "-o", "json"))
    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert {rule["name"] for rule in document["rules"]} == set(all_rules())


@pytest.mark.parametrize("output", ["text", "markdown", "json"])
def test_several_rules_are_explained_in_the_order_asked_for(
    output: str, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = GROUPS["releases"]
    described = {rule.name: rule for rule in (first, second)}
    monkeypatch.setattr("isvclog.rules.registry.all_rules", lambda: described)
    monkeypatch.setattr(catalogue, "describe_rule", described.get)
    text = shown("explain", second.name, first.name, second.name, "-o", output)
    if output == "json":
        assert [rule["name"] for rule in json.loads(text)["rules"]] == [second.name, first.name]
    else:
        heading = "## " if output == "markdown" else ""
        assert [line for line in text.splitlines() if line in (heading + first.name, heading + second.name)] == [
            heading + second.name,
            heading + first.name,
        ]


@pytest.mark.parametrize("name", ["[non-canonical-header]", "`non-canonical-header`", "Non_Canonical_Header"])
def test_a_rule_as_it_is_written_elsewhere(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", name]) == 0
    assert capsys.readouterr().out.startswith("non-canonical-header")


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("non-canonical-headers", "did you mean non-canonical-header?"),
        ("Non_Canonical_Haeder", "did you mean non-canonical-header?"),
        ("xyzzy", "`isvclog explain` lists them."),
        ("\x1b[31mred", "`isvclog explain` lists them."),
        ("missing-annotations", "did you mean missing-annotation?"),
        ("no-event", "did you mean no-events?"),
        ("the model is slow", "`isvclog explain` lists them."),
    ],
)
def test_an_unknown_rule_is_wrong_usage(name: str, remedy: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", RULE, name]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == f"isvclog: error: there is no rule or symptom {name!a}: {remedy}\n"


def test_shells_complete_names_of_rules(isvclog: Isvclog) -> None:
    asked = {"_ISVCLOG_COMPLETE": "complete_bash", "COMP_WORDS": "isvclog explain non-canon", "COMP_CWORD": "2"}
    assert isvclog(env=asked).stdout.split() == [RULE]


@pytest.mark.parametrize("arguments", [("rules",), ("explain", RULE)])
def test_documentation_survives_a_python_without_docstrings(arguments: tuple[str, ...], isvclog: Isvclog) -> None:
    ended = isvclog(*arguments, env={"PYTHONOPTIMIZE": "2"})
    assert (ended.returncode, ended.stderr) == (0, "")
    assert RULE in ended.stdout
