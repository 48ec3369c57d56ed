"""A listed header that the transformer does not forward to the predictor.

Behind a transformer, the predictor receives the transformer's requests, not the client's. KServe's Python server
forwards `x-request-id`, `x-b3-traceid` and `authorization` and drops all other headers, so the predictor's events lack
them. A transformer that works differently may forward more headers.

Instead: List the header in the transformer's logger, or make sure that the transformer forwards it.

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
from isvclog.kserve.apis.constants import PREDICTOR, TRANSFORMER
from isvclog.kserve.golang.http import canonical_header, valid_header_name
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule

_REMEDY = "List it in the transformer's logger, or make sure that the transformer forwards it."


@rule("unforwarded-header", Severity.WARNING, since="metadataHeaders", applies_to="headers")
def unforwarded_header(context: LintContext) -> Iterator[Issue]:
    if context.service is None or TRANSFORMER not in context.service.components:
        return
    for logger in context.loggers:
        if logger.name != PREDICTOR or logger.prediction.pod is None:
            continue
        for path, name in logger.headers():
            canonical = canonical_header(name)
            if canonical in FORWARDED_BY_PYTHON or canonical in UNOBSERVABLE or not valid_header_name(name):
                continue
            message = (
                f"{code(name)} does not reach the predictor, because KServe's transformer drops it: events lack it."
            )
            yield Issue(path, message, _REMEDY)
