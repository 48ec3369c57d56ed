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
from isvclog.keypath import KeyPath
from isvclog.kserve.agent.startup import LOGGER_EXIT
from isvclog.kserve.agent.store import known_formats
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.storage._settings import has_own_marshaller, setting_name, setting_path, stores_records

_FORMAT = ("storage", "parameters", "format")


@rule("unknown-log-format", Severity.WARNING, since="blob-storage", fixes="unsafe", applies_to="storage")
def unknown_log_format(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        written = logger.prediction.argument("--log-store-format")
        if written is None or written in known_formats(context.release) or not stores_records(logger):
            continue
        if not context.release.has("unknown-format-is-json"):
            yield _exit(logger, written)
        elif not has_own_marshaller(logger):
            yield _fallback(logger, written)


def _exit(logger: LoggerContext, written: str) -> Issue:
    message = (
        f"{setting_name(logger.context, *_FORMAT)} is not `json`, the only format that this release knows: "
        f"the agent exits with code {LOGGER_EXIT}."
    )
    fix = _fix(logger.context, written)
    remedy = fix.title if fix else "Write `json`."
    return Issue(_path(logger), message, remedy, fix, Severity.ERROR)


def _fallback(logger: LoggerContext, written: str) -> Issue:
    name = setting_name(logger.context, *_FORMAT)
    message = f"{name} is not one that KServe supports: the agent writes records as JSON, and nothing reports this."
    fix = _fix(logger.context, written)
    remedy = fix.title if fix else "Write `json`, `csv` or `parquet`."
    return Issue(_path(logger), message, remedy, fix)


def _path(logger: LoggerContext) -> KeyPath:
    return setting_path(logger.context, *_FORMAT) or logger.field()


def _fix(context: LintContext, written: str) -> Fix | None:
    """Build the fix that spells the format as KServe does; None if this makes it no known format."""
    path, guess = setting_path(context, *_FORMAT), written.strip().lower().lstrip(".")
    if path is None or guess not in known_formats(context.release):
        return None
    return Fix(f"Write `{guess}`.", (Replace(path, guess),), safe=False)
