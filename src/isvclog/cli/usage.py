"""Sentences for mistakes in the command line, in place of those of typer's parser."""

import re
from typing import Any

_EXTRA = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", re.DOTALL)
_MISSING = re.compile(r"Missing (argument|option) '(.*?)'\.?(?:\s+Choose from:\s*(.*?))?\s*\Z", re.DOTALL)
_CHOICE = re.compile(r"(.*) is not one of (.*)\.", re.DOTALL)
_WRONG = re.compile(r"(.*) is not (?:a valid |in the range ).*", re.DOTALL)
_VALUELESS = re.compile(r"Option '(.*)' requires an argument\.")
_COMMAND = re.compile(r"No such command '(.*)'(.*)\Z", re.DOTALL)
_WORDS = {
    "check": "lint",
    "fix": "lint --fix",
    "format": "lint --fix",
    "show": "preview",
    "diff": "lint --diff",
    "test": "sink --expect",
    "add": "add-annotation",
    "remove": "remove-annotation",
}
_OPTIONS = {
    "--format": "--output",
    "--fix-all": "--fix",
    "--version": "--kserve-version",
    "--namespaces": "--namespace",
}
_VALUED = re.compile(r"Option '(.*)' does not take a value\.")


def usage_sentences(error: Any) -> str:
    """Say what is wrong with the command line, what may have been intended, and where to read on.

    `error` is an exception of typer.
    """
    if agent_flag := _agent_flag(error):
        return f"{agent_flag} is an argument of the agent; write it after --: isvclog simulate -- {agent_flag} ..."
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "isvclog"
    message = _message(error, path)
    hint = f" Try `{path} --help`." if context else ""
    return message + ("" if message.endswith((".", "?")) else ".") + hint


def _message(error: Any, path: str) -> str:
    message: str = error.format_message()
    if option := getattr(error, "option_name", None):
        return _about_option(message, option, getattr(error, "possibilities", None))
    if getattr(error, "param", None) is not None and (about := _about_value(error)):
        return about
    if found := _MISSING.match(message):
        what = "an argument" if found[1] == "argument" else "the option"
        choices = f"; choose one of {' '.join(found[3].split())}" if found[3] else ""
        return f"`{path}` needs {what}: {found[2]}{choices}"
    if found := _EXTRA.match(message):
        return f"`{path}` does not take so many arguments: {found[1]}"
    if found := _COMMAND.match(message):
        return f"There is no command '{found[1]}'{_meant(found[1]) or found[2]}"
    return message


def _meant(word: str) -> str:
    """Say what somebody means who writes a file, or the name of a command of other programs, as a command."""
    if word.lower().endswith((".yaml", ".yml", ".json")):
        return f". Write isvclog lint {word} or isvclog preview {word}"
    return f". Did you mean {_WORDS[word]}?" if word in _WORDS else ""


def _about_option(message: str, option: str, possibilities: Any) -> str:
    if _VALUELESS.match(message):
        return f"{option} needs a value"
    if _VALUED.match(message):
        return f"{option} takes no value"
    if option in _OPTIONS:
        possibilities = [_OPTIONS[option]]
    meant = f". Did you mean {' or '.join(sorted(possibilities))}?" if possibilities else ""
    return f"There is no option {option}{meant}"


def _about_value(error: Any) -> str | None:
    """Say what a value of an option has to be; None for a message that is a sentence of our own."""
    name = (error.param.opts or [error.param.name])[-1] if error.param.param_type_name == "option" else None
    if name is None:
        return None
    if found := _CHOICE.match(error.message):
        value, choices = found[1].strip("'"), found[2].replace("'", "")
        return f"{name} {value!a}: choose one of {choices}"
    if not (found := _WRONG.match(error.message)):
        return None
    return f"{name} {found[1].strip(chr(39))!a}: give {_number(error.param.type)}"


def _number(kind: Any) -> str:
    """Describe the numbers that a type of typer takes."""
    what = "a whole number" if kind.name.startswith("int") else "a number"
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    if low is not None and high is not None:
        return f"{what} from {low:,} to {high:,}"
    return what if low is None else f"{what} of at least {low:,}"


def _agent_flag(error: Any) -> str:
    """Return the flag of KServe's agent that was given to `simulate` as an option; empty if it is another error."""
    option, context = getattr(error, "option_name", None), getattr(error, "ctx", None)
    if option is None or context is None or context.info_name != "simulate":
        return ""
    from isvclog.kserve.agent.settings import FLAGS

    return option if option.removeprefix("--") in FLAGS else ""
