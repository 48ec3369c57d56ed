"""A listed annotation whose value makes the agent exit at every start.

The webhook joins the listed annotations as `key=value` pairs with commas and escapes nothing. The agent parses the
result as one line of CSV. A double quote in a value is a syntax error there: the agent exits with code 2. A comma ends
the value. If the text after the comma has no `=`, the agent exits with code 255. This happens at every start
(CrashLoopBackOff). A new revision never becomes ready while old pods keep serving, and a service that was scaled to
zero does not start again.

Instead: Write the value without double quotes and commas, for example with `;` between its parts, or remove the
annotation from `metadataAnnotations`.

    # before
    metadata:
      annotations:
        example.com/owners: anna, ben
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/owners]

    # after
    metadata:
      annotations:
        example.com/owners: anna; ben
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/owners]
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.kserve.agent.pairs import Item, Reading, comma_before
from isvclog.kserve.agent.startup import FLAG_EXIT, LOGGER_EXIT
from isvclog.kserve.apis.constants import INTERNAL
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule

_LOOP = "at every start (CrashLoopBackOff)"


@rule("crashing-annotation", Severity.ERROR, since="metadataAnnotations", applies_to="annotations")
def crashing_annotation(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        if any("," in value or '"' in value or "$" in value for _, value in logger.pairs):
            for reading in logger.readings:
                yield from _crashes(logger, reading)


def _crashes(logger: LoggerContext, reading: Reading) -> Iterator[Issue]:
    if reading.broken is not None:
        yield _quote(logger, reading.broken)
    broken = [item for item in reading.items if item.value is None]
    for item in {item.pair: item for item in reversed(broken)}.values():
        yield _comma(logger, item)


def _quote(logger: LoggerContext, pair: int) -> Issue:
    key, value = logger.pairs[pair]
    what = "A double quote in" if '"' in value else "A double quote that a `$(NAME)` puts into"
    index = logger.character(key, value.find('"'))
    message = f"{what} the value of {code(key)} makes the agent exit with code {FLAG_EXIT} {_LOOP}."
    without = "double quotes and commas" if "," in value else "double quotes"
    return Issue(logger.value_path(key), message, _remedy(key, without), at_key=True, character=index)


def _comma(logger: LoggerContext, item: Item) -> Issue:
    key = logger.pairs[item.pair][0]
    index = logger.character(key, comma_before(item, logger.pairs))
    problem = f"A comma ends the value of {code(key)}, and no `=` follows"
    message = f"{problem}: the agent exits with code {LOGGER_EXIT} {_LOOP}."
    return Issue(logger.value_path(key), message, _remedy(key, "commas"), at_key=True, character=index)


def _remedy(key: str, what: str) -> str:
    # KServe itself writes the values of its internal annotations.
    return "Remove it from the list." if key.startswith(INTERNAL) else f"Write the value without {what}."
