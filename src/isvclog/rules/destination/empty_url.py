"""An empty `url`.

The agent gets `--log-url ""`, takes that for no logger, and runs without one: requests pass, nothing is logged, and
nothing says so. The ConfigMap's `defaultUrl` does not help, because the empty one counts as given.

Instead: Write the sink's URL, or take `logger` out if nothing is to be logged.

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

from isvclog.findings import Severity
from isvclog.kserve import constants as c
from isvclog.kserve.sink import SinkProblem
from isvclog.rules.context import LintContext
from isvclog.rules.places import url_name, url_path
from isvclog.rules.rule import Issue, rule


@rule("empty-url", Severity.ERROR)
def empty_url(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink, pod = logger.sink, logger.prediction.pod
        if sink is not None and sink.problem is SinkProblem.EMPTY and pod is not None and c.SINK_URL in pod.annotations:
            message = f"{url_name(logger)} is empty: the agent runs without a logger, and nothing is logged."
            yield Issue(url_path(logger), message, "Write the sink's URL, or remove `logger` to log nothing.")
