"""Help pages: each option has a heading, and each example is a command line that is accepted."""

import re
import shlex
from pathlib import Path

import pytest

from isvclog import __version__
from isvclog.cli.app import COMMANDS, GROUPED, command_line
from isvclog.cli.help import EXAMPLES, GROUPS, HEADINGS, heading_of
from isvclog.cli.main import main
from isvclog.cli.options.completion import complete_component, complete_release, complete_sink_profile

SUBCOMMANDS = [(group, name) for group, table in GROUPED.items() for name in table]
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


@pytest.mark.parametrize(("group", "name"), SUBCOMMANDS)
def test_commands_of_groups_have_headings_and_examples(
    group: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    outer = command_line()
    with outer.make_context("isvclog", [group, name]) as context:
        inner = outer.get_command(context, group)
        with inner.make_context(group, [name], parent=context) as inside:
            command = inner.get_command(inside, name)
            assert command.help.splitlines()[0] == GROUPED[group][name].summary
            for parameter in command.get_params(inside):
                if parameter.param_type_name == "option":
                    heading_of(command.name, parameter.name)
            assert 2 <= len(EXAMPLES[command.name]) <= 4
            for line, _ in EXAMPLES[command.name]:
                words = shlex.split(line.partition(" | ")[0].partition(" > ")[0])
                assert words[:3] == ["isvclog", group, name]
                command.make_context(name, words[3:], parent=inside).close()
    assert main([group, name, "--help"]) == 0
    page = capsys.readouterr().out
    assert page.startswith(f"Usage: isvclog {group} {name} ")
    assert not LEFTOVERS.search(page)


def test_a_group_without_a_command_prints_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    for group, table in GROUPED.items():
        assert main([group]) == 2
        page = capsys.readouterr().err
        assert all(f"\n  {name} " in page for name in table)
        assert main([group, "--help"]) == 0
        assert capsys.readouterr().out == page
        assert main([group, "nothing"]) == 2
        assert "There is no command 'nothing'" in capsys.readouterr().err


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
            command = group.get_command(context, name)
            known |= {parameter.name for parameter in command.get_params(context)}
            for inner in GROUPED.get(name, ()):
                known |= {parameter.name for parameter in command.get_command(context, inner).get_params(context)}
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


@pytest.mark.parametrize("words", [[name] for name in COMMANDS] + [list(pair) for pair in SUBCOMMANDS])
def test_pages_fit_a_terminal_of_80_columns(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*words, "--help"]) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if len(line) > 80] == []
