"""`isvclog explain` by symptom: pages found by name and by words, and what they lead to exists."""

import json
import os
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest
from descriptions import GROUPS

from isvclog.cli.app import COMMANDS, command_line
from isvclog.cli.main import main
from isvclog.kserve.apis.kinds import INSTEAD
from isvclog.rules import catalogue
from isvclog.rules.registry import all_rules
from isvclog.rules.symptoms import SYMPTOMS, Symptom, all_symptoms

EXPLAINED = Path(__file__).with_name("explained")
SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "rules.schema.json").read_text(encoding="utf-8"))
PAGES = list(all_symptoms().values())

Isvclog = Callable[..., subprocess.CompletedProcess[str]]
Shown = Callable[..., str]

each_page = pytest.mark.parametrize("symptom", PAGES, ids=lambda symptom: symptom.name)


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shown:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> str:
        assert main(arguments) == 0
        output = capsys.readouterr()
        assert output.err == ""
        return output.out

    return run


def check(name: str, text: str) -> None:
    expected = EXPLAINED / name
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(text, encoding="utf-8", newline="\n")
    assert text == expected.read_text(encoding="utf-8")


def commands(symptom: Symptom) -> Iterator[str]:
    yield from (command for command, _ in symptom.first)
    for cause in symptom.causes:
        yield from cause.commands


def test_the_names_are_those_of_the_pages() -> None:
    assert tuple(all_symptoms()) == SYMPTOMS
    assert not {*SYMPTOMS} & {*all_rules(), *map(str.lower, INSTEAD)}


@each_page
def test_rules_and_pages_exist(symptom: Symptom) -> None:
    for cause in symptom.causes:
        assert {*cause.rules} <= all_rules().keys()
        assert {*cause.pages} <= {*SYMPTOMS} - {symptom.name}
        assert len({*cause.rules}) == len(cause.rules)
    assert symptom.first


@each_page
def test_commands_exist_with_their_options(symptom: Symptom) -> None:
    group = command_line()
    for command in commands(symptom):
        program, name, *arguments = shlex.split(command)
        assert program == "isvclog"
        assert name in COMMANDS
        with group.make_context("isvclog", [name]) as context:
            # Parsing fails for an unknown option, for one without a value and for a value that is not offered.
            group.get_command(context, name).make_context(name, arguments)


@each_page
def test_every_cause_leads_somewhere_or_says_what_to_do(symptom: Symptom) -> None:
    for cause in symptom.causes:
        assert cause.text.endswith("."), cause.text
        assert "\n" not in cause.text
        if not (cause.rules or cause.commands or cause.pages):
            assert symptom.name == "errors-not-logged", cause.text


@each_page
def test_its_name_and_its_title_find_it(symptom: Symptom, shown: Shown) -> None:
    page = shown("explain", symptom.name)
    assert page.startswith(f"{symptom.name}\n{symptom.title}\n")
    assert shown("explain", symptom.title) == page
    assert shown("explain", *symptom.title.rstrip(".").split()) == page
    assert shown("explain", symptom.name.replace("-", " ").upper()) == page
    assert all(rule in page for cause in symptom.causes for rule in cause.rules)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("no events", "no-events"),
        ("nothing arrives", "no-events"),
        ("my sink is empty", "no-events"),
        ("the event's id differs", "id-differs"),
        ("why is the id wrong", "id-differs"),
        ("errors are not logged", "errors-not-logged"),
        ("no response events", "errors-not-logged"),
        ("a header is missing", "header-missing"),
        ("an annotation is missing", "annotation-missing"),
        ("the pod crash-loops", "pod-crash-loops"),
        ("CrashLoopBackOff", "pod-crash-loops"),
        ("pods restart all the time", "pod-crash-loops"),
        ("nothing is deployed", "nothing-deployed"),
        ("no pod is created", "nothing-deployed"),
    ],
)
def test_words_find_a_page(words: str, name: str, shown: Shown) -> None:
    page = shown("explain", words)
    assert page.startswith(f"{name}\n")
    assert shown("explain", *words.split()) == page


@pytest.mark.parametrize("words", ["is the", "", "-", "the model is slow"])
def test_words_that_fit_no_page_are_wrong_usage(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", words]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == f"isvclog: error: there is no rule or symptom {words!a}: `isvclog explain` lists them.\n"


def test_several_pages_that_fit_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "absent", "lacks"]) == 2
    told = "'absent lacks' fits more than one symptom: did you mean header-missing or annotation-missing?"
    assert capsys.readouterr().err == f"isvclog: error: {told}\n"


@pytest.mark.parametrize("output", ["text", "markdown", "json"])
def test_a_symptom_is_explained(output: str, shown: Shown) -> None:
    check(f"symptom.{output}", shown("explain", "pod-crash-loops", "-o", output))


def test_a_page_fits_the_terminal(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    for symptom in PAGES:
        lines = shown("explain", symptom.name).splitlines()
        assert all(len(line) <= 60 for line in lines if not line.startswith("    isvclog"))
    check("symptom-60.text", shown("explain", "pod-crash-loops"))


@pytest.mark.parametrize("output", ["text", "markdown", "json"])
def test_without_a_name_all_are_listed(output: str, shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "groups", lambda: GROUPS)
    text = shown("explain", "-o", output)
    if output == "text":
        check("overview.text", text)
    else:
        assert all(symptom.title in text for symptom in PAGES)
        assert all(rule.name in text for found in GROUPS.values() for rule in found)


def test_rules_and_symptoms_keep_the_order_asked_for(shown: Shown) -> None:
    lines = shown("explain", "id-differs", "missing-url", "no-events", "id-differs").splitlines()
    assert [line for line in lines if line in ("id-differs", "missing-url", "no-events")] == [
        "id-differs",
        "missing-url",
        "no-events",
    ]


def test_programs_get_the_published_form(shown: Shown) -> None:
    document = json.loads(shown("explain", "no-events", "missing-url", "-o", "json"))
    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert [symptom["name"] for symptom in document["symptoms"]] == ["no-events"]
    assert [rule["name"] for rule in document["rules"]] == ["missing-url"]
    everything = json.loads(shown("explain", "-o", "json"))
    jsonschema.validate(everything, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert [symptom["name"] for symptom in everything["symptoms"]] == [*SYMPTOMS]
    assert "symptoms" not in json.loads(shown("explain", "missing-url", "-o", "json"))


def test_shells_complete_symptoms(isvclog: Isvclog) -> None:
    asked = {"_ISVCLOG_COMPLETE": "complete_bash", "COMP_WORDS": "isvclog explain no", "COMP_CWORD": "2"}
    assert {"no-events", "nothing-deployed", "non-canonical-header"} <= {*isvclog(env=asked).stdout.split()}
