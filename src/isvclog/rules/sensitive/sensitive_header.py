"""A listed request header that carries credentials.

A client proves its identity with headers such as `Authorization`, `Cookie` or `X-Api-Key`. Their values leave the
cluster with every event. Everyone who reads an event can use them as long as they are valid. A name with the wrong case
never matches, so nothing leaves the cluster yet, but it will as soon as somebody corrects the case.

Instead: List a header that identifies the client but proves nothing, such as one that the gateway sets. If the header
is harmless in your project, add its name to `sensitive.allow` in `.isvclog.yaml`.

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
from isvclog.redact.headers import header_secret
from isvclog.redact.keys import personal_name
from isvclog.rules.context import LintContext
from isvclog.rules.removal import removal_fix
from isvclog.rules.rule import Issue, rule


@rule("sensitive-header", Severity.ERROR, since="metadataHeaders", security=7.5, fixes="unsafe", applies_to="headers")
def sensitive_header(context: LintContext) -> Iterator[Issue]:
    vocabulary = context.policy.vocabulary
    for logger in context.loggers:
        for path, name in logger.headers():
            words = header_secret(name, vocabulary)
            if not words:
                continue
            canonical = canonical_header(name)
            fix = removal_fix(logger, path, name)
            remedy = fix.title if fix else f"Do not list {code(name)}."
            condition = "" if name == canonical else f"once it is spelled {code(canonical)}, "
            message = f"{code(name)} {_content(words)}: {condition}it leaves the cluster with every event."
            severe = name == canonical and not personal_name(name, vocabulary)
            yield Issue(path, message, remedy, fix, None if severe else Severity.WARNING)


def _content(words: str) -> str:
    """Describe what the header carries, or which words in its name look sensitive."""
    known = words == "credentials" or words.startswith(("a ", "an ", "the "))
    return f"carries {words}" if known else f"looks sensitive ({code(words)} in its name)"
