"""A header that the agent never sees.

Go's server takes `Host`, `Transfer-Encoding` and `Trailer` out of the headers before the agent looks at them, so these
names never match, in whatever case they are written, and the event lacks them without a word.

Instead: Remove the name. Of the host, a proxy in front may keep a copy as `X-Forwarded-Host`.

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
from isvclog.findings import Fix, Severity, code
from isvclog.kserve.golang.http import canonical_header
from isvclog.kserve.lineage import UNOBSERVABLE
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
