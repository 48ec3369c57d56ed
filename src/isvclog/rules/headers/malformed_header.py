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

from collections.abc import Iterator

from isvclog.changes import Replace
from isvclog.diagnosis.lineage import read_names
from isvclog.findings import Fix, Severity, code
from isvclog.kserve.agent.startup import FLAG_EXIT
from isvclog.kserve.golang.http import canonical_header, valid_header_name
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule

_SPECIAL = ((",", "a comma"), ('"', "a double quote"), ("\n", "a line break"), (" ", "a space"))


@rule("malformed-header", Severity.ERROR, since="metadataHeaders", fixes="unsafe", applies_to="headers")
def malformed_header(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        wrong = [(path, name) for path, name in logger.headers() if not valid_header_name(name)]
        names = read_names(logger.prediction) if wrong else ()
        heard = None if names is None else frozenset(names)
        for path, name in wrong:
            message, remedy, severity = _judged(name, heard)
            stripped = name.strip()
            fix = None
            if stripped != name and valid_header_name(stripped):
                remedy = f"Write {code(canonical_header(stripped))}."
                fix = Fix(remedy, (Replace(path, canonical_header(stripped)),), safe=False)
            yield Issue(path, message, remedy, fix, severity)


def _judged(name: str, heard: frozenset[str] | None) -> tuple[str, str, Severity]:
    """Return message, remedy and severity for an entry that is no name.

    `heard` are the names that the agent has, None if it has none.
    """
    shown = code(name)
    if heard is None and '"' in name:
        message = f"{shown} has a double quote: the agent exits with code {FLAG_EXIT} whenever it starts."
        return message, "Write the name without it.", Severity.ERROR
    if not name:
        return "An empty name never matches a request header.", "Write a name, or remove the entry.", Severity.WARNING
    if "\n" in name and name not in (heard or ()):
        message = f"{shown} has a line break: the agent reads the list only up to there, and later names are lost."
        return message, "Write the name without it, each name as an entry.", Severity.ERROR
    if "," in name and name not in (heard or ()):
        matching = all(map(valid_header_name, name.split(",")))
        lost = "" if matching else ", and one with a space or another special character never matches"
        message = f"{shown} has a comma: to the agent it is {name.count(',') + 1} names{lost}."
        return message, "Write each name as an entry.", Severity.WARNING if matching else Severity.ERROR
    what = next((f"{what}, which no name has" for char, what in _SPECIAL if char in name), "a character no name has")
    message = f"{shown} never matches a request header: it has {what}."
    return message, "Write the plain name.", Severity.ERROR
