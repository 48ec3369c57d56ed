"""A `url` that leads to the logged service itself.

The agent posts each event to the URL as a request, and logs every request that reaches it, events included. If the URL
leads to the component that logs, even by way of another service that logs too, each event causes a further event,
without end, and the load grows with each request.

isvclog knows the names of the Services that KServe creates, and the other services in the files of the same run.

Instead: Write the URL of a sink that is not logged itself, such as a broker.

    # before
    metadata:
      name: iris
      namespace: research
    spec:
      predictor:
        logger:
          mode: all
          url: http://iris-predictor.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn

    # after
    metadata:
      name: iris
      namespace: research
    spec:
      predictor:
        logger:
          mode: all
          url: http://broker-ingress.knative-eventing.svc.cluster.local/research/default
        model:
          modelFormat:
            name: sklearn
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.rules.context import LintContext
from isvclog.rules.loops import find_loop
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_name, url_path

_REMEDY = "Write the URL of a sink that is not logged itself, such as a broker."


@rule("looping-url", Severity.ERROR)
def looping_url(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        loop = find_loop(logger)
        if loop is None:
            continue
        way = f" through {code(loop)}" if loop else ""
        message = f"{url_name(logger)} leads back to this service{way}: each event is logged as a request, without end."
        yield Issue(url_path(logger), message, _REMEDY)
