"""A logger without a `url`.

The events go to the `defaultUrl` in the ConfigMap `inferenceservice-config`. The default in KServe is
`http://default-broker`. Knative Eventing created such a host in every namespace until 2020. Today the host normally
does not exist: each event is lost, and only the agent's log reports this. Without a `defaultUrl` the agent logs nothing
at all.

`isvclog lint --inferenceservice-config FILE` reads the `defaultUrl` of your installation. isvclog reports nothing if
you have set it to another URL.

Instead: Write the sink's URL into `url`.

    # before
    logger:
      mode: all

    # after
    logger:
      mode: all
      url: http://broker-ingress.knative-eventing.svc.cluster.local/research/default
"""

from collections.abc import Iterator

from isvclog.diagnosis.sink_check import SinkProblem
from isvclog.findings import Severity, code
from isvclog.kserve.apis import constants as c
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_path

_REMEDY = "Write the sink's URL into `url`."


@rule("missing-url", Severity.WARNING)
def missing_url(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink, pod = logger.sink, logger.prediction.pod
        if (
            sink is None
            or pod is None
            or c.SINK_URL in pod.annotations
            or context.may_be_elsewhere(*logger.field("url"))
        ):
            continue
        if sink.problem is SinkProblem.EMPTY:
            message = "There is no `url` here and no `defaultUrl` in inferenceservice-config: nothing is logged."
            yield Issue(url_path(logger), message, _REMEDY, severity=Severity.ERROR)
        elif sink.text == c.FORMER_BROKER:
            message = (
                f"There is no `url`, so events go to KServe's default sink {code(c.FORMER_BROKER)}: "
                "this host normally does not exist, and every event is lost."
            )
            yield Issue(url_path(logger), message, _REMEDY)
