"""The project's address is printed where documentation helps, and nowhere before it is known."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from isvclog import home
from isvclog.cli.main import main
from isvclog.editor.pages import Pages
from isvclog.home import published
from isvclog.rules.registry import all_rules

ROOT = Path(__file__).parents[1]
RULE = "crashing-annotation"
PAGE = f"https://acme.github.io/isvclog/rules/#{RULE}"


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the owner, as a release does."""
    monkeypatch.setattr(home, "published", published)
    monkeypatch.setattr(home, "SITE", "https://acme.github.io/isvclog")
    monkeypatch.setattr(home, "REPOSITORY", "https://github.com/acme/isvclog")


def printed(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> str:
    main(arguments)
    return capsys.readouterr().out


def test_a_placeholder_is_no_address() -> None:
    placeholder = "owner".upper()
    assert published(f"https://{placeholder}.github.io/isvclog") is None
    assert published(f"https://github.com/{placeholder}/isvclog") is None
    assert published("https://github.com/acme/isvclog") == "https://github.com/acme/isvclog"


@pytest.mark.usefixtures("owner")
def test_pages_of_the_project() -> None:
    assert home.rule_address(RULE) == PAGE
    assert home.source_address("examples/fleet") == "https://github.com/acme/isvclog/blob/main/examples/fleet"


@pytest.mark.usefixtures("owner")
def test_an_explanation_ends_with_its_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(["explain", RULE], capsys).endswith(f"\n\nMore: {PAGE}\n")


@pytest.mark.usefixtures("owner")
def test_sarif_links_each_rule(capsys: pytest.CaptureFixture[str]) -> None:
    log = json.loads(printed(["lint", "--no-config", str(ROOT / "examples"), "-o", "sarif"], capsys))
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert rules
    assert all(rule["helpUri"] == home.rule_address(rule["id"]) for rule in rules)


@pytest.mark.usefixtures("owner")
def test_reviewdog_gets_the_address_of_each_rule(capsys: pytest.CaptureFixture[str]) -> None:
    report = json.loads(printed(["lint", "--no-config", str(ROOT / "examples"), "-o", "rdjson"], capsys))
    assert report["source"] == {"name": "isvclog", "url": home.REPOSITORY}
    codes = [each["code"] for each in report["diagnostics"]]
    assert codes
    assert all(code["url"] == home.rule_address(code["value"]) for code in codes)


@pytest.mark.usefixtures("owner")
def test_an_editor_links_known_rules() -> None:
    pages = Pages()
    assert pages.rule(RULE) == PAGE
    assert pages.rule("no-such-rule") is None
    pages.documentation = "https://example.com/rules"
    assert pages.rule(RULE) == f"https://example.com/rules#{RULE}"
    pages.close()


def test_nothing_is_linked_before(capsys: pytest.CaptureFixture[str]) -> None:
    assert "More:" not in printed(["explain", RULE], capsys)
    for name, member in (("sarif", "helpUri"), ("rdjson", '"url"')):
        assert member not in printed(["lint", "--no-config", str(ROOT / "examples"), "-o", name], capsys)


def test_each_rule_has_an_anchor_of_its_name() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8").splitlines()
    assert [name for name in all_rules() if page.count(f"## {name}") != 1] == []
