"""A header that `metadataHeaders` lists twice.

The second entry changes nothing, because the event contains each header once. If the two entries differ in case, only
the one in the form `Like-This` matches.

Instead: Remove the second entry.

    # before
    logger:
      mode: all
      metadataHeaders: [X-Request-Id, Traceparent, X-Request-Id]

    # after
    logger:
      mode: all
      metadataHeaders: [X-Request-Id, Traceparent]
"""

from collections.abc import Iterator

from isvclog.changes import Remove
from isvclog.diagnosis.lineage import UNOBSERVABLE
from isvclog.findings import Fix, Severity, code
from isvclog.kserve.golang.http import canonical_header
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule


@rule("duplicate-header", Severity.INFO, since="metadataHeaders", fixes="safe", applies_to="headers")
def duplicate_header(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        seen: dict[str, str] = {}
        for path, name in logger.headers():
            canonical = canonical_header(name)
            first = seen.get(canonical)
            seen.setdefault(canonical, name)
            if first is None or not name or canonical in UNOBSERVABLE:
                continue
            repeats = "is listed twice" if first == name else f"is the same header as {code(first)}"
            title = f"Remove the second {code(name)}." if first == name else f"Remove {code(name)}."
            yield Issue(
                path, f"{code(name)} {repeats}: the second entry adds nothing.", title, Fix(title, (Remove(path),))
            )
