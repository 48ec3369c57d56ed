"""A `marshallerUrl` that the agent cannot send to.

The agent posts each batch of records to this URL and stores the answer. It cannot do so if the URL cannot be parsed, or
has no scheme, no host or an impossible port. Then it drops the batch, and only its log reports this.

Instead: Write a complete URL, `http://host:port/path`.

    # before
    logger:
      mode: all
      url: s3://inference-logs/kserve
      storage:
        path: records
        key: logger
        parameters:
          format: json
      marshallerUrl: marshaller.research:8080

    # after
    logger:
      mode: all
      url: s3://inference-logs/kserve
      storage:
        path: records
        key: logger
        parameters:
          format: json
      marshallerUrl: http://marshaller.research:8080
"""

from collections.abc import Iterator

from isvclog.changes import Replace
from isvclog.findings import Fix, Severity
from isvclog.keypath import KeyPath
from isvclog.kserve.logger.records import Unstorable, check_marshaller
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.storage._settings import setting_name, setting_path, stores_records

_REMEDY = "Write a complete URL, `http://host:port/path`."
# What such a character separates may be secret, so the URL is not written again.
_MAYBE_SECRET = frozenset("@?#")


@rule("unreachable-marshaller", Severity.ERROR, since="marshallerUrl", fixes="unsafe", applies_to="storage")
def unreachable_marshaller(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        url = logger.prediction.argument("--log-marshaller-url")
        if url is None or not stores_records(logger) or _is_usable(url):
            continue
        path, name = setting_path(context, "marshallerUrl"), setting_name(context, "marshallerUrl")
        message = f"{name} is not a URL that the agent can send to: it drops every record."
        fix = _prefix(path, url) if path else None
        yield Issue(path or logger.field(), message, fix.title if fix else _REMEDY, fix)


def _prefix(path: KeyPath, url: str) -> Fix | None:
    """Build the fix that adds a scheme; None if that is not enough."""
    complete = f"http://{url}"
    if url.startswith(("http:", "https:")) or not _MAYBE_SECRET.isdisjoint(url) or not _is_usable(complete):
        return None
    return Fix("Write `http://` before it.", (Replace(path, complete),), safe=False)


def _is_usable(url: str) -> bool:
    try:
        check_marshaller(url)
    except Unstorable:
        return False
    return True
