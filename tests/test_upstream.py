"""Each report for KServe is complete; `test_pages.py` lints its manifests, and compares the findings."""

import re
from pathlib import Path

import pytest
from pages import blocks

PAGE = Path(__file__).parents[1] / "docs" / "upstream.md"
REPORTS = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
PARTS = ("Manifest", "Steps", "What happens", "What should happen", "Source", "Suggested change")
CASES = Path(__file__).parent / "conformance"


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.partition("\n")[0])
def test_a_report_can_be_pasted(report: str) -> None:
    assert re.findall(r"^\*\*([^*]+)\.\*\*", report, re.MULTILINE) == list(PARTS)
    found = blocks(report)
    files = [block.file for block in found if block.language == "yaml"]
    (shown,) = (block.text for block in found if block.language == "console")
    assert all(file in shown for file in files)
    (command, *lines) = shown.splitlines()
    selected = re.findall(r"--select (\S+)", command)
    assert selected
    for rule in selected:
        assert any(f"[{rule}]" in line for line in lines)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.partition("\n")[0])
def test_a_report_names_its_source(report: str) -> None:
    source = report.partition("**Source.**")[2].partition("**Suggested")[0]
    assert re.search(r"`(?:pkg|cmd)/[\w/.]+\.go:\d+", source) or "kserve/website" in source
    for file, names in re.findall(r"((?:`[\w+*-]+`(?: and |, )?)+) of\s+`tests/conformance/(\w+\.json)`", source):
        for name in re.findall(r"`([a-z][\w+*-]+)`", file):
            assert f'"name": "{name.removesuffix("*")}' in (CASES / names).read_text(encoding="ascii")


def test_there_are_reports() -> None:
    assert len(REPORTS) == 6
