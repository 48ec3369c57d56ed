"""A `batchInterval` that is not a valid duration.

KServe accepts any text, but the agent accepts only durations of Go. With other text it exits with code 2 at every
start, whatever the URL is. A number needs a unit (`ns`, `us`, `ms`, `s`, `m` or `h`), without a space between the two.
There is no unit for days.

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
from isvclog.rules.places import setting_path
from isvclog.rules.rule import Issue, rule
from isvclog.rules.stored import interval_ns

_REMEDY = "Write a number with a unit: `30s`, `5m` or `1h30m`."
_UNITS = {"": "s", "sec": "s", "secs": "s", "seconds": "s", "min": "m", "mins": "m", "minutes": "m", "d": "h"}


@rule("invalid-batch-interval", Severity.ERROR, since="batchInterval", fixes="unsafe", applies_to="storage")
def invalid_batch_interval(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        text = logger.prediction.argument("--log-batch-interval")
        if text is None or interval_ns(text) is not None:
            continue
        place = setting_path(logger, "batchInterval")
        name = "`batchInterval`" if place else "The `batchInterval` in inferenceservice-config"
        message = f"{name} is no duration: the agent exits with code {FLAG_EXIT} whenever it starts."
        likely, fix = _likely(text), None
        if place and likely:
            fix = Fix(f"Write `{likely}`.", (Replace(place, likely),), safe=False)
        yield Issue(place or logger.field(), message, fix.title if fix else _REMEDY, fix)


def _likely(text: str) -> str:
    found = re.fullmatch(r"([0-9]{1,6})([a-z]*)", "".join(text.lower().split()))
    if found is None:
        return ""
    number, unit = int(found[1]) * (24 if found[2] == "d" else 1), found[2]
    guess = f"{number}{_UNITS.get(unit, unit)}"
    return guess if interval_ns(guess) is not None else ""
