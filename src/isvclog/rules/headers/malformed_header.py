"""An entry of `metadataHeaders` that is not a valid header name.

KServe joins the entries with commas, and the agent parses the result as one line of CSV:

- A double quote is a syntax error: the agent exits with code 2 at every start.
- A comma turns one entry into two names.
- A line break ends the list: the names after it are lost.
- A space becomes part of the name. No header has a space in its name, so the entry never matches.
- Any other character that a header name cannot have also becomes part of the name, and the entry never matches.

Instead: Write one plain name in each entry, for example `X-Request-Id`.

    # before
    logger:
      mode: all
      metadataHeaders: [" X-Request-Id"]

    # after
    logger:
      mode: all
      metadataHeaders: ["X-Request-Id"]
"""

from collections.abc import Iterator, Sequence

from isvclog.changes import Replace
from isvclog.diagnosis.lineage import read_names
from isvclog.findings import Fix, Severity, code
from isvclog.keypath import KeyPath
from isvclog.kserve.agent.startup import FLAG_EXIT
from isvclog.kserve.golang.http import canonical_header, valid_header_name
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule

_SPECIAL = ((",", "a comma"), ('"', "a double quote"), ("\n", "a line break"), (" ", "a space"))
_OTHER = "a character that no header name has"


@rule("malformed-header", Severity.ERROR, since="metadataHeaders", fixes="unsafe", applies_to="headers")
def malformed_header(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        malformed = [(path, name) for path, name in logger.headers() if not valid_header_name(name)]
        known = read_names(logger.prediction) if malformed else ()
        for path, name in malformed:
            issue = _quote(path, name) if known is None and '"' in name else _unusable(path, name, known or ())
            yield _with_fix(issue, name)


def _with_fix(issue: Issue, name: str) -> Issue:
    """Add the fix that removes the white space around the name, if nothing else is wrong with it."""
    stripped = name.strip()
    if stripped == name or not valid_header_name(stripped):
        return issue
    title = f"Write {code(canonical_header(stripped))}."
    fix = Fix(title, (Replace(issue.path, canonical_header(stripped)),), safe=False)
    return issue._replace(remedy=title, fix=fix)


def _quote(path: KeyPath, name: str) -> Issue:
    message = f"{code(name)} has a double quote: the agent exits with code {FLAG_EXIT} at every start."
    return Issue(path, message, "Write the name without it.")


def _unusable(path: KeyPath, name: str, known: Sequence[str]) -> Issue:
    """Build the issue about an entry with which the agent starts; `known` are the names that it reads from the list."""
    if not name:
        message, remedy = "An empty name never matches a request header.", "Write a name, or remove the entry."
        return Issue(path, message, remedy, severity=Severity.WARNING)
    if "\n" in name and name not in known:
        message = f"{code(name)} has a line break: the agent reads the list only up to there and loses later names."
        return Issue(path, message, "Write each name as an entry of its own, without a line break.")
    if "," in name and name not in known:
        return _comma(path, name)
    what = next((f"{what}, which no header name has" for char, what in _SPECIAL if char in name), _OTHER)
    return Issue(path, f"{code(name)} never matches a request header: it has {what}.", "Write the plain name.")


def _comma(path: KeyPath, name: str) -> Issue:
    names = name.split(",")
    matching = all(map(valid_header_name, names))
    lost = "" if matching else ", and one with a space or another special character never matches"
    message = f"{code(name)} has a comma: the agent reads it as {len(names)} names{lost}."
    severity = Severity.WARNING if matching else None
    return Issue(path, message, "Write each name as an entry of its own.", severity=severity)
