"""Recognition of text that is not a manifest yet: Helm and Jinja templates, shell variables, placeholders, excerpts.

Only a document that cannot be read is examined here; `validate.placeholders` is about those inside of values.
"""

import re

from isvclog.manifest.syntax.parse_error import TEMPLATED, UNPARSABLE, ParseError
from isvclog.records import NamedTuple

_ACTION = r"(\{\{.*?\}\}|\{%.*?%\}|\{[{%])"
# Where a value starts, a template's braces are a flow mapping in the eyes of YAML.
_VALUE = r"^[ \t]*(?:-[ \t]+)*(?:[^\s\"'#{}\[\]]+:[ \t]+)?"
_ACTION_AS_VALUE = re.compile(_VALUE + _ACTION, re.MULTILINE)
# Quotes inside of an action end the scalar around it: `"{{ .Values.url | default "http://sink" }}"`.
_ACTION_WITH_QUOTES = re.compile(r"(\{\{[^{}\n]{0,300}[\"'][^{}\n]{0,300}\}\})")
_ACTION_UNQUOTED = re.compile(rf"\"(?:[^\"\\]|\\.)*\"|'[^']*'|{_ACTION}")
# `print` of a dictionary: single quotes, which JSON does not have. YAML reads it, unless there is a longer value.
_PRINTED = re.compile(r"^[ \t]*\{'\w+':", re.MULTILINE)
_GO_ACTION = re.compile(r"\{\{-?\s*(?:[.$(/]|(?:include|template|if|else|range|with|define|block|end|toYaml|tpl)\b)")


class _Sign(NamedTuple):
    """A sign of one cause. `pattern` is searched in the line of the mistake and, if `above` is True, in the line above.

    The finding points at the first group of `pattern`.
    """

    pattern: re.Pattern[str]
    above: bool
    rule: str
    message: str
    remedy: str


_SIGNS = (
    _Sign(
        re.compile(_VALUE + r"(\{[A-Za-z_][\w.-]*\})", re.MULTILINE),
        False,
        TEMPLATED,
        "kubectl cannot read this document: a placeholder in braces is a flow mapping to YAML.",
        "Put the real value in place of the placeholder, or quote the whole value.",
    ),
    _Sign(
        re.compile(r"^[ \t]*(?:-[ \t]+)?((?:\$\w+|\$\{[^}\n]*\})+)[ \t]*\r?$", re.MULTILINE),
        True,
        TEMPLATED,
        "kubectl cannot read this document: a shell variable is used instead of whole lines.",
        "Substitute the variables first: `envsubst < FILE | isvclog ... -f -`.",
    ),
    _Sign(
        re.compile(r"[\[{,][ \t]*[^\s\"',\[\]{}]*(\$\{[^}\n]*\})"),
        True,
        TEMPLATED,
        "kubectl cannot read this document: the braces of a shell variable are a flow mapping to YAML.",
        "Substitute the variables first: `envsubst < FILE | isvclog ... -f -`.",
    ),
    _Sign(
        re.compile(r"^[ \t]+(\.\.\.|…)[ \t]*\r?$", re.MULTILINE),
        True,
        UNPARSABLE,
        "kubectl cannot read this document: an ellipsis replaces lines that were left out.",
        "Write the missing lines, or delete the ellipsis.",
    ),
    _Sign(
        re.compile(r"[ \t](<[0-9]{1,2}>)[ \t]*\r?$", re.MULTILINE),
        True,
        UNPARSABLE,
        "kubectl cannot read this document: it still contains a callout of a documentation page.",
        "Delete the callouts.",
    ),
)


def explain_template(problem: ParseError, text: str) -> ParseError:
    """Replace a ParseError with one that names the real cause, if the place where reading failed shows one.

    Otherwise return the same error.
    """
    if problem.rule != UNPARSABLE:
        return problem
    if _PRINTED.search(text):
        message = "kubectl cannot read this document: it is a dictionary as Python prints it, neither YAML nor JSON."
        remedy = "Write it with `json.dump`, an object of the SDK after `ApiClient().sanitize_for_serialization`."
        return ParseError(UNPARSABLE, message, remedy, problem.start, problem.end)
    above, line, end = _lines(text, problem.start)
    if action := _unquoted_action(text, line, end) or _ACTION_AS_VALUE.search(text, above, line):
        return _template(text, _ACTION_AS_VALUE.search(text) or action)
    if action := _ACTION_WITH_QUOTES.search(text, above, end):
        return _template(text, action)
    for sign in _SIGNS:
        match = sign.pattern.search(text, line, end)
        if match or (sign.above and (match := sign.pattern.search(text, above, line))):
            return ParseError(sign.rule, sign.message, sign.remedy, *match.span(1))
    return problem


def _lines(text: str, offset: int) -> tuple[int, int, int]:
    """Find the start of the last line above that is not blank, and the start and end of the line at the offset."""
    line = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    above = text.rfind("\n", 0, len(text[:line].rstrip())) + 1
    return above, line, len(text) if end < 0 else end


def _unquoted_action(text: str, line: int, end: int) -> re.Match[str] | None:
    return next((match for match in _ACTION_UNQUOTED.finditer(text, line, end) if match[1]), None)


def template_kind(text: str) -> tuple[str, str]:
    """Return the kind of a template, and what to do with it."""
    if _GO_ACTION.search(text):
        return "Helm", "Render it first: `helm template ... | isvclog ... -f -`."
    return "Jinja", "Render it first and check the result."


def _template(text: str, action: re.Match[str]) -> ParseError:
    kind, remedy = template_kind(text)
    message = f"This is a {kind} template: kubectl can read it only when it is rendered."
    return ParseError(TEMPLATED, message, remedy, *action.span(1))
