"""A `batchInterval` that is not a valid duration.

KServe accepts any text, but the agent accepts only durations such as `1h30m`. With other text it exits with code 2 at
every start, whatever the URL is. A number needs a unit (`ns`, `us`, `ms`, `s`, `m` or `h`), without a space between the
two. There is no unit for days.

Instead: Write `30s`, `5m` or `1h30m`.

    # before
    logger:
      mode: all
      url: s3://inference-logs/kserve
      storage:
        path: records
        key: logger
        parameters:
          format: json
      batchSize: 100
      batchInterval: "30"

    # after
    logger:
      mode: all
      url: s3://inference-logs/kserve
      storage:
        path: records
        key: logger
        parameters:
          format: json
      batchSize: 100
      batchInterval: 30s
"""

import re
from collections.abc import Iterator

from isvclog.changes import Replace
from isvclog.findings import Fix, Severity
from isvclog.kserve.agent.startup import FLAG_EXIT
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.storage._settings import parse_interval, setting_name, setting_path

_REMEDY = "Write a number with a unit: `30s`, `5m` or `1h30m`."
_UNITS = {"": "s", "sec": "s", "secs": "s", "seconds": "s", "min": "m", "mins": "m", "minutes": "m", "d": "h"}


@rule("invalid-batch-interval", Severity.ERROR, since="batchInterval", fixes="unsafe", applies_to="storage")
def invalid_batch_interval(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        text = logger.prediction.argument("--log-batch-interval")
        if text is None or parse_interval(text) is not None:
            continue
        path, name = setting_path(context, "batchInterval"), setting_name(context, "batchInterval")
        message = f"{name} is not a valid duration: the agent exits with code {FLAG_EXIT} at every start."
        intended, fix = _guess_interval(text), None
        if path and intended:
            fix = Fix(f"Write `{intended}`.", (Replace(path, intended),), safe=False)
        yield Issue(path or logger.field(), message, fix.title if fix else _REMEDY, fix)


def _guess_interval(text: str) -> str:
    """Guess the duration that a number without a unit, or with an unknown one, means; empty if impossible."""
    found = re.fullmatch(r"([0-9]{1,6})([a-z]*)", "".join(text.lower().split()))
    if found is None:
        return ""
    number, unit = int(found[1]) * (24 if found[2] == "d" else 1), found[2]
    guess = f"{number}{_UNITS.get(unit, unit)}"
    return guess if parse_interval(guess) is not None else ""
