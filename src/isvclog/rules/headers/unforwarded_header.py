"""A listed header that a transformer or an InferenceGraph does not forward.

Behind a transformer, the predictor receives the transformer's requests, not the client's. KServe's Python server
forwards `x-request-id`, `x-b3-traceid` and `authorization` and drops all other headers, so the predictor's events lack
them. A transformer that works differently may forward more headers.

The router of an InferenceGraph forwards only headers that match a pattern in `headers.propagate` of the key `router`
in the ConfigMap `inferenceservice-config`, and by default none. isvclog knows the InferenceGraphs in the files of the
same run, or those of the cluster. Requests that do not come through the graph keep their headers.

Instead: List the header in the transformer's logger, or make sure that the transformer forwards it. For an
InferenceGraph, add the header to `headers.propagate`; `isvclog lint --inferenceservice-config FILE` reads it.

    # before
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
          metadataHeaders: [X-Tenant]
      transformer:
        containers:
          - name: kserve-container
            image: example.com/transformer

    # after
    spec:
      predictor:
        model:
          modelFormat:
            name: sklearn
      transformer:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
          metadataHeaders: [X-Tenant]
        containers:
          - name: kserve-container
            image: example.com/transformer
"""

from collections.abc import Iterator

from isvclog.diagnosis.lineage import FORWARDED_BY_PYTHON, UNOBSERVABLE
from isvclog.findings import Severity, code
from isvclog.keypath import KeyPath
from isvclog.kserve.apis.constants import PREDICTOR, TRANSFORMER
from isvclog.kserve.controller.router import is_propagated
from isvclog.kserve.golang.http import canonical_header, valid_header_name
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule

_GRAPH_REMEDY = "Add it to `headers.propagate` of `router` in inferenceservice-config."
_REMEDY = "List it in the transformer's logger, or make sure that the transformer forwards it."


@rule("unforwarded-header", Severity.WARNING, since="metadataHeaders", applies_to="headers")
def unforwarded_header(context: LintContext) -> Iterator[Issue]:
    if context.service is None:
        return
    is_transformed = TRANSFORMER in context.service.components
    graph = context.beside.graphs.get(context.key)
    if not is_transformed and graph is None:
        return
    for logger in context.loggers:
        if logger.prediction.pod is None:
            continue
        if logger.name == PREDICTOR and is_transformed:
            yield from _dropped_by_transformer(logger)
        elif graph is not None and logger.name in (PREDICTOR, TRANSFORMER):
            yield from _dropped_by_graph(logger, graph)


def _dropped_by_transformer(logger: LoggerContext) -> Iterator[Issue]:
    for path, name, canonical in _observable(logger):
        if canonical not in FORWARDED_BY_PYTHON:
            message = (
                f"{code(name)} does not reach the predictor, because KServe's transformer drops it: events lack it."
            )
            yield Issue(path, message, _REMEDY)


def _dropped_by_graph(logger: LoggerContext, graph: str) -> Iterator[Issue]:
    config = logger.context.installation.config
    for path, name, canonical in _observable(logger):
        if not is_propagated(canonical, config):
            message = f"The InferenceGraph {code(graph)} does not forward {code(name)}: events of its requests lack it."
            yield Issue(path, message, _GRAPH_REMEDY)


def _observable(logger: LoggerContext) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield the listed headers that could be observed, each with its path and as Go spells it."""
    for path, name in logger.headers():
        canonical = canonical_header(name)
        if canonical not in UNOBSERVABLE and valid_header_name(name):
            yield path, name, canonical
