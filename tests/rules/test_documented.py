"""Whatever can be reported under a name has documentation under that name, with its severity."""

import ast
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from isvclog.audit.differences import RULES
from isvclog.manifest.syntax import parse_error
from isvclog.rules import manifest, running
from isvclog.rules.registry import all_rules
from isvclog.rules.rule import Rule

ROOT = Path(__file__).parents[2]
VALIDATION = ROOT / "src" / "isvclog" / "validate"
# What suppresses findings reports these.
IGNORES = {"unused-ignore", "expired-ignore"}
# What only a cluster tells.
LIVE = {"pruned-field"}


def reported() -> set[str]:
    """The names in the sources of validation and of the reader of manifests."""
    names = {value for name, value in vars(parse_error).items() if name.isupper() and isinstance(value, str)}
    for file in VALIDATION.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func.id if isinstance(node.func, ast.Name) else ""
                given = [keyword.value for keyword in node.keywords if keyword.arg == "rule"]
                given += node.args[:1] if called == "Complaint" else []
                names |= {item.value for item in given if isinstance(item, ast.Constant)}
    return names


def test_the_names_are_found_in_the_sources() -> None:
    assert {"unknown-field", "duplicate-key", "unparsable-manifest", "unknown-to-release"} <= reported()
    tried = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests" / "validate").glob("*/expected.txt"))
    assert set(re.findall(r"\[([a-z-]+)\]$", tried, re.MULTILINE)) <= reported()


def test_the_documented_severity_is_the_one_that_is_reported() -> None:
    tried = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests" / "validate").glob("*/expected.txt"))
    for severity, name in re.findall(r"^\d+:\d+: ([a-z]+): .* \[([a-z-]+)\]$", tried, re.MULTILINE):
        assert (name, str(all_rules()[name].severity)) == (name, severity)


def test_every_name_that_can_be_reported_is_documented() -> None:
    assert reported() - all_rules().keys() == set()
    assert {rule.name for rule in manifest.RULES} == reported() - {"unknown-to-release"} | IGNORES | LIVE


def test_every_name_that_an_audit_reports_is_documented() -> None:
    assert set(RULES.values()) == {rule.name for rule in running.RULES}


@pytest.mark.parametrize(
    ("rule", "folder"),
    [(rule, folder) for folder in (manifest, running) for rule in folder.RULES],
    ids=[rule.name for rule in (*manifest.RULES, *running.RULES)],
)
def test_documentation_has_the_form_of_a_rules(rule: Rule, folder: ModuleType) -> None:
    text = import_module(rule.module).__doc__ or ""
    assert rule.module == f"{folder.__name__}.{rule.name.replace('-', '_')}"
    assert re.match(r"[A-Z][^\n]*\.\n\n", text)
    assert re.search(r"\n\nInstead: .*\n\n    # before\n(.*\n)+\n    # after\n", text, re.DOTALL)


@pytest.mark.parametrize("folder", [manifest, running], ids=["manifest", "running"])
def test_every_documentation_is_listed(folder: ModuleType) -> None:
    files = {path.stem for path in Path(folder.__file__ or "").parent.glob("[a-z]*.py")}
    assert files == {rule.name.replace("-", "_") for rule in folder.RULES}
    assert len(all_rules()) == len(set(all_rules()))
