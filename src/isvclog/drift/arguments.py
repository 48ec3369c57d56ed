"""The flags in which two command lines of the agent differ, read as the agent reads them."""

import re
from collections.abc import Sequence

from isvclog.kserve.agent.settings import FLAGS
from isvclog.kserve.golang.csv import CsvError
from isvclog.kserve.golang.flag import Flag, FlagError, Parsed, parse, read_slice
from isvclog.records import NamedTuple

# The pod webhook never passes these flags, so somebody else did.
_NEVER_PASSED = frozenset(("port", "workers", "log-marshaller-port", "probe-period"))
# The flags with their values as text, to compare values that the agent cannot read.
_TEXT_FLAGS = {name: flag._replace(kind="bool" if flag.kind == "bool" else "string") for name, flag in FLAGS.items()}
_UNKNOWN = re.compile(r"unknown flag: --(.*)", re.DOTALL)
_MOST_UNKNOWN = 20


class ArgumentDifferences(NamedTuple):
    """The differences between two command lines.

    `changed` are the flags, without dashes, whose values differ. `foreign` are flags of the first command line that the
    webhook never passes.
    """

    changed: frozenset[str] = frozenset()
    foreign: tuple[str, ...] = ()


def differing_arguments(actual: Sequence[str], expected: Sequence[str]) -> ArgumentDifferences | None:
    """Compare the flags of two command lines; None if the agent cannot parse one of them.

    A value that the agent cannot read is compared as text. Only unknown flags and values of flags may be invalid.
    """
    ours, theirs = _parse_both(actual, expected)
    if ours is None or theirs is None:
        return None
    names = ours.values.keys() | theirs.values.keys()
    changed = {name for name in names if ours.values.get(name) != theirs.values.get(name)}
    foreign = {name for name in ours.changed - theirs.changed if name in _NEVER_PASSED or name not in FLAGS}
    # The webhook always writes a flag and its value apart.
    foreign |= {name for name in changed & ours.changed if f"--{name}" not in actual}
    return ArgumentDifferences(frozenset(changed - foreign), tuple(sorted(foreign)))


def _parse_both(actual: Sequence[str], expected: Sequence[str]) -> tuple[Parsed | None, Parsed | None]:
    """Parse two command lines in the same way: with their types if the agent can read both, or else as text."""
    try:
        return parse(FLAGS, actual), parse(FLAGS, expected)
    except FlagError:
        return _parse_text(actual), _parse_text(expected)


def argument_value(args: Sequence[str], flag: str) -> str | None:
    """Look up the text of one flag; None if it is not given or cannot be determined."""
    parsed = _parse_text(args)
    return str(parsed.values[flag]) if parsed and flag in parsed.changed else None


def argument_items(args: Sequence[str], flag: str) -> list[str]:
    """Read the items of a list as the agent does; empty if the flag is not given or the list cannot be read."""
    try:
        return read_slice(argument_value(args, flag) or "")
    except CsvError:
        return []


def _parse_text(args: Sequence[str]) -> Parsed | None:
    """Parse the flags with every value as text, unknown flags included; None if that fails."""
    known = dict(_TEXT_FLAGS)
    for _ in range(_MOST_UNKNOWN):
        try:
            return parse(known, args)
        except FlagError as error:
            unknown = _UNKNOWN.fullmatch(str(error))
            if unknown is None:
                return None
            name = unknown[1]
            # Nobody knows whether it takes the next argument; if not, that one is no flag of the agent either.
            known[name] = Flag(name, "bool" if f"--{name}" in args else "string", None)
    return None
