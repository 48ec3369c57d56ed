"""Kubeconfig files as plain data, found and merged by kubectl's rules.

The kubernetes library is not used here, because it is slow to import.
https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
"""

import os
from pathlib import Path
from typing import Any

from isvclog.cluster.errors import BadKubeconfig
from isvclog.cluster.quoting import quote_name
from isvclog.records import NamedTuple

_FILES = (
    ("clusters", "cluster", ("certificate-authority",)),
    ("users", "user", ("client-certificate", "client-key", "tokenFile")),
)


class Kubeconfig(NamedTuple):
    """The named entries of all kubeconfig files, with absolute paths; `files` are the files that were read."""

    current: str
    contexts: dict[str, dict[str, Any]]
    clusters: dict[str, dict[str, Any]]
    users: dict[str, dict[str, Any]]
    files: tuple[str, ...] = ()


class Contexts(NamedTuple):
    """The names of the contexts in the order of the files, and the current context (empty if there is none)."""

    names: tuple[str, ...]
    current: str


def list_contexts(kubeconfig: str | None) -> Contexts:
    """List the contexts that `--context` accepts, for `--all-contexts` and for completion. Raises BadKubeconfig."""
    read = read_kubeconfig(kubeconfig)
    return Contexts(tuple(read.contexts), read.current)


def read_kubeconfig(kubeconfig: str | None) -> Kubeconfig:
    """Read and merge the kubeconfig files: the given file, else those of KUBECONFIG, else ~/.kube/config.

    If a name occurs twice, the first entry wins. A given file must exist; any other file may be missing. Raises
    BadKubeconfig.
    """
    merged = Kubeconfig("", {}, {}, {})
    for file in [kubeconfig] if kubeconfig else _default_files():
        document = _read(file, must_exist=bool(kubeconfig))
        if document is not None:
            merged = _merge(merged, file, document)
    return merged


def _default_files() -> list[str]:
    if variable := os.environ.get("KUBECONFIG", ""):
        return list(dict.fromkeys(file for file in variable.split(os.pathsep) if file))
    return [os.path.join(os.path.expanduser("~"), ".kube", "config")]


def _read(file: str, *, must_exist: bool) -> dict[str, Any] | None:
    """Read the data of one file; None if it is missing. An empty file is an empty configuration."""
    try:
        data = Path(file).read_bytes()
    except FileNotFoundError:
        if must_exist:
            raise BadKubeconfig(f"there is no kubeconfig {quote_name(file)}. Check `--kubeconfig`.") from None
        return None
    except OSError as error:
        raise BadKubeconfig(
            f"the kubeconfig {quote_name(file)} cannot be read: {error.strerror}. Check the file."
        ) from None
    document = _parse(file, data)
    if not isinstance(document, dict):
        raise BadKubeconfig(f"the kubeconfig {quote_name(file)} is not a mapping. Check that it is a kubeconfig.")
    for key, expected in (("apiVersion", "v1"), ("kind", "Config")):
        if document.get(key) not in (None, "", expected):
            what = f"the kubeconfig {quote_name(file)} has another `{key}` than {expected}"
            raise BadKubeconfig(f"{what}. Check that it is a kubeconfig.")
    return document


def read_yaml(text: str) -> Any:
    """Parse the first document of a YAML text; None if there is none. Raises ParseError."""
    from isvclog.manifest.syntax.convert import convert
    from isvclog.manifest.syntax.load import read_nodes

    roots = read_nodes(text)
    return convert(roots[0])[0] if roots else None


def _parse(file: str, data: bytes) -> Any:
    from isvclog.manifest.syntax.parse_error import ParseError
    from isvclog.manifest.syntax.positions import Positions

    text = ""
    try:
        text = data.decode("utf-8-sig")
        value = read_yaml(text)
    except UnicodeDecodeError:
        raise BadKubeconfig(f"the kubeconfig {quote_name(file)} is not UTF-8. Check that it is a kubeconfig.") from None
    except ParseError as problem:
        line = Positions(text, 1).span(problem.start, problem.end).line
        # The message of the parser is not shown, because it may quote a token.
        raise BadKubeconfig(
            f"the kubeconfig {quote_name(file)} is not valid YAML in line {line}. Correct that line."
        ) from None
    return {} if value is None else value


def _merge(merged: Kubeconfig, file: str, document: dict[str, Any]) -> Kubeconfig:
    folder = os.path.dirname(os.path.abspath(file))
    current = document.get("current-context")
    sections = {"contexts": _entries(file, document, "contexts", "context")}
    for section, key, paths in _FILES:
        entries = _entries(file, document, section, key)
        sections[section] = {name: _absolute(entry, folder, paths) for name, entry in entries.items()}
    return Kubeconfig(
        merged.current or (current if isinstance(current, str) else ""),
        _first(merged.contexts, sections["contexts"]),
        _first(merged.clusters, sections["clusters"]),
        _first(merged.users, sections["users"]),
        (*merged.files, file),
    )


def _first(known: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return known | {name: entry for name, entry in more.items() if name not in known}


def _entries(file: str, document: dict[str, Any], section: str, key: str) -> dict[str, dict[str, Any]]:
    """Collect the entries of a section by name; an entry without content, such as `user: null`, is empty."""
    found: dict[str, dict[str, Any]] = {}
    entries = document.get(section) or []
    if not isinstance(entries, list):
        raise BadKubeconfig(
            f"in the kubeconfig {quote_name(file)}, `{section}` is not a list. Check that it is a kubeconfig."
        )
    for index, entry in enumerate(entries):
        name = entry.get("name") if isinstance(entry, dict) else None
        content = (entry.get(key) or {}) if isinstance(entry, dict) else None
        if not isinstance(name, str) or not isinstance(content, dict):
            place = f"`{section}[{index}]`"
            raise BadKubeconfig(
                f"in the kubeconfig {quote_name(file)}, {place} is not a `name` and a `{key}`. Correct it."
            )
        if name in found:
            place = f"`{section}[{index}]` has the same name as another entry, {quote_name(name)}"
            raise BadKubeconfig(f"in the kubeconfig {quote_name(file)}, {place}. Remove one of them.")
        found[name] = content
    return found


def _absolute(entry: dict[str, Any], folder: str, keys: tuple[str, ...]) -> dict[str, Any]:
    """Resolve the files of an entry, and its plugin command, relative to the folder of the kubeconfig, as kubectl does.

    `keys` are the fields that contain a file name. A command without a folder in its name stays unchanged.
    """
    entry = dict(entry)
    for key in keys:
        if isinstance(entry.get(key), str) and entry[key]:
            entry[key] = os.path.join(folder, entry[key])
    plugin = entry.get("exec")
    if isinstance(plugin, dict) and isinstance(plugin.get("command"), str) and os.path.dirname(plugin["command"]):
        entry["exec"] = plugin | {"command": os.path.join(folder, plugin["command"])}
    return entry
