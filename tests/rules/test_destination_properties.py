"""Nothing is lost because of its destination without an error, and nothing that arrives has one."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from services import manifest

from isvclog.findings import Severity
from isvclog.kserve.agent.startup import ExitCause
from isvclog.kserve.apis.installation import SHIPPED, Installation
from isvclog.kserve.apis.releases import ALL_RELEASES, Release
from isvclog.kserve.exchange_result import Exchange, ExchangeResult, predict_exchange
from isvclog.kserve.prediction import BlockedBy
from isvclog.kserve.sample_exchange import build_sample
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.destination import RULES as DESTINATION
from isvclog.rules.policy import Policy
from isvclog.rules.rule import Issue
from isvclog.rules.storage import RULES as STORAGE

SCHEMES = st.sampled_from(
    "http https HTTP s3 S3 s3a gs gcs gsx abfs abfss wasb kafka ftp s3-sink gs-sink http-sink sink 10.0.0.7".split()
)
HOSTS = st.sampled_from(
    [
        "sink",
        "sink.ns.svc",
        "a@sink",
        "a:b@sink",
        "@sink",
        "my..sink",
        "10.0.0.7",
        "[::1]",
        "[::1",
        "s nk",
        "b\xfccher",
        "",
    ]
)
PORTS = st.sampled_from(["", ":", ":80", ":65535", ":80800", ":x"])
PATHS = st.sampled_from(["", "/", "/a b", "/50%", "/%41", "?q=1", "?a b", "#", "#f%zz", "//", "/a:b", " ", "\n"])
BUILT = st.builds(
    lambda *parts: "".join(parts), SCHEMES, st.sampled_from(["://", ":", ":/", ":///", ""]), HOSTS, PORTS, PATHS
)
LOOSE = st.text(st.sampled_from("aS3gst:/@?#%[]. x\xe9*<"), max_size=8)
URLS = st.one_of(BUILT, LOOSE, st.none())
STORAGE_BLOCKS = st.fixed_dictionaries(
    {
        "path": st.sampled_from(["records", "", "/"]),
        "key": st.just("k"),
        "parameters": st.fixed_dictionaries({}, optional={"format": st.sampled_from(["json", "csv", "JSON", "x", ""])}),
    }
)
LOGGERS = st.fixed_dictionaries(
    {"url": URLS},
    optional={
        "storage": STORAGE_BLOCKS,
        "marshallerUrl": st.one_of(st.just(""), st.just("http://localhost:9083/marshal"), BUILT),
        "batchSize": st.integers(-1, 3),
        "batchInterval": st.one_of(st.sampled_from(["1m", "5", "5 s", "-1s", "0", ""]), st.text("15 smd.", max_size=4)),
    },
)
CLUSTERS = st.sampled_from(
    [
        SHIPPED,
        {**SHIPPED, "logger": SHIPPED["logger"].replace("http://default-broker", "")},
        {**SHIPPED, "logger": SHIPPED["logger"].replace("http://default-broker", "s3://bucket")},
        {**SHIPPED, "logger": SHIPPED["logger"][:-1] + ', "storage": {"path": "p", "parameters": {"format": "csv"}}}'},
        {**SHIPPED, "logger": SHIPPED["logger"][:-1] + ', "batchInterval": "5", "marshallerUrl": "nowhere"}'},
    ]
)
RELEASES = st.sampled_from([release for release in ALL_RELEASES if release.has("raw-redirect")])
OF_THE_DESTINATION = (ExitCause.URL, ExitCause.STORE_FORMAT, ExitCause.STORE_SCHEME)


def errors(context: LintContext) -> list[tuple[str, Issue]]:
    return [
        (rule.name, issue)
        for rule in (*DESTINATION, *STORAGE)
        if rule.check is not None and rule.concerns(context.release)
        for issue in rule.check(context)
        if (rule.severity if issue.severity is None else issue.severity) is Severity.ERROR
    ]


def sent(component: LoggerContext) -> ExchangeResult:
    request, response = build_sample(component.service)
    length = ("Content-Length", str(len(request.body)))
    request = request._replace(headers=[*request.headers, length])
    return predict_exchange(component.prediction, Exchange(request, response, "id", 0))


def lost(exchanged: ExchangeResult) -> bool:
    """Whether the destination is to blame for something that does not arrive."""
    prediction, startup = exchanged.prediction, exchanged.prediction.startup
    if startup is not None and not startup.runs:
        return startup.cause in OF_THE_DESTINATION or startup.flag == "log-batch-interval"
    return prediction.blocked_by is BlockedBy.NO_LOGGER or bool(
        exchanged.delivery.dropped or exchanged.delivery.pending_drop_reason
    )


def lint_context(logger: dict[str, Any], release: Release, config: Any, **components: Any) -> LintContext:
    return LintContext(manifest(logger=logger, **components), Installation(release, config), Policy())


@given(LOGGERS, RELEASES, CLUSTERS)
def test_a_loss_has_an_error_and_a_delivery_has_none(logger: dict[str, Any], release: Release, config: Any) -> None:
    context = lint_context(logger, release, config)
    (component,) = context.loggers
    exchanged = sent(component)
    found = errors(context)
    assert lost(exchanged) or exchanged.sends
    assert bool(found) == lost(exchanged), (found, exchanged.delivery, component.prediction.startup)


@given(LOGGERS, LOGGERS, RELEASES, CLUSTERS)
def test_a_transformer_is_judged_by_what_it_gets(
    logger: dict[str, Any], other: dict[str, Any], release: Release, config: Any
) -> None:
    transformer = {"containers": [{"name": "kserve-container", "image": "x"}], "logger": {"mode": "all", **other}}
    context = lint_context(logger, release, config, transformer=transformer)
    assert bool(errors(context)) == any(lost(sent(component)) for component in context.loggers)


@given(LOGGERS, RELEASES)
def test_what_is_said_holds_no_password(logger: dict[str, Any], release: Release) -> None:
    secret = "hunter-2"
    url = (logger["url"] or "").replace("a:b@", f"a:{secret}@").replace("?q=1", f"?token={secret}")
    context = lint_context({**logger, "url": url}, release, SHIPPED)
    for rule in (*DESTINATION, *STORAGE):
        for issue in rule.check(context) if rule.check is not None and rule.concerns(release) else ():
            assert secret not in repr((issue.message, issue.remedy, issue.fix))
