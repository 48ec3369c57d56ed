"""A `format` of stored records that KServe does not support.

The agent supports `json`, `csv` and `parquet`, in lower case. For every other name, even for `CSV`, it writes JSON, and
nothing reports this. KServe 0.16 supports only `json`: its agent exits with code 255 for every other name.

Instead: Write `json`, `csv` or `parquet`.

    # before
    logger:
      mode: all
      url: s3://inference-logs/kserve
      storage:
        path: records
        key: logger
        parameters:
          format: CSV

    # after
    logger:
      mode: all
      url: s3://inference-logs/kserve
      storage:
        path: records
        key: logger
        parameters:
          format: csv
"""

from collections.abc import Iterator

from isvclog.changes import Replace
from isvclog.findings import Fix, Severity
from isvclog.kserve.agent.startup import LOGGER_EXIT
from isvclog.kserve.logger.store import known_formats
from isvclog.rules.context import LintContext
from isvclog.rules.places import setting_path
from isvclog.rules.rule import Issue, rule
from isvclog.rules.stored import own_marshaller, records


@rule("unknown-log-format", Severity.WARNING, since="blob-storage", fixes="unsafe", applies_to="storage")
def unknown_log_format(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        written = logger.prediction.argument("--log-store-format")
        known = known_formats(context.release)
        if written is None or written in known or not records(logger):
            continue
        exits = not context.release.has("unknown-format-is-json")
        if not exits and own_marshaller(logger):
            continue
        place = setting_path(logger, "storage", "parameters", "format")
        name = "`format`" if place else "The `format` in inferenceservice-config"
        remedy, fix = "Write `json`." if exits else "Write `json`, `csv` or `parquet`.", None
        guess = written.strip().lower().lstrip(".")
        if place and guess in known:
            remedy = f"Write `{guess}`."
            fix = Fix(remedy, (Replace(place, guess),), safe=False)
        if exits:
            message = (
                f"{name} is not `json`, which is all that this release knows: the agent exits with code {LOGGER_EXIT}."
            )
            yield Issue(place or logger.field(), message, remedy, fix, Severity.ERROR)
        else:
            message = f"{name} is none that KServe knows: records are written as JSON, and nothing says so."
            yield Issue(place or logger.field(), message, remedy, fix)
