"""An https sink inside the cluster whose certificate the agent does not trust.

No public authority signs a certificate for a name inside of a cluster, such as `sink.research.svc.cluster.local`, or
for a private address. Without a `caBundle` in the ConfigMap `inferenceservice-config`, the agent verifies certificates
against the public authorities of its image, whatever the value of `tlsSkipVerify` is. So each connection fails with
"x509: certificate signed by unknown authority", and every event is lost. Only the agent's log reports this.

`isvclog lint --inferenceservice-config FILE` reads the `caBundle` of your installation.

Instead: Write `http://` for a sink inside the cluster. Or name a ConfigMap with the certificate of your CA as
`caBundle` in inferenceservice-config, and create it in the namespace of each service. With a `caBundle`, KServe does
not verify the certificate at all.

    # before
    logger:
      mode: all
      url: https://sink.research.svc.cluster.local

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
"""

from collections.abc import Iterator

from isvclog.diagnosis.sink_check import SinkProblem
from isvclog.findings import Severity
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_fix, url_name, url_path

_REMEDY = "Write `http://`, or set `caBundle` in inferenceservice-config to the ConfigMap with your CA certificate."


@rule("untrusted-certificate", Severity.ERROR, fixes="unsafe")
def untrusted_certificate(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink = logger.sink
        if sink is None or sink.problem is not SinkProblem.UNTRUSTED:
            continue
        message = (
            f"No public authority signs a certificate for the host of {url_name(logger, inside=True)}, and there is no "
            "`caBundle`: the agent does not trust the sink, and every event is lost."
        )
        _, _, rest = sink.text.partition(":")
        fix = None if sink.url.port() else url_fix(logger, f"http:{rest}", "Write `http://`, if the sink supports it.")
        yield Issue(url_path(logger), message, _REMEDY, fix)
