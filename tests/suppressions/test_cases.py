"""Each manifest in `cases` has beside it, as `.out`, what is reported of it and what its comments suppress.

A comment `# active: ...` names the rules that ran; all did without one.
UPDATE_EXPECTED=1 in the environment writes the `.out` files again; read the difference before you believe it.
"""

import os
import re
from pathlib import Path

import pytest
from checked_services import KNOWN, TODAY, found

from isvclog.findings import Finding
from isvclog.manifest import Source
from isvclog.manifest.syntax import compose
from isvclog.suppressions import Suppressions

CASES = sorted(Path(__file__).parent.glob("cases/*.yaml"))


def outcome(path: Path) -> str:
    source = Source("service.yaml", path.read_bytes())
    active = re.search(rb"# active: (.*?)\r?\n", source.data)
    rules = frozenset(active[1].decode().split()) if active else KNOWN
    findings, labels = found(source)
    suppressions = Suppressions((), "", KNOWN, rules, TODAY)
    kept, suppressed = suppressions.apply(source, [at for at in findings if at.rule in rules], labels)
    assert suppressions.unused() == []
    lines = [f"{line(at)}\n    {at.message} {at.remedy}\n" for at in kept if at.rule.endswith("-ignore")]
    lines += [f"{line(at)}\n" for at in kept if not at.rule.endswith("-ignore")]
    return "".join(
        [*lines, *(f"ignored {line(at)} because: {at.suppression.reason!a}\n" for at in suppressed if at.suppression)]
    )


def line(finding: Finding) -> str:
    place, end = finding.span[:2], finding.span[2:]
    return f"{place[0]}:{place[1]}-{end[0]}:{end[1]} in {finding.document}: {finding.rule}"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_outcome(path: Path) -> None:
    found, expected = outcome(path), path.with_suffix(".out")
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_python_parser_agrees(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose, "CParser", None)
    assert outcome(path) == path.with_suffix(".out").read_text(encoding="utf-8")
