"""The page of an audit: that it is whole and harmless, and what a browser makes of it."""

import random
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browser import PROGRAM, Browser
from hypothesis import given
from hypothesis import strategies as st

from isvclog.audit.model import Audit, Failure, Row
from isvclog.drift import ComponentState, Difference, DriftCause
from isvclog.findings import NOWHERE, Finding, Severity
from isvclog.report.audit.page_parts import MOST_PLACES
from isvclog.report.audit.page_totals import MOST_REASONS, WORST_FIRST
from isvclog.report.formats import FormatSettings, audit_format
from isvclog.rules.catalogue import describe_rule

SECONDS = 2
"""In which a browser opens a page of 10,000 services."""
ATTACK = "\"'><img src=x onerror=document.title=1><script>document.title=1</script></script>"
STALE = Difference(DriftCause.CONFIG, "abc", 2, ("defaultUrl",))
WARNING = Finding("", NOWHERE, Severity.WARNING, "stale-agent", STALE.sentence, STALE.remedy)
ERROR = Finding("", NOWHERE, Severity.ERROR, "crashing-annotation", "A comma ends `a`.", "Write it without commas.")
INFO = Finding("", NOWHERE, Severity.INFO, "unused-storage-field", "KServe never reads `key`.", "Keep it.")
ROW = Row("eu", "ml", "iris", "predictor", True, "http://sink.ml", "all", ("a/b",), ComponentState.MATCHES, 2)
STALE_ROW = ROW._replace(name="wine", state=ComponentState.STALE, findings=(WARNING,), differences=(STALE,))
VOID = {"meta", "input", "img", "br"}


def page(*items: Row | Failure, **look: Any) -> str:
    settings = FormatSettings(describe=describe_rule, seconds=1767225600, **look)
    return "".join(audit_format("html")(Audit(items), settings))


class Checked(HTMLParser):
    """The elements and the text of a page, whose elements all have to be closed in their order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.text += data


def fleet(services: int, clusters: int) -> Iterator[Row | Failure]:
    """Yield rows in all states, of services in several namespaces."""
    choice = random.Random(1)
    namespaces = [*("ml", "fraud", "search", "ranking"), *(f"team-{number}" for number in range(20))]
    for cluster in range(clusters):
        for number in range(services // clusters):
            state = choice.choices(WORST_FIRST, [3, 2, 2, 6, 4, 3, 2, 10, 68])[0]
            findings = {ComponentState.STALE: (WARNING,), ComponentState.CRASHING: (ERROR, WARNING)}.get(state, ())
            yield ROW._replace(
                context=f"prod-{cluster:02}",
                namespace=choice.choice(namespaces),
                name=f"fraud-detection-{number}",
                state=state,
                findings=(*findings, INFO) if choice.random() < 0.2 else findings,
                note="no pod runs" if state is ComponentState.UNKNOWN else "",
            )
    yield Failure("prod-99", "The API server cannot be reached: the connection timed out.")


def test_the_page_has_everything_and_needs_nothing() -> None:
    html = page(STALE_ROW, ROW, ROW._replace(component="transformer", findings=(ERROR,)), Failure("us", "Unreachable."))
    checked = Checked(html)
    policy = next(str(attributes["content"]) for _, attributes in checked.tags if "http-equiv" in attributes)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r"innerHTML|insertAdjacent|document\.write|eval\(|\son\w+=|@import|\bsrc=|url\(", html)
    assert not any(name in attributes for _, attributes in checked.tags for name in ("style", "src"))
    links = [str(attributes["href"]) for _, attributes in checked.tags if "href" in attributes]
    assert all(link.startswith("#") for link in links)
    ids = [str(attributes["id"]) for _, attributes in checked.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links if "=" not in link} <= set(ids)
    for words in ("us: Unreachable.", STALE.sentence.replace("`", ""), "eu/ml/iris", "1 of 3"):
        assert words in checked.text
    assert "2026-01-01 00:00 UTC" in checked.text
    assert describe_rule("stale-agent").summary in checked.text  # type: ignore[union-attr]
    assert checked.text.count(STALE.sentence.replace("`", "")) == 1, "what a finding says is not said again"


def test_states_are_in_order_and_the_page_is_the_same_each_time() -> None:
    rows = list(fleet(400, 3))
    html = page(*rows)
    sections = re.findall(r'<h3 id="state-(\w+)">', html)
    assert sections == [state.value for state in WORST_FIRST]
    assert set(WORST_FIRST) == set(ComponentState)
    assert html == page(*rows)


def test_one_cluster_has_charts_of_its_namespaces() -> None:
    html = page(ROW._replace(context=""), STALE_ROW._replace(context=""))
    assert "Filter by cluster" not in html
    assert 'class="matrix"' not in html
    assert "1 of 2" in html
    assert Checked(page()).text.count("Namespaces") == 0


def test_what_is_large_is_cut_and_counted() -> None:
    many = ROW._replace(findings=tuple(INFO._replace(message=f"{number}.") for number in range(MOST_REASONS + 5)))
    rows = [many._replace(namespace=f"n{number:04}", name=f"n{number}") for number in range(MOST_PLACES + 3)]
    text = Checked(page(*rows)).text
    assert "5 more findings" in text
    assert "3 more namespaces with fewer problems" in text


@given(st.text())
def test_nothing_is_html(value: str) -> None:
    plain = page(ROW._replace(findings=(INFO,), note="x"))
    found = INFO._replace(rule=value or "x", message=f"`{value}` {value}", remedy=value)
    row = ROW._replace(namespace=value or "x", name=value, sink=value, keys=(value,), findings=(found,), note=value)
    tags = [tag for tag, _ in Checked(page(row)).tags if tag not in ("code", "p", "option")]
    assert tags == [tag for tag, _ in Checked(plain).tags if tag not in ("code", "p", "option")]


@pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium, which shows the page")
def test_a_browser_opens_ten_thousand_services_and_filters_them(tmp_path: Path) -> None:
    file = tmp_path / "audit.html"
    hostile = ROW._replace(namespace=ATTACK, name=ATTACK, keys=(ATTACK,), findings=(INFO._replace(message=ATTACK),))
    file.write_text(page(*fleet(10_000, 20), hostile), encoding="utf-8")
    with Browser(tmp_path) as browser:
        browser.show(1280, 900)
        times = []
        for number in range(3):
            browser.open(f"{file.as_uri()}?{number}")
            browser.wait_for("performance.getEntriesByType('navigation')[0].loadEventEnd")
            times.append(browser.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
        assert min(times) < SECONDS * 1000, times

        def shown() -> int:
            return int(browser.evaluate("rows.filter((row) => row.checkVisibility()).length"))

        def choose(name: str, value: str) -> None:
            browser.evaluate(f"form.elements.{name}.value = {value!r}; form.dispatchEvent(new Event('input'))")
            browser.wait_for(f"location.hash.includes('{name}=')")

        assert shown() == 10_001
        choose("state", "crashing")
        crashing = shown()
        assert browser.evaluate("count.textContent") == f"{crashing} of 10,001 components"
        assert browser.evaluate("document.querySelectorAll('section.state:not([hidden])').length") == 1
        choose("search", "PROD-03 detection")
        assert 0 < shown() < crashing
        browser.evaluate("form.querySelector('[type=reset]').click()")
        browser.wait_for("count.textContent === '10,001 components'")
        browser.evaluate("document.querySelector('.matrix td a').click()")
        browser.wait_for("count.textContent.includes(' of ')")
        assert browser.evaluate("form.elements.cluster.value && form.elements.namespace.value") != ""
        assert browser.evaluate("document.title") == "isvclog audit"
        assert browser.evaluate("document.images.length") == 0
        assert ATTACK in browser.evaluate("document.body.textContent")

        for width in (1280, 400):
            for scheme in ("light", "dark"):
                browser.show(width, 900, scheme)
                assert browser.evaluate("document.documentElement.scrollWidth") == width
                colour = browser.evaluate("getComputedStyle(document.body).backgroundColor")
                assert (colour == "rgb(20, 23, 28)") == (scheme == "dark")
        browser.show_print()
        assert browser.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert not browser.evaluate("form.checkVisibility()")
        assert browser.console == []


@pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium, which shows the page")
def test_every_control_has_a_name_and_the_keyboard_reaches_it(tmp_path: Path) -> None:
    file = tmp_path / "audit.html"
    file.write_text(page(*fleet(200, 3)), encoding="utf-8")
    with Browser(tmp_path) as browser:
        browser.open(f"{file.as_uri()}#state=stale")
        browser.wait_for("count.textContent.includes(' of ')")
        unnamed = """[...document.querySelectorAll('input, select, button, svg[role=img], section')].filter((element) =>
            !(element.ariaLabel || element.getAttribute('aria-labelledby') || element.textContent.trim())).length"""
        assert browser.evaluate(unnamed) == 0
        assert browser.evaluate("document.querySelectorAll('th:not([scope])').length") == 0
        assert browser.evaluate("document.querySelectorAll('.scroll:not([tabindex])').length") == 0
        levels = browser.evaluate("[...document.querySelectorAll('h1, h2, h3')].map((each) => +each.tagName[1])")
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert browser.evaluate("document.querySelector('#count').getAttribute('role')") == "status"
        assert browser.console == []
