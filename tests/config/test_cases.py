"""Project files: each one in `cases` has beside it, as `.out`, its content, or the sentence that refuses it.

UPDATE_EXPECTED=1 in the environment writes the `.out` files again; read the difference before you believe it.
"""

import os
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, FormatChecker
from project_file import KNOWN, schema

from isvclog.config import Config
from isvclog.config.load import load_config
from isvclog.errors import UsageError
from isvclog.findings import shorten_names
from isvclog.manifest import Object, Source
from isvclog.manifest.syntax.single import load_mapping

CASES = Path(__file__).parent / "cases"
ACCEPTED = sorted(CASES.glob("accepted/*.yaml"))
REFUSED = sorted(CASES.glob("refused/*.yaml"))
# What a schema cannot tell: names that only the program knows, what YAML alone shows, and how a number is spelled.
BEYOND_SCHEMA = {
    "duplicate-key-in-an-entry",
    "duplicate-key",
    "unknown-rule-in-an-entry",
    "unknown-rule-nothing-near",
    "version-exponent",
    "version-integer",
    "version-unknown",
}


def outcome(path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(path.parent)
    try:
        config = load_config(path.name, KNOWN)
    except UsageError as error:
        return f"{shorten_names(str(error))}\n"
    changed = {field: value for field, value in config._asdict().items() if value != getattr(Config(), field)}
    return "".join(f"{field}: {value!a}\n" for field, value in changed.items())


@pytest.mark.parametrize("path", [*ACCEPTED, *REFUSED], ids=lambda path: path.stem)
def test_outcome(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, expected = outcome(path, monkeypatch), path.with_suffix(".out")
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")
    assert found.startswith("file: ") == (path in ACCEPTED)


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_a_refusal_is_one_printable_line_with_a_place(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = outcome(path, monkeypatch).removesuffix("\n")
    assert refusal.isprintable()
    place = refusal.removeprefix(f"{path.name}:").split(":")[:2]
    assert all(number.isdecimal() for number in place)
    assert refusal.endswith((".", "?"))
    assert len(refusal) < 500


@pytest.mark.parametrize("path", [*ACCEPTED, *REFUSED], ids=lambda path: path.stem)
def test_the_schema_says_the_same(path: Path) -> None:
    loaded = load_mapping(Source(path.name, path.read_bytes()))
    if loaded is not None and not isinstance(loaded, Object):
        return
    data = None if loaded is None else loaded.data
    valid = Draft7Validator(schema(), format_checker=FormatChecker()).is_valid(data)
    assert valid == (path in ACCEPTED or path.stem in BEYOND_SCHEMA)
