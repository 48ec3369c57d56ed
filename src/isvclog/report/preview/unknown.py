"""Previews of templates that are not rendered.

A template is previewed twice, with different values for its placeholders. What is the same in both previews is known;
what differs depends on the values.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from isvclog.diagnosis.lineage import KeyStatus, Reason, Status, annotation_statuses, header_statuses
from isvclog.kserve.exchange_result import ExchangeResult

Row = tuple[str, str, str]
"""A label, its sentence and its look; only notes, of which there may be several, have a look."""

NOT_RENDERED = "not known before the template is rendered"


def known_statuses(result: ExchangeResult, other: ExchangeResult) -> tuple[list[KeyStatus], list[KeyStatus]]:
    """Build the statuses of annotations and of headers; names that are not known themselves are left out."""
    found, others = _statuses(result), _statuses(other)
    annotations, headers = (list(_known(*pair)) for pair in zip(found, others, strict=True))
    return annotations, headers


def common_data(first: Any, second: Any) -> Any:
    """Merge two values of JSON: what differs is None."""
    if isinstance(first, dict) and isinstance(second, dict):
        return {key: common_data(value, second[key]) for key, value in first.items() if key in second}
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        return [common_data(*pair) for pair in zip(first, second, strict=True)]
    return first if first == second else None


def common_rows(first: list[Row], second: list[Row]) -> Iterator[Row]:
    """Yield the rows that both have; where they differ in a sentence, it is not known."""
    labels = {label for label, _, look in second if not look}
    for label, sentence, look in first:
        if (label, sentence, look) in second:
            yield label, sentence, look
        elif not look and label in labels:
            yield label, NOT_RENDERED, "yellow"


def _statuses(result: ExchangeResult) -> tuple[list[KeyStatus], list[KeyStatus]]:
    metadata = result.logged[0].metadata if result.logged else None
    annotations = annotation_statuses(result.prediction, delivered=result.delivered)
    headers = header_statuses(result.prediction, metadata, delivered=result.delivered)
    return list(annotations), list(headers)


def _known(first: Iterable[KeyStatus], second: Iterable[KeyStatus]) -> Iterator[KeyStatus]:
    others = {status.name: status for status in second}
    for status in first:
        if status.name in others:
            same = others[status.name] == status
            yield status if same else KeyStatus(status.name, Status.UNKNOWN, Reason.NOT_RENDERED, NOT_RENDERED)
