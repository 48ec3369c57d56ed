"""Results for templates that are not rendered: each is there for two sets of values of the placeholders."""

from collections.abc import Iterator

from isvclog.kserve.exchange_result import ExchangeResult, ServicePreview


def with_others(item: ServicePreview) -> Iterator[tuple[ExchangeResult, ExchangeResult]]:
    """Yield each result of a service with that for other values of its placeholders; without any, it is the same."""
    others = item.results if item.other is None else item.other.results
    by_name = {_name(other): other for other in others}
    for result in item.results:
        yield result, by_name.get(_name(result), result)


def _name(result: ExchangeResult) -> tuple[str, str]:
    component = result.prediction.component
    return component.name, component.label if component.canary else ""
