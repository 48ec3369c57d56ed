"""Help pages: each option has a heading, and each example is a command line that is accepted."""

import re
import shlex
from pathlib import Path

import pytest

from isvclog import __version__
from isvclog.cli.app import COMMANDS, command_line
from isvclog.cli.help import EXAMPLES, GROUPS, HEADINGS, heading_of
from isvclog.cli.main import main
from isvclog.cli.options.completion import complete_component, complete_release, complete_sink_profile

LEFTOVERS = re.compile(r"x[<>]=|<=x|RANGE|\(error\)|INTEGER|FLOAT|\bTEXT\b")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_heading(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    group = command_line()
    with group.make_context("isvclog", [name]) as context:
        command = group.get_command(context, name)
        for parameter in command.get_params(context):
            if parameter.param_type_name == "option":
                heading_of(name, parameter.name)
    assert main([name, "--help"]) == 0
    page = capsys.readouterr().out
    assert not LEFTOVERS.search(page)
    assert not re.search(r"^Options:$", page, re.MULTILINE)


def test_the_overview_has_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert [name for names in GROUPS.values() for name in names] == list(COMMANDS)
    assert main(["--help"]) == 0
    page = capsys.readouterr().out
    assert all(f"\n  {name} " in page for name in COMMANDS)
    assert "\nExamples:\n" in page


def test_no_heading_names_an_option_that_is_gone() -> None:
    group = command_line()
    known = {"install_completion", "show_completion", "version"}
    for name in COMMANDS:
        with group.make_context("isvclog", [name]) as context:
            known |= {parameter.name for parameter in group.get_command(context, name).get_params(context)}
    assert {parameter for names in HEADINGS.values() for parameter in names} <= known


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_are_accepted(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The arguments of each are parsed as those of its command; their values are not looked at."""
    monkeypatch.chdir(tmp_path)
    assert 2 <= len(EXAMPLES[name]) <= 4
    group = command_line()
    for line, _ in EXAMPLES[name]:
        (mine,) = (part for part in line.split(" | ") if part.startswith(f"isvclog {name}"))
        arguments = shlex.split(re.split(" [<>] ", mine)[0])[1:]
        with group.make_context("isvclog", arguments) as context:
            group.get_command(context, name).make_context(name, arguments[1:], parent=context).close()


@pytest.mark.parametrize(
    ("words", "page"),
    [
        (["help"], "Usage: isvclog [OPTIONS]"),
        (["help", "lint"], "Usage: isvclog lint"),
        (["help", "help"], "Usage: isvclog [OPTIONS]"),
        (["version"], f"isvclog {__version__}\n"),
    ],
)
def test_words_that_other_programs_have(words: list[str], page: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert capsys.readouterr().out.startswith(page)


def test_the_release_of_a_schema_is_an_argument(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "0.16"]) == 0
    short = capsys.readouterr().out
    assert main(["schema", "--kserve-version", "v0.16"]) == 0
    assert short == capsys.readouterr().out


def test_completion_of_choices() -> None:
    assert complete_release("0.2")[0] == "0.21.0"
    assert complete_release("v0.16")[0].startswith("v0.16")
    assert complete_component("e") == ["explainer"]
    assert complete_sink_profile("ng") == ["nginx"]
