"""Arguments that name files or services, told apart by how they look."""

import os
from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

from isvclog.errors import IsvclogError, UsageError
from isvclog.records import NamedTuple

NoIgnoreVcs = Annotated[
    bool, typer.Option("--no-ignore-vcs", help="Also read the files in folders that git ignores (.gitignore).")
]

StdinFilename = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help="The name of the file whose text standard input (-) is, for findings and ignores."
    ),
]

_FOLDERS = (".", "..")
_MOST_NAMES = 1000
"""The names of a folder that are compared with one that is not there."""
_STARTS = ("./", "../", "/")
_SUFFIXES = (".yaml", ".yml", ".json")


class SplitArguments(NamedTuple):
    """Arguments of a command: `files` are those of -f and then those that look like one; `names` are the others."""

    files: list[str]
    names: list[str]


def names_a_file(argument: str) -> bool:
    """Check whether an argument is read as a file or folder instead of as NAME or NAMESPACE/NAME of a service.

    It is one if it is `-`, begins with `./`, `../` or `/`, or ends in .yaml, .yml or .json.
    """
    return argument in ("-", *_FOLDERS) or argument.startswith(_STARTS) or argument.lower().endswith(_SUFFIXES)


def split_arguments(arguments: Iterable[str] | None, filenames: Sequence[str] | None) -> SplitArguments:
    """Split arguments into files and names of services.

    A shell makes `-f a.yaml b.yaml` of `-f *.yaml`, and only the first of them is the value of -f. Raises IsvclogError
    for an argument that looks like a file and does not exist.
    """
    split = SplitArguments(list(filenames or ()), [])
    for argument in arguments or ():
        if not names_a_file(argument):
            if "." in argument and os.path.isfile(argument):  # no service can have such a name
                raise UsageError(f"{argument} is a file here; write -f {argument} or ./{argument} to read it.")
            split.names.append(argument)
        elif argument == "-" or os.path.lexists(argument):
            split.files.append(argument)
        else:
            raise missing_file(argument)
    return split


def split_existing(arguments: Iterable[str], filenames: Sequence[str] | None) -> SplitArguments:
    """Split arguments into files and keys, which may look like files: only a file that exists is one."""
    split = SplitArguments(list(filenames or ()), [])
    for argument in arguments:
        is_file = names_a_file(argument) and (argument == "-" or os.path.lexists(argument))
        (split.files if is_file else split.names).append(argument)
    return split


def missing_file(argument: str) -> IsvclogError:
    """Build the error for an argument that looks like a file and does not exist: it names both meanings."""
    from isvclog.suggest import closest_name

    folder, name = os.path.split(argument)
    try:
        similar = closest_name(name, [each for each in os.listdir(folder or ".")[:_MOST_NAMES] if names_a_file(each)])
    except OSError:
        similar = ""
    if similar:
        return IsvclogError(f"There is no file {argument}; did you mean {os.path.join(folder, similar)}?")
    name = "" if folder else os.path.splitext(argument)[0].lower()
    name = name or "NAME or NAMESPACE/NAME"
    return IsvclogError(f"There is no file {argument}; check the path. To name a service of the cluster, write {name}.")


def only_name(names: Sequence[str], command: str) -> str | None:
    """Return the only name, None if there is none. Raises UsageError for several, which `command` does not take."""
    if len(names) > 1:
        raise UsageError(
            f"{command} takes the name of one service, not {len(names)}: {' '.join(names[:5])}. A file ends in .yaml, "
            ".yml or .json, or begins with ./, ../ or /."
        )
    return names[0] if names else None


def name_standard_input(name: str | None, files: Sequence[str]) -> list[str]:
    """Use `name` for standard input in this run, and return the files: `-`, if there are none and it has a name.

    Raises UsageError if there are other files, of which one could have the same name.
    """
    from isvclog.filenames import is_live, name_stdin

    if name is None:
        return list(files)
    if not name or name == "-" or os.path.isdir(name):
        raise UsageError(f"--stdin-filename {name!a} is not the name of a file.")
    if files and list(files) != ["-"]:
        raise UsageError("--stdin-filename names standard input, so give - and no other file.")
    name_stdin(os.path.join(".", name) if is_live(name) else name)
    return ["-"]


def read_stdin_once(*files: str | None) -> None:
    """Raise UsageError if `-` is among the files more than once."""
    if files.count("-") > 1:
        raise UsageError("standard input (-) can be read only once.")


def check_places(paths: Iterable[str] | None, filenames: Iterable[str] | None, *others: str | None) -> list[str]:
    """Collect the files and folders that arguments and options name, or the current folder if there are none.

    Raises UsageError if `-` is given twice; `others` are files that are read, too, and they count for this.
    """
    places = [*(filenames or ()), *(paths or ())] or ["."]
    read_stdin_once(*places, *others)
    return places
