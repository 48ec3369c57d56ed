"""A listed annotation with different values in different places.

Annotations of a component override annotations of the service, and both override annotations of the ServingRuntime.
Events of the component contain the value with the highest priority. Events of other components may contain another
value.

Instead: Write the annotation in one place, or use two keys.

    # before
    metadata:
      annotations:
        example.com/team: research
    spec:
      predictor:
        annotations:
          example.com/team: platform
        logger:
          metadataAnnotations: [example.com/team]

    # after
    metadata:
      annotations:
        example.com/team: research
    spec:
      predictor:
        annotations:
          example.com/operator: platform
        logger:
          metadataAnnotations: [example.com/team, example.com/operator]
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.kserve.apis.constants import INTERNAL
from isvclog.kserve.controller.layers import RUNTIME_SOURCE, Layer
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule


@rule("shadowed-annotation", Severity.WARNING, since="metadataAnnotations", applies_to="annotations")
def shadowed_annotation(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        layers = logger.prediction.pod.layers if logger.prediction.pod else ()
        for key, _ in logger.pairs:
            sources = [layer for layer in layers if key in layer.annotations]
            if len(sources) > 1 and not key.startswith(INTERNAL):
                yield from _issues(logger, key, sources)


def _issues(logger: LoggerContext, key: str, layers: list[Layer]) -> Iterator[Issue]:
    winner = layers[-1]
    other = next((layer for layer in reversed(layers) if layer.annotations[key] != winner.annotations[key]), None)
    if other is None:
        return
    message = (
        f"{code(key)} has different values in {_name(winner)} and in {_name(other)}: "
        f"events of the {logger.name} contain the one from {_name(winner)}."
    )
    # Annotations of a runtime are defaults, which a service may override.
    severity = Severity.INFO if other.source == RUNTIME_SOURCE else None
    remedy = "Write it in one place, or use two keys."
    yield Issue(logger.value_path(key), message, remedy, severity=severity, at_key=True)


def _name(layer: Layer) -> str:
    return code(layer.source) if layer.path else layer.source
