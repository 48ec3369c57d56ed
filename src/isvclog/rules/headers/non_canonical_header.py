"""A header name in `metadataHeaders` with the wrong case, which never matches.

The agent's HTTP server changes the names of incoming headers to the form `Like-This`, whatever the client sent, and the
agent compares names letter by letter. `x-request-id` and `X-Request-ID` never match: the event lacks the header, and
there is no error. The example in KServe's documentation is wrong.

Instead: Write each word of the name with a capital first letter and the rest in lower case: `X-Request-Id`.

    # before
    logger:
      mode: all
      metadataHeaders: [x-request-id]

    # after
    logger:
      mode: all
      metadataHeaders: [X-Request-Id]
"""

from collections.abc import Iterator

from isvclog.changes import Replace
from isvclog.diagnosis.lineage import UNOBSERVABLE
from isvclog.findings import Fix, Severity, code
from isvclog.kserve.golang.http import canonical_header
from isvclog.redact.headers import is_sensitive_header
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule


@rule("non-canonical-header", Severity.ERROR, since="metadataHeaders", fixes="safe", applies_to="headers")
def non_canonical_header(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        seen = set()
        for path, name in logger.headers():
            canonical = canonical_header(name)
            repeated = canonical in seen
            seen.add(canonical)
            # Other rules report the rest, and their fixes must not overlap with this one.
            if name != canonical and not repeated and canonical not in UNOBSERVABLE:
                title = f"Write {code(canonical)}."
                message = (
                    f"{code(name)} never matches a request header: the agent sees this header as {code(canonical)}."
                )
                # With the correct name, a header with credentials would leave the cluster.
                safe = not is_sensitive_header(name)
                yield Issue(path, message, title, Fix(title, (Replace(path, canonical),), safe))
