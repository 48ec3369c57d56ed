"""The command line as github.com/spf13/pflag v1.0.10 reads it, which the agent uses."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from isvclog.kserve.golang.csv import read_record
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.strconv import parse_bool, parse_int, quote, quote_rune
from isvclog.kserve.golang.strings import to_bytes
from isvclog.kserve.golang.time import parse_duration
from isvclog.records import NamedTuple


class FlagError(GoError):
    """The command line is wrong; a program with `ExitOnError` prints this and exits with code 2."""


class HelpRequested(FlagError):
    """`--help` or `-h` was found and is not a flag of the program; with `ExitOnError` it exits with code 0."""

    def __init__(self) -> None:
        super().__init__("pflag: help requested")


class Flag(NamedTuple):
    """A flag: `kind` is `string`, `int`, `bool`, `duration` (nanoseconds) or `stringSlice` (a list of strings)."""

    name: str
    kind: str
    default: Any


def by_name(flags: Iterable[Flag]) -> Mapping[str, Flag]:
    """Index flags by name, as `parse` needs them. If several have the same name, the last one is used."""
    return {flag.name: flag for flag in flags}


class Parsed(NamedTuple):
    """The contents of a command line: the value of every flag, the names that were given, and the other arguments."""

    values: dict[str, Any]
    changed: frozenset[str]
    positionals: tuple[str, ...]


def read_slice(text: str) -> list[str]:
    """Parse the value of a `stringSlice`: the first record of CSV. Raises CsvError if there is none."""
    return read_record(text) if text else []


_READERS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "int": parse_int,
    "bool": parse_bool,
    "duration": parse_duration,
    "stringSlice": read_slice,
}


def parse(known: Mapping[str, Flag], arguments: Iterable[str]) -> Parsed:
    """Parse arguments as `FlagSet.Parse` does; raise FlagError or HelpRequested.

    `known` are the flags by name; they have no shorthands. A bool needs no value and never takes the next argument:
    `--verbose false` is true, and `false` a positional. The first value of a slice replaces its default, later ones are
    added.
    """
    values = {name: flag.default for name, flag in known.items()}
    changed: set[str] = set()
    positionals: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        plain = known.get(argument[2:]) if argument.startswith("--") else None
        if plain is not None and plain.kind == "string":  # most are, and take no detours
            values[plain.name] = _following(plain.name, rest)
            changed.add(plain.name)
        elif argument == "--":
            positionals.extend(rest)
        elif argument == "-" or not argument.startswith("-"):
            positionals.append(argument)
        elif not argument.startswith("--"):
            _refuse_shorthand(argument[1:])
        else:
            flag, text = _read_long(argument, known, rest)
            earlier = values[flag.name] if flag.name in changed else None
            values[flag.name] = _convert(flag, text, earlier)
            changed.add(flag.name)
    return Parsed(values, frozenset(changed), tuple(positionals))


def _read_long(argument: str, known: Mapping[str, Flag], rest: Iterator[str]) -> tuple[Flag, str]:
    """Find the flag of an argument and the text of its value, which may be the next argument."""
    name, equals, text = argument[2:].partition("=")
    if not name or name.startswith("-"):
        raise FlagError(f"bad flag syntax: {argument}")
    flag = known.get(name)
    if flag is None:
        raise HelpRequested if name == "help" else FlagError(f"unknown flag: --{name}")
    if equals:
        return flag, text
    if flag.kind == "bool":
        return flag, "true"
    return flag, _following(name, rest)


def _following(name: str, rest: Iterator[str]) -> str:
    following = next(rest, None)
    if following is None:
        raise FlagError(f"flag needs an argument: --{name}")
    return following


def _convert(flag: Flag, text: str, earlier: Any) -> Any:
    """Convert the text of a value. `earlier` is the value that the command line gave before, or None."""
    try:
        value = _READERS[flag.kind](text)
    except GoError as error:
        raise FlagError(f"invalid argument {quote(text)} for {quote(f'--{flag.name}')} flag: {error}") from None
    return [*(earlier or ()), *value] if flag.kind == "stringSlice" else value


def _refuse_shorthand(letters: str) -> None:
    """Raise the error for a shorthand: no flag has one, but `-h` asks for help.

    `-test.*` is ignored, because it belongs to Go's test runner.
    """
    if letters.startswith("test."):
        return
    if letters.startswith("h"):
        raise HelpRequested
    # pflag takes the first byte for a character, makes UTF-8 of it, and prints the first byte of that.
    letter = chr(chr(to_bytes(letters)[0]).encode()[0])
    raise FlagError(f"unknown shorthand flag: {quote_rune(letter)} in -{letters}")
