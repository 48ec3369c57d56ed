"""What the forms of the documentation say in the same words."""

from isvclog.rules.catalogue import Description

FIXES = {
    "safe": "safe, made by `isvclog lint --fix`",
    "unsafe": "unsafe, made by `isvclog lint --unsafe-fixes`; look at the result",
    "": "none",
}


def releases(description: Description) -> str:
    """The releases of KServe that have the defect: `KServe 0.14.0 and later`, `all releases of KServe`."""
    text = description.releases.text
    if text == "all":
        return "all releases of KServe"
    return text.replace("before ", "before KServe ") if text.startswith("before ") else f"KServe {text}"


def ignore(description: Description) -> str:
    """The comment that keeps a line from being reported."""
    return f"# isvclog: ignore[{description.name}] reason"


def command(description: Description) -> str:
    """The comment above an example that needs options, with its line break; empty if it needs none."""
    return f"# isvclog lint {description.options}\n" if description.options else ""
