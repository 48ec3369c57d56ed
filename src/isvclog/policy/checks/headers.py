"""Rules about listed headers, by Go's names of headers."""

from collections.abc import Iterator

from isvclog.diagnosis.lineage.headers import FORWARDED_BY_PYTHON, UNOBSERVABLE
from isvclog.kserve.apis.constants import MODELMESH, PREDICTOR, TRANSFORMER
from isvclog.kserve.golang.http import NAME_CHARACTERS
from isvclog.policy.cel import characters, first_items, record, regex, string_list, text
from isvclog.policy.model import ExportedRule, PolicyTarget

_TOKEN = f"^{characters(NAME_CHARACTERS)}+$"
_LOST = string_list(UNOBSERVABLE)


def canonical_expression(name: str) -> str:
    """Write the expression of a name as `textproto.CanonicalMIMEHeaderKey` spells it."""
    part = "w.charAt(0).upperAscii() + w.substring(1).lowerAscii()"
    return f"({_is_token(name)} ? {name}.split('-').map(w, w == '' ? w : {part}).join('-') : {name})"


def _is_token(name: str) -> str:
    return f"{name}.matches({regex(_TOKEN)})"


def headers_variables() -> dict[str, str]:
    """Write the variable with the listed headers and Go's spelling of each, which is costly to find."""
    item = record(name="i", spelled=canonical_expression("i"))
    spelled = record(component="l.component", items=f"l.items.map(i, {item})")
    return {"spelled": f"variables.headers.map(l, {spelled})"}


def header_rules(target: PolicyTarget) -> Iterator[ExportedRule]:
    """Yield the rules for a target."""
    is_observable = f"!(i.spelled in {_LOST})"
    repeated = "l.items.filter(j, j.spelled == i.spelled)"
    yield ExportedRule(
        "malformed-header",
        first_items("headers", f"!{_is_token('i')}"),
        "{} in `metadataHeaders` is not a header name: it never matches, and a double quote in it makes the agent "
        "exit. Write each name as an entry of its own.",
    )
    yield ExportedRule(
        "non-canonical-header",
        first_items("spelled", f"i.name != i.spelled && {is_observable} && {repeated}[0].name == i.name", "i.name"),
        "{} never matches a request header: write only the first letter of each word as a capital, as in "
        "`X-Request-Id`.",
    )
    yield ExportedRule(
        "duplicate-header",
        first_items("spelled", f"i.name != '' && {is_observable} && {repeated}.size() > 1", "i.name"),
        "{} is listed twice, or is the same header as another entry: remove one of them.",
    )
    yield ExportedRule(
        "unobservable-header",
        first_items("headers", f"{canonical_expression('i.trim()')} in {_LOST}"),
        "{} never matches a request header: the agent's HTTP server removes it. Remove it from the list.",
    )
    yield ExportedRule(
        "unforwarded-header",
        first_items(
            "spelled",
            f"l.component == {text(PREDICTOR)} && {text(TRANSFORMER)} in variables.spec && "
            f"variables.mode != {text(MODELMESH)} && {_is_token('i.name')} && "
            f"!(i.spelled in {string_list(FORWARDED_BY_PYTHON)}) && {is_observable}",
            "i.name",
        ),
        "{} does not reach the predictor, because KServe's transformer drops it: list it in the transformer's logger, "
        "or make sure that the transformer forwards it.",
    )
