"""Rules about listed headers, by Go's names of headers."""

from collections.abc import Iterator

from isvclog.diagnosis.lineage.headers import FORWARDED_BY_PYTHON, UNOBSERVABLE
from isvclog.kserve.apis.constants import MODELMESH, PREDICTOR, TRANSFORMER
from isvclog.kserve.golang.http import NAME_CHARACTERS
from isvclog.policy.cel import characters, first_items, regex, string_list, text
from isvclog.policy.model import ExportedRule, PolicyTarget

_TOKEN = f"^{characters(NAME_CHARACTERS)}+$"
_LOST = string_list(UNOBSERVABLE)


def canonical_expression(name: str) -> str:
    """Write the expression of a name as `textproto.CanonicalMIMEHeaderKey` spells it."""
    part = "w.charAt(0).upperAscii() + w.substring(1).lowerAscii()"
    return f"({_is_token(name)} ? {name}.split('-').map(w, w == '' ? w : {part}).join('-') : {name})"


def _is_token(name: str) -> str:
    return f"{name}.matches({regex(_TOKEN)})"


def header_rules(target: PolicyTarget) -> Iterator[ExportedRule]:
    """Yield the rules for a target."""
    spelled = canonical_expression("i")
    repeated = f"{canonical_expression('j')} == {spelled}"
    yield ExportedRule(
        "malformed-header",
        first_items("headers", f"!{_is_token('i')}"),
        "{} in `metadataHeaders` is not a header name: it never matches, and a double quote in it makes the agent "
        "exit. "
        "Write each name as an entry of its own.",
    )
    yield ExportedRule(
        "non-canonical-header",
        first_items("headers", f"i != {spelled} && !({spelled} in {_LOST}) && l.items.filter(j, {repeated})[0] == i"),
        "{} never matches a request header: Go spells each word of a name with one capital letter, as in "
        "`X-Request-Id`.",
    )
    yield ExportedRule(
        "duplicate-header",
        first_items("headers", f"i != '' && !({spelled} in {_LOST}) && l.items.filter(j, {repeated}).size() > 1"),
        "{} is listed twice, or is the same header as another entry: remove one of them.",
    )
    yield ExportedRule(
        "unobservable-header",
        first_items("headers", f"{canonical_expression('i.trim()')} in {_LOST}"),
        "{} never matches a request header, because Go keeps it apart from the others. Remove it.",
    )
    yield ExportedRule(
        "unforwarded-header",
        first_items(
            "headers",
            f"l.component == {text(PREDICTOR)} && {text(TRANSFORMER)} in variables.spec && variables.mode != "
            f"{text(MODELMESH)} && {_is_token('i')} && "
            f"!({spelled} in {string_list(FORWARDED_BY_PYTHON)}) && !({spelled} in {_LOST})",
        ),
        "{} does not reach the predictor, because KServe's transformer drops it: list it in the transformer's logger, "
        "or "
        "make sure that the transformer forwards it.",
    )
