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
from isvclog.kserve.logger.store import StoreError, check_marshaller
from isvclog.rules.context import LintContext
from isvclog.rules.places import setting_path
from isvclog.rules.rule import Issue, rule
from isvclog.rules.stored import records

_REMEDY = "Write a whole URL, `http://host:port/path`."


@rule("unreachable-marshaller", Severity.ERROR, since="marshallerUrl", fixes="unsafe", applies_to="storage")
def unreachable_marshaller(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        url = logger.prediction.argument("--log-marshaller-url")
        if url is None or not records(logger) or _passes(url):
            continue
        place = setting_path(logger, "marshallerUrl")
        name = "`marshallerUrl`" if place else "The `marshallerUrl` in inferenceservice-config"
        message = f"Nothing can be sent to {name[:1].lower() + name[1:]}: the agent drops every record."
        fix = None
        if place and not url.startswith(("http:", "https:")) and not {*"@?#"} & {*url} and _passes(f"http://{url}"):
            fix = Fix("Write `http://` before it.", (Replace(place, f"http://{url}"),), safe=False)
        yield Issue(place or logger.field(), message, fix.title if fix else _REMEDY, fix)


def _passes(url: str) -> bool:
    try:
        check_marshaller(url)
    except StoreError:
        return False
    return True
