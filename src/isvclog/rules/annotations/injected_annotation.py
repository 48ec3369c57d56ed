"""A listed annotation whose value adds or changes other annotations.

The webhook joins `key=value` pairs with commas and escapes nothing. A comma ends the value. If `other=text` follows,
the agent reads it as a separate annotation: events contain a key that nobody listed, or a listed key with a wrong
value. So anyone who may write one annotation can forge the others. A double quote after the comma can make the agent
read the next annotations as part of this value.

Instead: Write the value without commas, for example with `;` between its parts.

    # before
    metadata:
      annotations:
        example.com/selector: tier=web,env=test
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/selector]

    # after
    metadata:
      annotations:
        example.com/selector: tier=web;env=test
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/selector]
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import takewhile

from isvclog.findings import Severity, code, enumerated
from isvclog.kserve.agent.pairs import Item, Reading, comma_before
from isvclog.kserve.apis.object_meta import key_problem
from isvclog.redact.values import has_sensitive_shape
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule


@rule("injected-annotation", Severity.ERROR, since="metadataAnnotations", applies_to="annotations")
def injected_annotation(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        for reading in logger.readings if any("," in value or "$" in value for _, value in logger.pairs) else ():
            yield from _issues(logger, reading)


def _issues(logger: LoggerContext, reading: Reading) -> Iterator[Issue]:
    listed = {key for key, _ in logger.pairs}
    last = {item.key: item for item in reading.items}
    begun = _begun(reading)
    for pair, items in _by_value(reading).items():
        if any(item.value is None for item in items):
            continue  # the agent does not start, which `crashing-annotation` reports
        owner = logger.pairs[pair][0]
        effects = [_effect(item, last, listed, owner) for item in items]
        if hidden := [code(key) for key in _quoted_keys(logger, reading, pair, begun)]:
            effects.append(f"hides {enumerated(hidden)}")
        what = enumerated(list(dict.fromkeys(effects)))
        message = f"A comma ends the value of {code(owner)}: the text after it {what}."
        index = logger.character(owner, comma_before(items[0], logger.pairs))
        yield Issue(logger.value_path(owner), message, "Write the value without commas.", at_key=True, character=index)


def _by_value(reading: Reading) -> Mapping[int, list[Item]]:
    """Group the annotations that commas create by the listed annotation whose value creates them."""
    created: dict[int, list[Item]] = {}
    for index in sorted(reading.inside):
        created.setdefault(reading.items[index].pair, []).append(reading.items[index])
    return created


def _effect(item: Item, last: Mapping[str, Item], listed: set[str], owner: str) -> str:
    if item.key == owner:
        return "replaces the value"
    # The key is a part of the value, which may be secret.
    plain = not key_problem(item.key) and not has_sensitive_shape(item.key)
    if item.key not in listed:
        return f"adds the annotation {code(item.key)}, which nobody listed" if plain else "adds an unlisted annotation"
    return f"overrides {code(item.key)}" if last[item.key] is item else f"is overridden by {code(item.key)}"


def _begun(reading: Reading) -> set[int]:
    """Collect the pairs that begin an annotation of their own."""
    return {item.pair for index, item in enumerate(reading.items) if index not in reading.inside}


def _quoted_keys(logger: LoggerContext, reading: Reading, pair: int, begun: Collection[int]) -> Iterable[str]:
    """Collect the keys of the pairs behind this one that are inside a quoted part of its value."""
    behind = takewhile(lambda index: index not in begun, range(pair + 1, reading.last + reading.cut))
    return dict.fromkeys(logger.pairs[index][0] for index in behind)
