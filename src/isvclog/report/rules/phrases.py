"""Phrases that all forms of the rule documentation share."""

from collections.abc import Iterator

from isvclog.manifest.syntax.parse_error import BINARY, MISENCODED, UNPARSABLE
from isvclog.rules.catalogue import Description
from isvclog.rules.registry import RUNNING
from isvclog.rules.symptoms import Cause
from isvclog.suppressions.issues import EXPIRED, UNUSED

FIXES = {
    "safe": "safe: `isvclog lint --fix` applies it to each finding that has one",
    "unsafe": "unsafe: `isvclog lint --unsafe-fixes` applies it to each finding that has one; check the result",
    "": "none",
}


NEXT = "`isvclog explain RULE` explains a rule; NAME is a service of the cluster, FILE a manifest."
"""The last line of the page of a symptom."""


def leads(cause: Cause) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what a cause leads to, each with its label."""
    for label, names in (("rules", cause.rules), ("commands", cause.commands), ("see also", cause.pages)):
        if names:
            yield label, names


def releases(description: Description) -> str:
    """Name the releases of KServe that have the defect: `KServe 0.14.0 and later`, `all releases of KServe`."""
    text = description.releases.text
    if text == "all":
        return "all releases of KServe"
    return text.replace("before ", "before KServe ") if text.startswith("before ") else f"KServe {text}"


def ignoring(description: Description) -> tuple[str, str]:
    """Return the code that suppresses a finding, and prose that continues it and says where to write the code."""
    name = description.name
    if name in (UNPARSABLE, MISENCODED, BINARY):
        return f"- rule: {name}", "below `ignores` in `.isvclog.yaml`; comments are not read in such a file."
    if name in (UNUSED, EXPIRED):
        return f"isvclog lint --ignore {name}", "or its name below `ignore` in `.isvclog.yaml`."
    if description.group == RUNNING:
        return f"isvclog audit --ignore {name}", "or its name below `ignore` in `.isvclog.yaml`."
    return f"# isvclog: ignore[{name}] reason", "on the line, or on the line above."


def command(description: Description) -> str:
    """Format the comment above an example that needs options, with its line break; empty if it needs none."""
    return f"# isvclog lint {description.options}\n" if description.options else ""
