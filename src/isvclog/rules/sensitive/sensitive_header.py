"""A listed request header that carries credentials.

What a client proves its identity with, such as `Authorization`, `Cookie` or `X-Api-Key`, leaves the cluster with every
event and can be used by whoever reads it, for as long as it is valid. A name that is not written as Go writes it never
matches, so nothing leaves yet; correcting it is what would let it out.

Instead: List a header that tells who it was and proves nothing, such as one that the gateway sets. Where the header is
harmless in your project, put its name under `sensitive.allow` in `.isvclog.yaml`.

    # before
    logger:
      mode: all
      metadataHeaders: [X-Request-Id, Authorization]

    # after
    logger:
      mode: all
      metadataHeaders: [X-Request-Id]
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.kserve.golang.http import canonical_header
from isvclog.rules.context import LintContext
from isvclog.rules.removal import removal
from isvclog.rules.rule import Issue, rule
from isvclog.sensitive import header_secret as judge
from isvclog.sensitive import personal_name


@rule("sensitive-header", Severity.ERROR, since="metadataHeaders", security=7.5, fixes="unsafe", applies_to="headers")
def sensitive_header(context: LintContext) -> Iterator[Issue]:
    vocabulary = context.policy.vocabulary
    for logger in context.loggers:
        for path, name in logger.headers():
            words = judge(name, vocabulary)
            if not words:
                continue
            canonical = canonical_header(name)
            fix = removal(logger, path, name)
            remedy = fix.title if fix else f"Do not list {code(name)}."
            if name == canonical:
                message = f"{code(name)} {_said(words)}: it leaves the cluster with every event."
            else:
                message = f"{code(name)} {_said(words)}: once it is spelled {code(canonical)}, it leaves."
            severe = name == canonical and not personal_name(name, vocabulary)
            yield Issue(path, message, remedy, fix, None if severe else Severity.WARNING)


def _said(words: str) -> str:
    """What is known of the header, or which of the words in its name tell."""
    known = words == "credentials" or words.startswith(("a ", "an ", "the "))
    return f"carries {words}" if known else f"looks sensitive, as {code(words)} in its name says"
