"""A `url` with the host `default-broker`, which Knative Eventing no longer creates.

Until 2020 Knative Eventing created a Service `default-broker` in every namespace with a broker, and old examples of
KServe name it. Brokers of today have an address of their own. Where no Service has that name, each event is lost, and
only the agent's log reports this.

Instead: Write the address of the broker, which `kubectl get broker` shows.

    # before
    logger:
      mode: all
      url: http://default-broker.research.svc.cluster.local

    # after
    logger:
      mode: all
      url: http://broker-ingress.knative-eventing.svc.cluster.local/research/default
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.kserve.apis import constants as c
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_name, url_path

_HOST = c.FORMER_BROKER.partition("//")[2]


@rule("former-broker", Severity.WARNING)
def former_broker(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink, pod = logger.sink, logger.prediction.pod
        if sink is None or sink.problem or pod is None or c.SINK_URL not in pod.annotations:
            continue  # missing-url reports a `defaultUrl` like this
        host = sink.url.hostname().lower().rstrip(".")
        if host == _HOST or (host.startswith(f"{_HOST}.") and (".svc" in host or host.count(".") == 1)):
            message = (
                f"{url_name(logger)} has the host `{_HOST}`, which Knative Eventing has not created since 2020: "
                "normally it does not exist, and every event is lost."
            )
            yield Issue(url_path(logger), message, "Write the address that `kubectl get broker` shows.")
