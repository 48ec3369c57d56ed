"""A listed `Host`, `Transfer-Encoding` or `Trailer` header, which never matches.

The agent's HTTP server removes `Host`, `Transfer-Encoding` and `Trailer` before the agent reads the headers. These
names never match, in upper or lower case: the event lacks them, and there is no error.

Instead: Remove the name. A proxy in front of the service may copy the host to `X-Forwarded-Host`, which you can list.

    # before
    logger:
      mode: all
      metadataHeaders: [Host, X-Request-Id]

    # after
    logger:
      mode: all
      metadataHeaders: [X-Request-Id]
"""

from collections.abc import Iterator

from isvclog.changes import Remove
from isvclog.diagnosis.lineage import UNOBSERVABLE
from isvclog.findings import Fix, Severity, code
from isvclog.kserve.golang.http import canonical_header
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule


@rule("unobservable-header", Severity.ERROR, since="metadataHeaders", fixes="unsafe", applies_to="headers")
def unobservable_header(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        headers = [(path, name, canonical_header(name.strip())) for path, name in logger.headers()]
        others = any(canonical not in UNOBSERVABLE for _, _, canonical in headers)
        for path, name, canonical in headers:
            if canonical in UNOBSERVABLE:
                title = f"Remove {code(name)}."
                message = f"{code(name)} never matches a request header: {UNOBSERVABLE[canonical]}."
                yield Issue(path, message, title, Fix(title, (Remove(path),), safe=False) if others else None)
