"""Placeholders inside values: text that Helm, Jinja, envsubst or a person has yet to replace."""

import re

PLACEHOLDER = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\$\{[A-Za-z_][^{}]*\}|\A\$[A-Z_][A-Z0-9_]*\Z|<[A-Za-z][A-Za-z0-9_ .-]*>", re.DOTALL
)


def has_placeholder(text: str) -> bool:
    """Check whether a text contains a placeholder. The tags of HTML are none."""
    return PLACEHOLDER.search(text) is not None and "</" not in text


def describe_placeholder(text: str) -> tuple[str, str]:
    """Return the message and the remedy about a text with a placeholder, by the first one in it."""
    found = PLACEHOLDER.search(text)
    start = found[0][:2] if found else ""
    sent = "kubectl sends it as it is, and isvclog does not know the value"
    if start in ("{{", "{%"):
        from isvclog.manifest.syntax.templates import template_kind

        kind, remedy = template_kind(text)
        return f"This is a {kind} template that is not rendered: {sent}.", remedy
    if start.startswith("$"):
        remedy = "Substitute the variables first: `envsubst < FILE | isvclog ... -f -`."
        return f"A shell variable is not substituted: {sent}.", remedy
    return f"A placeholder in angle brackets is not replaced: {sent}.", "Write the value in place of the placeholder."
