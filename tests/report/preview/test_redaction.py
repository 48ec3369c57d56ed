"""Nothing that people look at shows a secret, and `--reveal` shows all of it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from services import service

from isvclog.diagnosis.causes import diagnose
from isvclog.diagnosis.lineage import KeyStatus, Status
from isvclog.kserve.agent.http_exchange import Request, Response
from isvclog.kserve.apis.installation import SHIPPED, Installation
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.exchange_result import Exchange, ExchangeResult, ServicePreview, predict_exchange
from isvclog.kserve.prediction import predict
from isvclog.preview.model import Preview
from isvclog.redact.literals import data_secrets
from isvclog.redact.masks import REDACTED
from isvclog.redact.words import Vocabulary, vocabulary_in_force
from isvclog.report.formats import FormatSettings
from isvclog.report.preview import text
from isvclog.report.preview.redaction import ExchangeRedaction, service_redaction

SECRET = "hunter2SECRET"
BLOB = {
    "url": f"s3://logs/x?token={SECRET}",
    "storage": {"path": "p", "key": "k", "parameters": {"format": "json"}},
    "metadataAnnotations": ["api-key", "team"],
}
CSV = {"path": "p", "key": "k", "parameters": {"format": "csv"}}


def exchange_of(
    headers: tuple[tuple[str, str], ...] = (), component: str = "predictor", release: str = "0.20.0", **changes: Any
) -> ExchangeResult:
    read = service(release, **changes)
    request = Request("POST", "/x", [("Host", "h"), ("Content-Length", "2"), *headers], b"{}")
    prediction = predict(read, read.components[component], Installation(find_release(release)))
    return predict_exchange(prediction, Exchange(request, Response(200, (), b"{}"), "id-1", 0))


def redaction_of(exchanged: ExchangeResult, *, reveal: bool = False) -> ExchangeRedaction:
    gate = service_redaction(ServicePreview("label", "file", results=(exchanged,)), reveal)
    return ExchangeRedaction(exchanged, gate)


def shown(exchanged: ExchangeResult, *, reveal: bool = False) -> str:
    return "".join(written(exchanged, reveal=reveal, full=full) for full in (False, True))


def written(exchanged: ExchangeResult, *, reveal: bool, full: bool) -> str:
    preview = Preview(
        [ServicePreview("label", "file", results=(exchanged,))], exchanged.prediction.installation.release
    )
    return "".join(text.write(preview, FormatSettings(reveal=reveal, full=full)))


LEAKS: dict[str, Callable[[], ExchangeResult]] = {
    "a password in the URL": lambda: exchange_of(logger={"url": f"http://u:{SECRET}@sink/"}),
    "a token as the user": lambda: exchange_of(logger={"url": f"http://{SECRET}@sink/"}),
    "a parameter of the URL": lambda: exchange_of(logger={"url": f"http://sink/?token={SECRET}"}),
    "the fragment of the URL": lambda: exchange_of(logger={"url": f"http://sink/#token={SECRET}"}),
    "a password and a scheme that cannot be sent to": lambda: exchange_of(
        logger={"url": f"ftp://u:{SECRET}@sink/?token={SECRET}"}
    ),
    "a parameter with a quotation mark": lambda: exchange_of(logger={"url": f'ftp://sink/?token=a"{SECRET} x'}),
    "no scheme": lambda: exchange_of(logger={"url": f"u:{SECRET}@sink/?token={SECRET}"}),
    "a host that cannot be parsed": lambda: exchange_of(logger={"url": f"http://si nk/?token={SECRET}"}),
    "a user that cannot be parsed": lambda: exchange_of(logger={"url": f"http://user:{SECRET} x@si nk/"}),
    "a URL that looks like a flag's error": lambda: exchange_of(logger={"url": f"http://u:x flag: {SECRET}@si nk/"}),
    "an annotation": lambda: exchange_of(
        {}, annotations={"api-key": SECRET}, logger={"metadataAnnotations": ["api-key"]}
    ),
    "an annotation that ends the agent": lambda: exchange_of(
        annotations={"api-key": f"x,{SECRET}"}, logger={"metadataAnnotations": ["api-key"], "metadataHeaders": ["X"]}
    ),
    "an annotation that breaks the list": lambda: exchange_of(
        annotations={"note": f'"{SECRET}', "api-key": f'{SECRET}"'},
        logger={"metadataAnnotations": ["note", "api-key"], "metadataHeaders": ["X"]},
    ),
    "an injected key": lambda: exchange_of(
        annotations={"note": f"x,password={SECRET}"}, logger={"metadataAnnotations": ["note"]}
    ),
    "an injected key that is quoted": lambda: exchange_of(
        annotations={"note": f'x,"password=a,{SECRET}",y=z'}, logger={"metadataAnnotations": ["note"]}
    ),
    "a part of a secret": lambda: exchange_of(
        annotations={"api-key": f"abc,part={SECRET}"}, logger={"metadataAnnotations": ["api-key"]}
    ),
    "a part of a secret that becomes a key": lambda: exchange_of(
        annotations={"api-key": f"abc,{SECRET}=="}, logger={"metadataAnnotations": ["api-key"]}
    ),
    "a secret in prose": lambda: exchange_of(
        annotations={"note": f"user: bob password: {SECRET}"}, logger={"metadataAnnotations": ["note"]}
    ),
    "a URL in an annotation": lambda: exchange_of(
        annotations={"note": f"see https://{SECRET}@h/ and /?code={SECRET}"}, logger={"metadataAnnotations": ["note"]}
    ),
    "a listed pair": lambda: exchange_of({}, logger={"metadataAnnotations": [f"password={SECRET}"]}),
    "a secret that a line break cuts": lambda: exchange_of(
        annotations={"note": f"x\npassword={SECRET}"}, logger={"metadataAnnotations": ["note"]}
    ),
    "a header": lambda: exchange_of((("X-Api-Key", SECRET),), logger={"metadataHeaders": ["X-Api-Key"]}),
    "a record": lambda: exchange_of((), annotations={"api-key": SECRET}, logger=BLOB),
    "a record of 0.16": lambda: exchange_of((), release="0.16.0", annotations={"api-key": SECRET}, logger=BLOB),
    "a CSV record": lambda: exchange_of(
        (("X-Api-Key", SECRET),),
        annotations={"api-key": SECRET},
        logger={**BLOB, "metadataHeaders": ["X-Api-Key"], "storage": CSV},
    ),
    "a batch of records": lambda: exchange_of((), annotations={"api-key": SECRET}, logger={**BLOB, "batchSize": 2}),
    "a marshaller": lambda: exchange_of((), logger={**BLOB, "marshallerUrl": f"http://u:{SECRET}@m/?sig={SECRET}"}),
}


@pytest.mark.parametrize("make", LEAKS.values(), ids=LEAKS)
def test_no_secret_is_shown(make: Callable[[], ExchangeResult]) -> None:
    exchanged = make()
    assert SECRET not in shown(exchanged)
    diagnosis = diagnose(exchanged)
    if diagnosis is not None:
        assert SECRET not in redaction_of(exchanged).message(diagnosis.because)


@pytest.mark.parametrize("make", LEAKS.values(), ids=LEAKS)
def test_reveal_reveals(make: Callable[[], ExchangeResult]) -> None:
    revealed = shown(make(), reveal=True)
    assert SECRET in revealed
    assert REDACTED not in revealed.replace(f":{REDACTED}@", "")  # as Go's client writes a password itself


def test_reveal_reveals_the_url_everywhere() -> None:
    url = f"http://u:{SECRET}@sink/x?token={SECRET}"
    lines = written(exchange_of(logger={"url": url}), reveal=True, full=True).split("\n")
    assert [line for line in lines if url in line and ("sends 2 events" in line or "sink " in line)] == [
        f"predictor  sends 2 events per request to {url}",
        f"  sink      CloudEvents by HTTP POST to {url}",
    ]
    assert f"    POST /x?token={SECRET} HTTP/1.1" in lines
    failing = exchange_of(logger={"url": f"ftp://sink/?token={SECRET}"})
    assert f'Post "ftp://sink/?token={SECRET}": unsupported protocol scheme' in shown(failing, reveal=True)


def test_the_rest_of_a_message_stays() -> None:
    exchanged = exchange_of(logger={"url": f"ftp://u:{SECRET}@sink/?token={SECRET}"})
    assert 'Post "ftp://u:***@sink/?token=***": unsupported protocol scheme "ftp"' in shown(exchanged)


@pytest.mark.parametrize(
    ("annotations", "logger"),
    [
        ({}, {"url": "http://sink/?a=b#c"}),
        ({"team": "é <b> & 'x'"}, {"metadataAnnotations": ["team"], "metadataHeaders": ["X-Request-Id"]}),
        ({"team": "é <b>"}, {**BLOB, "url": "s3://logs/x"}),
        ({"team": "a;b=c\td,e=f"}, {**BLOB, "url": "gs://logs/x", "storage": CSV}),
    ],
)
def test_what_is_not_secret_is_shown_as_it_is(annotations: dict[str, str], logger: dict[str, Any]) -> None:
    exchanged = exchange_of((("X-Request-Id", "r 1"),), annotations=annotations, logger=logger)
    view = redaction_of(exchanged)
    assert exchanged.delivery.events or exchanged.delivery.uploads
    for event in exchanged.delivery.events:
        assert view.event(event) == event
    for upload in exchanged.delivery.uploads:
        assert view.upload(upload) == upload


def test_sizes_are_those_of_the_real_thing() -> None:
    """A mask is longer or shorter than what it hides."""
    for changes in (
        {"annotations": {"api-key": SECRET * 9}, "logger": BLOB},
        {"annotations": {"api-key": SECRET * 9}, "logger": {"metadataAnnotations": ["api-key"]}},
    ):
        exchanged = exchange_of((), **changes)  # type: ignore[arg-type]
        sizes = [
            re.findall(r"^  (?:object|\w+ event)  .*", written(exchanged, reveal=way, full=True), re.M)
            for way in (True, False)
        ]
        assert len(sizes[0]) == 2
        assert sizes[0] == sizes[1]


def test_reasons_show_no_value() -> None:
    exchanged = exchange_of(annotations={"api-key": f"x,{SECRET}"}, logger={"metadataAnnotations": ["api-key"]})
    startup = exchanged.prediction.startup
    assert startup is not None
    for why in (
        startup.message,
        f"the value x,{SECRET} is bad",
        f'invalid argument "api-key=x,{SECRET}" for "--metadata-annotations" flag: bad',
        f"Malformed log-url http://{SECRET} x",
    ):
        entry = redaction_of(exchanged).status(KeyStatus("api-key", Status.LOST, message=why))
        assert SECRET not in entry.message
        assert (
            redaction_of(exchanged, reveal=True).status(KeyStatus("api-key", Status.LOST, message=why)).message == why
        )


def test_a_message_without_settings() -> None:
    exchanged = exchange_of(logger={"url": "http://si nk/"})
    view = redaction_of(exchanged)
    assert view.message("about jane.doe@example.com") == f"about {REDACTED}"
    assert view.message("Malformed log-url http://si nk/") == "Malformed log-url ***"
    assert view.message("plain") == "plain"


def test_the_default_configmap_is_searched_only_for_names_of_the_user() -> None:
    def image() -> str:
        return service_redaction(ServicePreview("label", "file", results=(exchanged,)), False).text(
            "kserve/agent:latest"
        )

    exchanged = exchange_of()
    assert [*data_secrets(dict(SHIPPED))] == []
    assert image() == "kserve/agent:latest"
    with vocabulary_in_force(Vocabulary(keys=("image",))):
        assert image() == REDACTED
