"""Files that GitHub and others read: issue forms, labels, the citation, the changelog."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from isvclog import __version__

ROOT = Path(__file__).parents[1]
FORMS = sorted(path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
RENDERED = {"text", "yaml", "sh"}


def load(path: Path) -> Any:
    return YAML(typ="safe").load(path)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_forms_are_what_github_takes(path: Path) -> None:
    """docs.github.com: Syntax for GitHub's form schema."""
    form = load(path)
    assert form.keys() == {"name", "description", "labels", "body"}
    assert set(form["labels"]) <= {label["name"] for label in load(ROOT / ".github" / "labels.yml")}
    ids = [element["id"] for element in form["body"]]
    assert len(ids) == len(set(ids))
    for element in form["body"]:
        assert element.keys() == {"type", "id", "attributes", "validations"}
        assert element["type"] in ("textarea", "input", "dropdown")
        attributes = element["attributes"]
        assert attributes.keys() <= {"label", "description", "render", "placeholder", "options"}
        assert ("options" in attributes) == (element["type"] == "dropdown")
        assert attributes.get("render", "text") in RENDERED
        assert all(isinstance(value, str) for key, value in attributes.items() if key != "options")


@pytest.mark.parametrize("name", ["crash", "finding", "prediction"])
def test_bugs_come_with_what_doctor_says(name: str) -> None:
    assert "`isvclog doctor`" in str(load(ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml")["body"])


def test_labels_are_what_github_takes() -> None:
    for label in load(ROOT / ".github" / "labels.yml"):
        assert label.keys() == {"name", "color", "description"}
        assert re.fullmatch("[0-9a-f]{6}", label["color"])
        assert len(label["description"]) <= 100


def test_the_citation_is_of_this_version() -> None:
    citation = load(ROOT / "CITATION.cff")
    assert citation["version"] == __version__
    assert {"cff-version", "message", "title", "authors"} <= citation.keys()


def test_the_changelog_has_the_form_that_it_names() -> None:
    """Keep a Changelog: what is not released is at the top, and each release has its date."""
    headings = re.findall(r"^## .*$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "## [Unreleased]"
    assert all(re.fullmatch(r"## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", heading) for heading in headings[1:])


def test_the_rules_of_governance_are_ten() -> None:
    lines = (ROOT / "GOVERNANCE.md").read_text(encoding="utf-8").splitlines()
    assert [line.partition(".")[0] for line in lines[2:]] == list(map(str, range(1, 11)))
