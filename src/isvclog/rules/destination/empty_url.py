"""An empty `url`: the agent runs without a logger.

The agent receives `--log-url ""` and runs without a logger: requests pass, nothing is logged, and nothing reports this.
KServe does not use the `defaultUrl` of the ConfigMap, because an empty `url` counts as set.

Instead: Write the sink's URL, or remove `logger` if you do not want to log anything.

    # before
    logger:
      mode: all
      url: ""

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
"""

from collections.abc import Iterator

from isvclog.diagnosis.sink_check import SinkProblem
from isvclog.findings import Severity
from isvclog.kserve.apis import constants as c
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_name, url_path


@rule("empty-url", Severity.ERROR)
def empty_url(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink, pod = logger.sink, logger.prediction.pod
        if sink is not None and sink.problem is SinkProblem.EMPTY and pod is not None and c.SINK_URL in pod.annotations:
            message = f"{url_name(logger)} is empty: the agent runs without a logger, and nothing is logged."
            yield Issue(url_path(logger), message, "Write the sink's URL, or remove `logger` to log nothing.")
