"""`preview --diff`: each folder has an old and a new state, and what is printed of the difference in each format.

UPDATE_EXPECTED=1 in the environment writes the expected files again; read the difference before you believe it.
"""

import json
import os
import re
import shlex
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from isvclog.cli.main import main
from isvclog.report.columns import text_width

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).with_name("compared")
NAMES = sorted(path.name for path in CASES.iterdir())
FORMATS = {"text": "expected.txt", "json": "expected.json", "markdown": "expected.md"}
SCHEMA = json.loads((ROOT / "schemas" / "preview-diff.schema.json").read_text(encoding="utf-8"))
each_case = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print as in a terminal of 80 columns without colours."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


def sides(name: str) -> tuple[str, str]:
    """Return the old and the new state of a case, from its folder."""
    return ("old", "new") if (CASES / name / "old").is_dir() else ("old.yaml", "new.yaml")


def compared(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> tuple[int, str, str]:
    """Compare the states of a case; without `arguments`, from old to new."""
    monkeypatch.chdir(CASES / name)
    options = Path("options").read_text(encoding="utf-8") if Path("options").exists() else ""
    places = [] if "--diff" in arguments else ["--diff", *sides(name)]
    code = main(["preview", *places, *arguments, *shlex.split(options)])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.mark.parametrize("output", FORMATS)
@each_case
def test_a_case(name: str, output: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = compared(name, capsys, monkeypatch, "-o", output, "--exit-code")
    found = f"{out}{err}[exit code {code}]\n" if output == "text" else out
    expected = CASES / name / FORMATS[output]
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")


@each_case
def test_the_text_fits(name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    _, out, _ = compared(name, capsys, monkeypatch)
    assert max(map(text_width, out.splitlines())) <= 80
    assert out.replace("\n", "").isprintable()


@each_case
def test_json_is_as_the_schema_says(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    _, out, _ = compared(name, capsys, monkeypatch, "-o", "json")
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(json.loads(out))] == []


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    main(["preview", "--diff", *arguments])
    return capsys.readouterr().out


def manifests() -> list[str]:
    """List manifests of all kinds: those of the examples, and of tests of other commands."""
    folders = (ROOT / "examples", ROOT / "tests" / "cli" / "screens", CASES)
    return sorted(path.relative_to(ROOT).as_posix() for folder in folders for path in folder.rglob("*.yaml"))


@pytest.mark.parametrize("file", manifests())
def test_nothing_changes_from_a_file_to_itself(
    file: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    found = json.loads(printed(capsys, file, file, "-o", "json"))
    assert (found["changes"], found["services"]) == (False, [])


MIRRORED = {"added": "removed", "removed": "added", "listed": "unlisted", "unlisted": "listed", "changed": "changed"}


@each_case
def test_the_way_back_is_the_mirror_image(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = sides(name)
    monkeypatch.chdir(CASES / name)
    forth, back = (json.loads(printed(capsys, *pair, "-o", "json")) for pair in ((old, new), (new, old)))

    def changes(found: dict[str, Any], first: str, second: str, words: Mapping[str, str]) -> list[str]:
        return sorted(
            repr((service["object"], component["component"], words[change["change"]], change["name"], *pair))
            for service in found["services"]
            for component in service["components"]
            for change in component["changes"]
            for pair in [(change[first], change[second])]
        )

    same = {word: word for word in MIRRORED}
    assert changes(forth, "old", "new", same) == changes(back, "new", "old", MIRRORED)
    for one, other in (("added", "removed"), ("changed", "changed"), ("unchanged", "unchanged")):
        assert forth["summary"][one] == back["summary"][other]


class _Shown(HTMLParser):
    """What a page shows of a comment: the elements, and the text outside of code."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: list[object] = []
        self.prose = ""
        self.codes: list[str] = []
        self.cells: list[int] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.elements.add(tag)
        self.attributes += [attrs] if attrs else []
        if tag == "tr":
            self.cells.append(0)
        if tag in ("td", "th"):
            self.cells[-1] += 1
        if tag == "code":
            self.depth += 1
            self.codes.append("")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "code"

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.codes[-1] += data
        else:
            self.prose += data


ELEMENTS = {"p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td"}


@pytest.mark.parametrize("name", [*NAMES, "everything"])
def test_a_comment_shows_text_and_nothing_else(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A manifest makes no element, link, mention or reference: those are made of text outside of code."""
    if name == "everything":
        monkeypatch.chdir(CASES)
        text = printed(capsys, "hostile/old.yaml", ".", "-o", "markdown")
    else:
        text = compared(name, capsys, monkeypatch, "-o", "markdown")[1]
    assert text.startswith("<!-- isvclog-preview-diff -->\n")
    assert text.replace("\n", "").isprintable()
    shown = _Shown()
    shown.feed(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
    assert shown.elements <= ELEMENTS
    assert shown.attributes == []
    assert set(shown.cells) <= {5}
    assert shown.depth == 0
    assert not re.search(r"[@#!|`\\]|://|www\.|\d\w{6}", shown.prose), shown.prose
    assert all(
        "<code" not in line or line.startswith(("| ", "Compared: ", "Not compared: ", "Note: "))
        for line in text.splitlines()
    )


def test_the_table_shows_the_values(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    text = compared("hostile-names", capsys, monkeypatch, "-o", "markdown")[1]
    shown = _Shown()
    shown.feed(MarkdownIt("commonmark").enable("table").render(text))
    assert "y|`@octocat`\\r\\n/close\\u202e\\x1b[31m" in shown.codes
    assert any("![i](x) *b* _i_ ~~s~~ \\ & &amp;" in code for code in shown.codes)


def test_a_comment_is_not_too_long_for_github(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (CASES / "settings" / "new.yaml").read_text(encoding="utf-8")
    (tmp_path / "old").mkdir()
    (tmp_path / "new.yaml").write_text(
        "---\n".join(text.replace("name: iris", f"name: iris-{number}") for number in range(300)), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    out = printed(capsys, "old", "new.yaml", "-o", "markdown")
    assert len(out) < 65_000
    rows = len(re.findall("^[|]", out, re.MULTILINE)) - 2
    assert f"\n{900 - rows} rows more: too many for a comment.\n" in out
    assert "300 are added" in out or "300 services are added" in out


def test_secrets_are_shown_only_if_they_are_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = ("sk-live-", "first-password", "second-password")
    for output in FORMATS:
        _, out, err = compared("secrets", capsys, monkeypatch, "-o", output)
        assert not any(secret in out + err for secret in secrets)
        assert ("are hidden as ***" in err) == (output != "text")
        _, out, err = compared("secrets", capsys, monkeypatch, "-o", output, "--reveal")
        assert all(secret in out for secret in secrets)
    change = json.loads(compared("secrets", capsys, monkeypatch, "-o", "json")[1])["services"][0]["components"][0]
    masked = {each["name"]: each["masked"] for each in change["changes"]}
    assert masked == {"url": True, "example.com/api-key": True, "example.com/team": False}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-o", "markdown", "new.yaml"], "-o markdown is for a comparison: isvclog preview --diff OLD NEW."),
        (["--exit-code", "new.yaml"], "--exit-code is for a comparison"),
        (["--diff", "old.yaml", "new.yaml", "-o", "curl"], "-o curl does not go with --diff"),
        (["--diff", "old.yaml", "new.yaml", "--full"], "--full does not go with --diff"),
        (["--diff", "old.yaml", "new.yaml", "--send", "http://127.0.0.1:1"], "--send does not go with --diff"),
        (["--diff", "old.yaml", "new.yaml", "--expect", "x"], "--expect does not go with --diff"),
        (["--diff", "old.yaml", "-", "--stdin-filename", "x"], "--stdin-filename does not go with --diff"),
        (["--diff", "old.yaml", "new.yaml", "-n", "ml"], "leave it out with --diff"),
        (["--diff", "old.yaml"], "--diff old.yaml needs a second state"),
        (["--diff", "-", "-"], "standard input (-) can be read only once"),
        (["--diff", "old.yaml", "new.yaml", "iris", "more"], "takes the name of one service"),
        (["--diff", "old.yaml", "new.yaml", "other"], "there is no InferenceService 'other'"),
        (["--diff", "old.yaml", "new.yaml", "--canary", "next"], "no service has a canary 'next' in either state"),
        (["--diff", "old.yaml", "new.yaml", "--component", "explainer"], "no service has a component explainer"),
        (["--diff", "old.yaml", "-f", "new.yaml", "-k", "."], "--kustomize names what to check"),
        (["--diff", "old.yaml", "new.yaml", "--values", "x"], "--values and --set are for a chart"),
    ],
)
def test_wrong_usage(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CASES / "settings")
    assert main(["preview", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert sentence in shown.err


def test_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CASES / "settings")

    def code(*arguments: str) -> int:
        found = main(["preview", "--diff", *arguments])
        capsys.readouterr()
        return found

    assert code("old.yaml", "new.yaml") == 0
    assert code("old.yaml", "new.yaml", "--exit-code") == 1
    assert code("old.yaml", "old.yaml", "--exit-code") == 0
    assert code("old.yaml", "nowhere.yaml") == 3
    assert code(str(tmp_path), str(tmp_path)) == 0
    assert code(str(tmp_path), str(tmp_path), "--fail-on-empty") == 3


def test_a_part_can_be_compared(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    shown = compared("components", capsys, monkeypatch, "--component", "transformer")[1]
    assert "\ntransformer  " in shown
    assert "\npredictor  " not in shown
    shown = compared("components", capsys, monkeypatch, "--event", "response", "--component", "predictor")[1]
    assert "\npredictor  " in shown
    assert "\ntransformer  " not in shown
    shown = compared("folders", capsys, monkeypatch, "--diff", "old", "new", "moved")[1]
    assert "1 service changes." in shown


def test_yaml_has_what_json_has(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    as_json = json.loads(compared("names", capsys, monkeypatch, "-o", "json")[1])
    assert YAML(typ="safe").load(compared("names", capsys, monkeypatch, "-o", "yaml")[1]) == as_json


def test_colours_change_nothing_else(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    plain = compared("names", capsys, monkeypatch)[1]
    painted = compared("names", capsys, monkeypatch, "--color", "always")[1]
    assert painted != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain


def test_what_no_state_can_read_is_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for side in ("old", "new"):
        Path(side).mkdir()
        Path(side, "chart.yaml").write_text("kind: InferenceService\n  a: [\n", encoding="utf-8")
    assert main(["preview", "--diff", "old/", "new"]) == 0
    assert capsys.readouterr().err == "isvclog: 1 document cannot be read in either state: not compared.\n"
    Path("new", "more.yaml").write_text("kind: InferenceService\n  a: [\n", encoding="utf-8")
    assert main(["preview", "--diff", "old", "new"]) == 3
    shown = capsys.readouterr()
    assert "error: new/more.yaml:2:4" in shown.err
    assert "chart.yaml" not in shown.err
