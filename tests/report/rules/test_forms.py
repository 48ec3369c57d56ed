"""The forms of the documentation, against files in `expected`.

UPDATE_EXPECTED=1 in the environment writes them again; read the difference before you believe it.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from descriptions import EVERY, GROUPS, LEAK, LOST
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from isvclog.report.formats import RULES, FormatSettings, rules_format
from isvclog.report.rules.markdown import escape_prose, rule_section, rules_page
from isvclog.rules.catalogue import Description

EXPECTED = Path(__file__).with_name("expected")
SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "rules.schema.json").read_text(encoding="utf-8"))
ABOUT = {"annotations": "Rules about annotations <that> get lost.", "releases": "Rules about releases."}


def form(name: str, *rules: Description, **settings: Any) -> str:
    return "".join(rules_format(name)(rules, FormatSettings(**settings)))


FORMS = {
    "lines.txt": lambda: form("concise", *EVERY),
    "table.txt": lambda: form("table", *EVERY, width=None),
    "table-120.txt": lambda: form("table", *EVERY, width=120),
    "table-80.txt": lambda: form("table", *EVERY, width=80),
    "table-40.txt": lambda: form("table", *EVERY, width=40),
    "explanation.txt": lambda: form("text", *EVERY),
    "explanation-80.txt": lambda: form("text", LOST, width=80),
    "explanation-40.txt": lambda: form("text", LOST, width=40),
    "sections.md": lambda: form("markdown", *EVERY),
    "page.md": lambda: rules_page(GROUPS, ABOUT),
    "rules.json": lambda: form("json", *EVERY),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_as_expected(name: str) -> None:
    text, expected = FORMS[name](), EXPECTED / name
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(text, encoding="utf-8", newline="\n")
    assert text == expected.read_text(encoding="utf-8")


def test_every_format_is_shown() -> None:
    assert all(callable(rules_format(name)) for name in RULES)


def test_every_expected_file_is_made() -> None:
    assert {path.name for path in EXPECTED.iterdir()} == set(FORMS)


@pytest.mark.parametrize("width", range(1, 130))
def test_no_line_is_wider_than_the_terminal_unless_it_cannot_be_broken(width: int) -> None:
    widest = max(38, width)  # the longest name, with the indent
    assert max(map(len, form("table", *EVERY, width=width).splitlines())) <= widest
    prose = form("text", LOST, width=width).partition("\nBefore\n")[0]
    assert max(map(len, prose.splitlines())) <= max(46, width)  # indent, label and the longest word


def test_a_terminal_sees_severities_in_colour() -> None:
    bold = "\x1b[1;31merror"
    assert bold in form("table", *EVERY, width=80, color=True)
    assert bold in form("text", LOST, width=80, color=True)
    for text in (form("table", *EVERY, width=80, color=True), form("text", LOST, width=80, color=True)):
        assert re.sub("\x1b\\[[0-9;]*m", "", text) in (form("table", *EVERY, width=80), form("text", LOST, width=80))


def test_programs_get_what_the_schema_says() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    document = json.loads(form("json", *EVERY))
    validator.validate(document)
    assert [rule["name"] for rule in document["rules"]] == [rule.name for rule in EVERY]
    document["rules"][0]["severity"] = "fatal"
    assert not validator.is_valid(document)


@pytest.mark.parametrize(
    ("prose", "markdown"),
    [
        ("plain", "plain"),
        ("a <b> & `<c>` > d", "a &lt;b&gt; &amp; `<c>` &gt; d"),
        ("snake_case and _this_", "snake_case and \\_this\\_"),
        ("[a](b) * ~c~ \\", "\\[a\\](b) \\* \\~c\\~ \\\\"),
        ("``a`b`` *", "``a`b`` \\*"),
        ("- an item, *", "- an item, \\*"),
        ("* an item", "- an item"),
        ("1. a step", "1. a step"),
        ("<script>`", "&lt;script&gt;`"),
    ],
)
def test_prose_stays_prose_in_markdown(prose: str, markdown: str) -> None:
    assert escape_prose(prose) == markdown


def test_nothing_ends_a_fence_early() -> None:
    assert "\n````yaml\nlogger: ```\n````\n" in rule_section(LEAK)


def test_links_of_the_index_lead_to_sections() -> None:
    text = rules_page(GROUPS, ABOUT)
    linked = re.findall(r"^\| \[([^]]*)\]\(#([^)]*)\)", text, re.MULTILINE)
    assert [name for name, _ in linked] == [rule.name for rule in EVERY]
    assert [anchor for _, anchor in linked] == re.findall(r"^## ([a-z-]+)$", text, re.MULTILINE)


PLAIN_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="`"), max_size=40)


@given(st.lists(st.one_of(PLAIN_TEXT, PLAIN_TEXT.map(lambda text: f"`x{text}x`")), max_size=4).map(" ".join))
def test_markdown_shows_prose_as_it_is_written(prose: str) -> None:
    (line,) = MarkdownIt().parseInline(escape_prose(prose))
    shown = [f"`{part.content}`" if part.type == "code_inline" else part.content for part in line.children or ()]
    assert {part.type for part in line.children or ()} <= {"text", "text_special", "code_inline"}
    assert "".join(shown) == ("-" + prose[1:] if prose.startswith("* ") else prose)


def test_the_page_is_nothing_but_what_it_should_be() -> None:
    tokens = MarkdownIt().enable("table").parse(rules_page(GROUPS, ABOUT))
    assert [token.content for token in tokens if token.type == "html_block"] == [
        "<!-- Written by scripts/generate_docs.py from the docstrings in src/isvclog/rules: change those. -->\n"
    ]
    inner = [child for token in tokens for child in token.children or ()]
    assert not [child for child in inner if child.type == "html_inline"]
    assert {str(child.attrs["href"])[:1] for child in inner if child.type == "link_open"} == {"#"}
    examples = [example for rule in EVERY for example in (rule.before, rule.after) if example]
    fences = [token.content for token in tokens if token.type == "fence"]
    assert fences == [
        ("# isvclog lint --kserve-version 0.16\n" if text == LOST.before else "") + text for text in examples
    ]
    assert len([token for token in tokens if token.type == "tr_open"]) == len(EVERY) + len(GROUPS)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("lost-annotation", "# isvclog: ignore[lost-annotation] reason"),
        ("unparsable-manifest", "- rule: unparsable-manifest"),
        ("misencoded-manifest", "- rule: misencoded-manifest"),
        ("binary-manifest", "- rule: binary-manifest"),
        ("unused-ignore", "isvclog lint --ignore unused-ignore"),
        ("expired-ignore", "isvclog lint --ignore expired-ignore"),
    ],
)
def test_what_no_comment_can_ignore_names_another_way(name: str, written: str) -> None:
    rule = LOST._replace(name=name)
    assert f"To ignore it: `{written}` " in rule_section(rule)
    assert f"\n    {written}\n" in form("text", rule, width=80)
