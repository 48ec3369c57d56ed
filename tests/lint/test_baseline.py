"""The baseline: what it holds, what it lets pass, what is stale, and which files are none."""

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from isvclog.errors import IsvclogError, UsageError
from isvclog.findings import Finding, Severity, Span
from isvclog.lint.baseline import read_baseline, write_baseline

ROOT = Path(__file__).parent.parent.parent
URL = ("spec", "predictor", "logger", "url")


def finding(
    file: str = "models/iris.yaml",
    rule: str = "cleartext-url",
    path: tuple[str | int, ...] = URL,
    object: str = "InferenceService/fraud/iris",
    fingerprint: str = "0a1b2c",
    line: int = 12,
) -> Finding:
    message = "the message holds sink.example.com"
    return Finding(
        file, Span(line, 1, line, 9), Severity.ERROR, rule, message, path=path, object=object, fingerprint=fingerprint
    )


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a project with two manifests."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    for name in ("iris", "wine"):
        (tmp_path / "models" / f"{name}.yaml").touch()
    return tmp_path


def left(path: str, *findings: Finding, checked: tuple[str, ...] = ()) -> tuple[list[Finding], list[tuple[str, int]]]:
    """What is new of the findings, and the rules of what is stale; `checked` are files without findings."""
    baseline, new = read_baseline(path), []
    for file in dict.fromkeys([*(at.file for at in findings), *checked]):
        new += baseline.apply(file, [at for at in findings if at.file == file])[0]
    return new, [(entry.rule, count) for entry, count in baseline.stale()]


def test_the_file(project: Path) -> None:
    findings = [
        finding(rule="sensitive-annotation-key", path=("metadata", "annotations", "example.com/a~b"), fingerprint=""),
        finding(),
        finding(line=40),
        finding(file="models/naïve\udcff.yaml", object="InferenceService/\x7f\u202e", path=(*URL, 0)),
        finding(file="<stdin>", path=(), object=""),
        finding(file=str(project / "models" / "iris.yaml"), rule="another-rule"),
    ]
    assert write_baseline("baseline.json", findings) == 5
    written = (project / "baseline.json").read_bytes()
    assert written == (Path(__file__).parent / "baseline.json").read_bytes()
    assert b"sink.example.com" not in written
    assert all(byte == 10 or 32 <= byte < 127 for byte in written)
    write_baseline("baseline.json", reversed(findings))
    assert (project / "baseline.json").read_bytes() == written
    assert left("baseline.json", *findings) == ([], [])


def test_an_empty_one(project: Path) -> None:
    assert write_baseline("baseline.json", []) == 0
    assert (project / "baseline.json").read_text() == '{"schemaVersion": 1, "findings": [\n]}\n'
    assert left("baseline.json", finding()) == ([finding()], [])


def test_it_matches_its_schema() -> None:
    schema = json.loads((ROOT / "schemas" / "baseline.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    text = (Path(__file__).parent / "baseline.json").read_text(encoding="utf-8")
    Draft202012Validator(schema).validate(json.loads(text))


def test_lines_do_not_matter() -> None:
    write_baseline("baseline.json", [finding(line=12)])
    assert left("baseline.json", finding(line=99)) == ([], [])


@pytest.mark.parametrize(
    "changed",
    [
        {"rule": "unverified-tls"},
        {"object": "InferenceService/fraud/wine"},
        {"path": URL[:-1]},
        {"fingerprint": "ffff"},
        {"fingerprint": ""},
        {"file": "models/wine.yaml"},
    ],
    ids=str,
)
def test_what_makes_a_finding_new(changed: dict[str, Any]) -> None:
    write_baseline("baseline.json", [finding()])
    new, stale = left("baseline.json", finding(**changed), checked=("models/iris.yaml",))
    assert new == [finding(**changed)]
    assert stale == [("cleartext-url", 1)]


def test_equal_findings_are_counted() -> None:
    write_baseline("baseline.json", [finding(line=1), finding(line=2)])
    assert left("baseline.json", finding(line=1)) == ([], [("cleartext-url", 1)])
    assert left("baseline.json", finding(line=1), finding(line=2)) == ([], [])
    three = [finding(line=line) for line in (1, 2, 3)]
    assert left("baseline.json", *three) == ([three[2]], [])


def test_a_run_over_some_files_says_nothing_of_the_others() -> None:
    write_baseline("baseline.json", [finding(), finding(file="models/wine.yaml")])
    assert left("baseline.json", finding()) == ([], [])
    assert left("baseline.json", checked=("models/wine.yaml",)) == ([], [("cleartext-url", 1)])


def test_a_file_that_moved_is_still_known(project: Path) -> None:
    write_baseline("baseline.json", [finding(), finding()])
    (project / "models" / "iris.yaml").rename(project / "iris.yaml")
    moved = [finding(file="iris.yaml", line=line) for line in (1, 2, 3)]
    assert left("baseline.json", *moved[:2]) == ([], [])
    assert left("baseline.json", *moved) == ([moved[2]], [])


def test_a_file_that_is_gone_is_stale(project: Path) -> None:
    write_baseline("baseline.json", [finding()])
    (project / "models" / "iris.yaml").unlink()
    assert left("baseline.json", checked=("models/wine.yaml",)) == ([], [("cleartext-url", 1)])


def test_names_are_seen_from_the_baseline(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_baseline("models/baseline.json", [finding()])
    assert '"file": "iris.yaml"' in (project / "models" / "baseline.json").read_text()
    monkeypatch.chdir(project / "models")
    assert left("baseline.json", finding(file="iris.yaml")) == ([], [])
    assert left("baseline.json", finding(file=str(project / "models/iris.yaml"))) == ([], [])


def test_writing_keeps_the_mode_and_the_link(project: Path) -> None:
    target, link = project / "models" / "baseline.json", project / "link.json"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_baseline(str(link), [])
    assert link.is_symlink()
    assert target.read_text().startswith("{")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert sorted(os.listdir(project / "models")) == ["baseline.json", "iris.yaml", "wine.yaml"]


def test_a_new_file_has_the_mode_that_the_mask_leaves(project: Path) -> None:
    mask = os.umask(0o027)
    try:
        write_baseline("baseline.json", [])
    finally:
        os.umask(mask)
    assert stat.S_IMODE((project / "baseline.json").stat().st_mode) == 0o640


@pytest.mark.parametrize("path", ["nowhere/baseline.json", "models"])
def test_what_cannot_be_written(path: str, project: Path) -> None:
    with pytest.raises(IsvclogError, match="cannot be written") as caught:
        write_baseline(path, [finding()])
    assert caught.value.exit_code == 3
    assert sorted(path.name for path in project.rglob("*")) == ["iris.yaml", "models", "wine.yaml"]


def with_entries(*entries: str) -> str:
    return f'{{"schemaVersion": 1, "findings": [{", ".join(entries)}]}}'


ENTRY = '{"file": "a", "object": "b", "pointer": "c", "rule": "d", "fingerprint": "e"}'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "not JSON: expecting value"),
        ("{\n x", r"baseline\.json:2:2: the baseline is not JSON"),
        ("\xff", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("1" * 5000, "is not JSON"),
        ("[]", "has no list of findings"),
        ("{}", "has no list of findings"),
        ('{"schemaVersion": 1, "findings": {}}', "has no list of findings"),
        ('{"findings": []}', "another version"),
        ('{"schemaVersion": 2, "findings": []}', "another version"),
        ('{"schemaVersion": true, "findings": []}', "another version"),
        ('{"schemaVersion": 1, "findings": [1]}', "Finding 1 of .* is not an object"),
        (with_entries(ENTRY, "{}"), "Finding 2 of .* has no text `file`"),
        (with_entries(ENTRY.replace('"e"', "5")), "has no text `fingerprint`"),
        (with_entries(ENTRY.replace("}", ', "count": 0}')), "a count that is not a number"),
        (with_entries(ENTRY.replace("}", ', "\\u001bx": 0}')), r"member `\\x1bx`"),
    ],
    ids=lambda text: text[:40],
)
def test_what_is_no_baseline(text: str, problem: str, project: Path) -> None:
    (project / "baseline.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=problem) as caught:
        read_baseline("baseline.json")
    assert str(caught.value).endswith("write it again with `isvclog lint --write-baseline`.")
    assert str(caught.value).isprintable()


def test_a_missing_one_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_baseline("missing.json")


def test_entries_that_repeat_are_added(project: Path) -> None:
    (project / "baseline.json").write_text(with_entries(ENTRY, ENTRY))
    assert list(read_baseline("baseline.json").entries.values()) == [2]


NAMES = st.text(max_size=5) | st.sampled_from(["a.yaml", "./a.yaml", "../b.yaml", "<stdin>", "\udcff", "\ud800"])
FINDINGS = st.lists(
    st.builds(
        finding,
        file=st.sampled_from(["a.yaml", "./a.yaml", "../b.yaml", "<stdin>", "x/\udcff.yaml", "é.yaml"]),
        rule=NAMES,
        path=st.lists(NAMES | st.integers(0, 2), max_size=2).map(tuple),
        object=NAMES,
        fingerprint=st.sampled_from(["", "00", "ff"]),
        line=st.integers(1, 5),
    ),
    max_size=8,
)


@given(FINDINGS, st.randoms())
def test_what_was_written_is_known(
    tmp_path_factory: pytest.TempPathFactory, findings: list[Finding], random: Any
) -> None:
    path = str(tmp_path_factory.getbasetemp() / "baseline.json")
    write_baseline(path, findings)
    baseline = read_baseline(path)
    assert sum(baseline.entries.values()) == len(findings)
    random.shuffle(findings)
    for file in {at.file for at in findings}:
        assert baseline.apply(file, [at for at in findings if at.file == file])[0] == []
    assert baseline.stale() == []
