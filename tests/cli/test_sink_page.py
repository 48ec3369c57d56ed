"""The page of `isvclog sink --web`: what it answers, and what a browser makes of it."""

import http.client
import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import PROGRAM, Browser
from local_sink import RESPONSE, LocalSink, of

SECRET = "sk-live-4242424242424242"


@pytest.fixture
def sink(tmp_path: Path, environment: dict[str, str]) -> Iterator[LocalSink]:
    arguments = ("--web", "--web-listen", "127.0.0.1:0", "--pair-timeout", "0.3")
    with LocalSink(tmp_path, environment, *arguments) as running:
        yield running


@contextmanager
def get(sink: LocalSink, path: str, **headers: str) -> Iterator[http.client.HTTPResponse]:
    with closing(http.client.HTTPConnection(urlsplit(sink.page).netloc, timeout=20)) as connection:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        with connection.getresponse() as answer:
            yield answer


def items(sink: LocalSink, number: int, **headers: str) -> list[dict[str, object]]:
    """Read so many items of the stream, behind the greeting."""
    found = []
    with get(sink, "/events", **headers) as answer:
        while len(found) <= number:
            if (line := answer.readline()).startswith(b"data: "):
                found.append(json.loads(line[6:]))
    assert found[0]["kind"] == "hello"
    return found[1:]


def test_the_page_runs_its_own_code_and_no_other(sink: LocalSink) -> None:
    with get(sink, "/") as answer:
        html = answer.read().decode()
        policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "https://" not in html
    assert not re.search(r"innerHTML|insertAdjacent|document\.write|eval\(|\son\w+=", html)


def test_other_names_and_paths_are_refused(sink: LocalSink) -> None:
    for path in ("/", "/events"):
        with get(sink, path, Host="rebound.example:8081") as answer:
            assert answer.status == 421
    with get(sink, "/other") as answer:
        assert answer.status == 404


def test_a_stream_goes_on_where_it_ended(sink: LocalSink) -> None:
    for number in range(4):
        sink.post(of(Id=str(number), Annotations=f'{{"example.com/api-key":"{SECRET}"}}'))
    first = items(sink, 4)
    assert [item["number"] for item in first] == [1, 2, 3, 4]
    assert SECRET not in json.dumps(first)
    assert [item["number"] for item in items(sink, 2, Last_Event_ID="2")] == [3, 4]
    assert [item["number"] for item in items(sink, 4, Last_Event_ID="99")] == [1, 2, 3, 4]


def test_the_page_is_for_this_machine_only(isvclog: Callable[..., object]) -> None:
    ended = isvclog("sink", "--web", "--web-listen", "0.0.0.0:0")
    assert ended.returncode == 2  # type: ignore[attr-defined]
    assert "the page is for this machine only" in ended.stderr  # type: ignore[attr-defined]


@pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium, which shows the page")
def test_a_browser_shows_pairs_problems_and_filters_as_text(sink: LocalSink, tmp_path: Path) -> None:
    def cards(selector: str = "") -> str:
        return f"[...document.querySelectorAll('.card{selector}')].filter((card) => !card.hidden)"

    with Browser(tmp_path) as browser:
        browser.open(sink.page)
        browser.wait_for("document.getElementById('state').textContent === 'live'")
        assert f"http://127.0.0.1:{sink.port}/" in browser.evaluate("document.getElementById('empty').textContent")
        attack = "<img src=x onerror=document.title=1><script>document.title=1</script>"
        annotations = json.dumps({attack: attack, "example.com/api-key": SECRET})
        sink.post(of(Annotations=annotations), attack.encode())
        sink.post(of(Annotations=annotations, Type=RESPONSE), b'{"predictions":[1]}')
        sink.post(of(Id="alone", Inferenceservicename="pricing"))
        sink.post(of(Time="yesterday"))
        browser.wait_for("document.querySelector('.card.warn')")  # the response that did not come
        assert browser.evaluate(f"{cards()}.length") == 3
        assert browser.evaluate(f"{cards('.pair')}[0].querySelectorAll('.half').length") == 2
        assert "No response in 0.3 s" in browser.evaluate(f"{cards('.warn')}[0].textContent")
        assert "not an RFC 3339 time" in browser.evaluate(f"{cards('.bad')}[0].textContent")
        assert browser.evaluate("document.getElementById('counts').textContent") == "3 events, 1 pair, 2 problems"
        text = browser.evaluate("document.body.textContent")
        assert attack in text
        assert SECRET not in text
        assert browser.evaluate("document.title") == "isvclog sink"
        assert browser.evaluate("document.images.length") == 0

        browser.evaluate("search.value = 'PRICING'; search.dispatchEvent(new Event('input'))")
        assert browser.evaluate(f"{cards()}.length") == 1
        browser.evaluate("search.value = ''; kind.value = 'pair'; kind.dispatchEvent(new Event('change'))")
        assert browser.evaluate(f"{cards()}.map((card) => card.className)") == ["card pair"]
        browser.evaluate("kind.value = ''; kind.dispatchEvent(new Event('change')); pause.click()")
        sink.post(of(Id="held"))
        browser.wait_for("document.getElementById('counts').textContent.includes('held back')")
        browser.evaluate("pause.click()")
        assert browser.evaluate(f"{cards()}.length") == 4

        for width in (1280, 400):
            for scheme in ("light", "dark"):
                browser.show(width, 900, scheme)
                assert browser.evaluate("document.documentElement.scrollWidth") == width
        assert browser.console == []
