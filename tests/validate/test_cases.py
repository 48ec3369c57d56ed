"""Every folder beside this file is a case: a manifest, and in expected.txt what `validate` says about it.

A comment in the manifest may say `validated against KServe 0.14`, `validated as a patch` or `validated strictly`.
UPDATE_EXPECTED=1 in the environment writes expected.txt again; read the difference before you believe it.
"""

import os
import re
from pathlib import Path

import pytest

from isvclog.findings import Finding, Severity, shorten_names
from isvclog.kserve.apis.releases import NEWEST, find_release
from isvclog.manifest import Object, Source, load
from isvclog.rules.manifest import RULES
from isvclog.validate.objects import validate_object

FOLDER = Path(__file__).parent
CASES = sorted(path.parent for path in FOLDER.glob("*/manifest.*"))


def findings(text: str) -> list[Finding]:
    found = re.search(r"# validated against KServe (\S+)", text)
    release = find_release(found[1]) if found else NEWEST
    patch = "# validated as a patch" in text
    rest = Severity.ERROR if "# validated strictly" in text else None
    result: list[Finding] = []
    for item in load(Source("manifest.yaml", text.encode()), ()):
        result += validate_object(item, release, patch=patch, rest=rest) if isinstance(item, Object) else [item]
    return result


def lines(found: list[Finding]) -> str:
    """As the concise report prints them, without the file name and with the remedy below."""
    return "".join(
        f"{at.span.line}:{at.span.column}: {at.severity}: {shorten_names(at.message)} [{at.rule}]\n    {at.remedy}\n"
        for at in found
    )


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_manifest_gets_the_findings_it_deserves(case: Path) -> None:
    manifest = next(case.glob("manifest.*")).read_text(encoding="utf-8")
    expected = case / "expected.txt"
    found = lines(findings(manifest))
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_line_endings_change_nothing(case: Path) -> None:
    manifest = next(case.glob("manifest.*")).read_text(encoding="utf-8")
    assert lines(findings(manifest.replace("\n", "\r\n"))) == lines(findings(manifest))


def test_there_is_a_case_for_every_rule() -> None:
    reported = {rule.name for rule in RULES if any(name.startswith("isvclog.validate") for name in rule.reporters)}
    expected = "".join((case / "expected.txt").read_text(encoding="utf-8") for case in CASES)
    assert reported | {"unknown-to-release"} == set(re.findall(r"\[([a-z-]+)\]$", expected, re.MULTILINE))
