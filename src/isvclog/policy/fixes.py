"""The safe fixes of lint that one object decides, as values that a mutating policy writes.

A fix never makes a name match that may be a secret's: a header that is spelled wrongly leaves no cluster.
"""

from collections.abc import Collection, Iterator, Mapping

from isvclog.diagnosis.lineage.headers import UNOBSERVABLE
from isvclog.kserve.apis.constants import LOG_MODES
from isvclog.kserve.golang.url import PARSABLE
from isvclog.policy.cel import record, regex, string_list
from isvclog.policy.checks.headers import canonical_expression
from isvclog.records import NamedTuple
from isvclog.redact.headers import CARRYING_HEADERS
from isvclog.redact.wordlists import PERSONAL, SECRET

_ORDINARY = "^[A-Za-z][A-Za-z0-9]{0,19}(?:[-_][A-Za-z0-9]{1,20}){0,5}$"


class ExportedFix(NamedTuple):
    """A fix of a rule: the loggers that it changes, with `path` and `value` of the change, in the variable `name`.

    `is_new` is True if there is nothing at the path yet.
    """

    rule: str
    name: str
    changes: str
    is_new: bool = False

    @property
    def patch(self) -> str:
        """The expression of the operations of a JSON patch."""
        operation = "add" if self.is_new else "replace"
        return f"variables.{self.name}.map(l, JSONPatch{{op: '{operation}', path: l.path, value: l.value}})"


def fixes() -> Iterator[ExportedFix]:
    """Yield the fixes."""
    spelled = canonical_expression("i")
    is_ordinary = f"i.matches({regex(_ORDINARY)}) && !({spelled} in {string_list(UNOBSERVABLE)})"
    is_wrong = f"i != {spelled} && {is_ordinary} && !{_may_be_sensitive('i')}"
    kept = f"l.logger.metadataHeaders.filter(i, !({is_wrong} && {spelled} in l.logger.metadataHeaders))"
    headers = f"{kept}.map(i, {is_wrong} ? {spelled} : i)"
    yield ExportedFix(
        "non-canonical-header",
        "canonicalHeaders",
        _changes(
            f"has(l.logger.metadataHeaders) && l.logger.metadataHeaders.exists(i, {is_wrong})",
            "metadataHeaders",
            headers,
        ),
    )
    yield ExportedFix(
        "missing-mode", "missingMode", _changes("l.declared && !has(l.logger.mode)", "mode", "'all'"), is_new=True
    )
    modes = string_list(LOG_MODES)
    mode = "l.logger.mode.trim().lowerAscii()"
    yield ExportedFix(
        "invalid-mode",
        "knownMode",
        _changes(f"has(l.logger.mode) && !(l.logger.mode in {modes}) && {mode} in {modes}", "mode", mode),
    )
    is_listed = "i != i.trim() && (i.trim() in l.own || i.trim() in variables.annotations)"
    yield ExportedFix(
        "invalid-annotation-key",
        "trimmedKeys",
        _changes(
            f"has(l.logger.metadataAnnotations) && l.logger.metadataAnnotations.exists(i, {is_listed})",
            "metadataAnnotations",
            f"l.logger.metadataAnnotations.map(i, {is_listed} ? i.trim() : i)",
        ),
    )
    url = "l.logger.url.trim()"
    yield ExportedFix(
        "unparsable-url",
        "trimmedUrl",
        _changes(
            f"has(l.logger.url) && l.logger.url != {url} && {url}.matches('^https?://') && "
            f"{url}.matches({regex(PARSABLE)})",
            "url",
            url,
        ),
    )


def selected_fixes(names: Collection[str]) -> Mapping[str, tuple[ExportedFix, ...]]:
    """Return the fixes of the named rules as the only group; empty if none of them has one."""
    found = tuple(fix for fix in fixes() if fix.rule in names)
    return {"fixes": found} if found else {}


def _changes(condition: str, field: str, value: str) -> str:
    """Write the list of changes of a field of the loggers that fulfil the condition."""
    change = record(path=f"'/spec/' + l.component + '/logger/{field}'", value=value)
    return f"variables.components.filter(l, {condition}).map(l, {change})"


def _may_be_sensitive(name: str) -> str:
    """Write the condition that a header may carry a secret or be about a person: more names than lint reports."""
    words = sorted({phrase.replace(" ", "") for phrase in (*SECRET, *PERSONAL, "signature", "hub256")})
    plain = f"{name}.lowerAscii().replace('-', '').replace('_', '')"
    known = string_list(sorted(CARRYING_HEADERS))
    return f"({name}.lowerAscii() in {known} || {plain}.matches('{'|'.join(words)}'))"
