"""The tools that an agent may call, and the command line that each call runs.

None of these command lines writes a file or shows a secret.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any

from isvclog.errors import IsvclogError
from isvclog.records import NamedTuple

_RELEASE = {"type": "string", "description": "KServe release to assume, such as 0.16; the newest by default."}
_MANIFESTS: Mapping[str, Any] = {
    "manifest": {"type": "string", "description": "The text of a YAML or JSON manifest; give this or paths."},
    "paths": {
        "type": "array",
        "items": {"type": "string"},
        "minItems": 1,
        "description": "Files or folders below the folder in which the server runs.",
    },
    "kserveVersion": _RELEASE,
}


class ToolError(IsvclogError):
    """Arguments that a tool cannot take; the sentence tells the agent what to give instead."""


class ToolRun(NamedTuple):
    """A run of isvclog: its arguments, its standard input, and whether it prints one JSON object."""

    arguments: tuple[str, ...]
    stdin: str = ""
    prints_json: bool = False


class Tool(NamedTuple):
    """A tool: what an agent reads about it, the properties of its arguments, and what a call runs."""

    title: str
    description: str
    properties: Mapping[str, Any]
    required: tuple[str, ...]
    build: Callable[[Mapping[str, Any]], ToolRun]


def describe_tools() -> list[dict[str, Any]]:
    """Describe all tools as `tools/list` answers."""
    return [
        {
            "name": name,
            "title": tool.title,
            "description": tool.description,
            "inputSchema": {
                "type": "object",
                "properties": dict(tool.properties),
                "required": list(tool.required),
                "additionalProperties": False,
            },
            "annotations": {"readOnlyHint": True, "destructiveHint": False, "openWorldHint": False},
        }
        for name, tool in TOOLS.items()
    ]


def build_run(tool: Tool, arguments: Mapping[str, Any]) -> ToolRun:
    """Build the command line for a call. Raises ToolError for arguments that do not fit the tool."""
    for name, value in arguments.items():
        if name not in tool.properties:
            raise ToolError(f"there is no argument {name!r}; the arguments are {', '.join(tool.properties)}.")
        _check_type(name, value, tool.properties[name])
    for name in tool.required:
        if name not in arguments:
            raise ToolError(f"the argument {name} is missing.")
    return tool.build(arguments)


def _check_type(name: str, value: Any, schema: Mapping[str, Any]) -> None:
    if schema["type"] == "boolean":
        if not isinstance(value, bool):
            raise ToolError(f"{name} must be true or false.")
    elif schema["type"] == "string":
        _check_texts(name, [value], "a string")
    else:
        _check_texts(name, value, "a list of strings with at least one")


def _check_texts(name: str, texts: Any, wanted: str) -> None:
    if not (isinstance(texts, list) and texts and all(isinstance(text, str) for text in texts)):
        raise ToolError(f"{name} must be {wanted}.")
    if any("\0" in text for text in texts):
        raise ToolError(f"{name} contains a NUL character.")


def _lint(arguments: Mapping[str, Any]) -> ToolRun:
    places, stdin = _places(arguments)
    return ToolRun(("lint", "-o", "json", "-q", *_release(arguments), "--", *places), stdin, prints_json=True)


def _fix(arguments: Mapping[str, Any]) -> ToolRun:
    places, stdin = _places(arguments)
    option = "--unsafe-fixes" if arguments.get("unsafe") else "--fix"
    return ToolRun(("lint", option, "--diff", *_release(arguments), "--", *places), stdin)


def _preview(arguments: Mapping[str, Any]) -> ToolRun:
    places, stdin = _places(arguments)
    files = (part for place in places for part in ("-f", place))
    full = ("--full",) if arguments.get("full") else ()
    return ToolRun(("preview", *full, *_release(arguments), *files), stdin)


def _explain(arguments: Mapping[str, Any]) -> ToolRun:
    return ToolRun(("explain", "-o", "markdown", "--", *arguments.get("topic", "").split()))


def _release(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    return (f"--kserve-version={arguments['kserveVersion']}",) if "kserveVersion" in arguments else ()


def _places(arguments: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """Return the places to name on the command line, and the standard input."""
    if ("manifest" in arguments) == ("paths" in arguments):
        raise ToolError("give either manifest, the text of one, or paths, a list of files and folders.")
    if "manifest" in arguments:
        return ("-",), arguments["manifest"]
    return tuple(_below(path) for path in arguments["paths"]), ""


def _below(path: str) -> str:
    """Check that a path is below the current folder, and write it so that it is no option."""
    here = os.path.realpath(".")
    try:
        inside = os.path.commonpath((here, os.path.realpath(path))) == here
    except ValueError:  # another drive
        inside = False
    if not inside:
        raise ToolError(f"{path!r} is not below the folder in which the server runs.")
    relative = os.path.relpath(path)
    return relative if relative == "." else os.path.join(".", relative)


TOOLS: Mapping[str, Tool] = {
    "lint": Tool(
        "Find what is wrong with the loggers of InferenceServices",
        "Check KServe InferenceService manifests: what keeps the inference logger from sending events, which "
        "annotations and headers its events will lack, and which secrets they would contain. Answers a JSON report; "
        "each finding has a rule, a message, a remedy and a position.",
        _MANIFESTS,
        (),
        _lint,
    ),
    "preview": Tool(
        "Show the events that an InferenceService will send",
        "Predict what KServe's agent does with an InferenceService: whether it starts, how many events a request "
        "makes, to which sink, and which of the listed annotations and headers arrive. Values that look secret are "
        "***.",
        {
            **_MANIFESTS,
            "full": {"type": "boolean", "description": "Also show each stage and the exact bytes of the events."},
        },
        (),
        _preview,
    ),
    "explain": Tool(
        "Explain a rule or a symptom",
        "Explain a rule of lint, such as missing-annotation, or a symptom in words, such as 'no events arrive': the "
        "cause, what happens in the cluster, and what to write instead. Without a topic, lists all of them.",
        {"topic": {"type": "string", "description": "The name of a rule or a symptom, or words for a symptom."}},
        (),
        _explain,
    ),
    "fix": Tool(
        "Show the fixes of findings as a diff",
        "Show what the fixes of lint would change, as a unified diff. Nothing is written. Secrets are *** in the diff: "
        "make the changes of a diff with *** by hand, because it cannot be applied.",
        {
            **_MANIFESTS,
            "unsafe": {
                "type": "boolean",
                "description": "Also the unsafe fixes, which may not do what is intended; check each of them.",
            },
        },
        (),
        _fix,
    ),
}
"""The tools by name, in the order in which an agent uses them."""
