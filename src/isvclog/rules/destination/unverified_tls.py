"""An https sink whose certificate the agent does not verify.

The agent trusts every certificate, for any host, if the ConfigMap `inferenceservice-config` names a `caBundle` and that
ConfigMap exists in the service's namespace. Anybody between the agent and the sink can then read and answer the events.
The reason: the pod webhook passes `--logger-tls-skip-verify false` as two arguments, and the agent reads the first as
true and ignores the second. This is so since KServe 0.14.0, which introduced the setting, whatever the value of
`tlsSkipVerify` is.

Without a `caBundle`, or if its file is missing, the agent verifies the certificate against the system's certificate
authorities, and `tlsSkipVerify` has no effect. Every event is lost if your own authority signed the sink's certificate.

Instead: Remove `caBundle` from the ConfigMap if a public authority signed the sink's certificate. Otherwise send to a
broker or proxy inside the cluster that verifies the certificate of its own destination, or protect the connection with
a service mesh.

    # isvclog lint --inferenceservice-config config.yaml
    # before
    logger:
      mode: all
      url: https://events.example.com/ingest

    # after
    logger:
      mode: all
      url: http://broker-ingress.knative-eventing.svc.cluster.local/research/default
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_path

_REMEDY = "Remove `caBundle` from inferenceservice-config, or protect the connection with a service mesh."


@rule("unverified-tls", Severity.WARNING, since="tls-settings", security=5.9)
def unverified_tls(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink, injection = logger.sink, logger.prediction.injection
        if sink is None or sink.problem or sink.url.scheme != "https" or sink.kind != CLOUDEVENTS:
            continue
        if injection is not None and injection.ca_bundle:
            message = (
                f"The sink's certificate is not verified if the ConfigMap {code(injection.ca_bundle)} exists: "
                "with a `caBundle` the agent trusts every certificate, whatever the value of `tlsSkipVerify` is."
            )
            yield Issue(url_path(logger), message, _REMEDY)
        elif logger.prediction.argument("--logger-tls-skip-verify") == "true":
            message = (
                "`tlsSkipVerify` has no effect without a `caBundle`: the agent verifies the sink's certificate, and "
                "every event is lost if your own authority signed it."
            )
            yield Issue(url_path(logger), message, "Give the sink a certificate that a public authority signed.")
