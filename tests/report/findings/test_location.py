import os
from pathlib import Path

import pytest

from isvclog.report.findings.location import in_repository, location_uri


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, with its folder `deploy` as the current one."""
    root = tmp_path / "repo"
    (root / "deploy").mkdir(parents=True)
    (root / ".git").mkdir()
    monkeypatch.chdir(root / "deploy")
    return root


def test_paths_start_at_the_root_of_the_repository(repository: Path) -> None:
    assert in_repository("./prod/a.yaml") == location_uri("prod/a.yaml") == "deploy/prod/a.yaml"
    assert in_repository(str(repository / "a.yaml")) == location_uri("../a.yaml") == "a.yaml"


def test_a_worktree_has_its_root_in_a_file(repository: Path) -> None:
    (repository / "deploy" / ".git").write_text("gitdir: elsewhere\n")
    os.makedirs("er")
    os.chdir("er")
    assert in_repository("a.yaml") == "er/a.yaml"


def test_elsewhere_is_absolute(repository: Path) -> None:
    assert in_repository("../../b c.yaml") is None
    assert in_repository(f"{repository}-2/a.yaml") is None
    assert location_uri("../../b c.yaml") == (repository.parent / "b c.yaml").as_uri()


def test_standard_input_has_no_path() -> None:
    assert in_repository("<stdin>") is None
    assert location_uri("<stdin>") == "stdin"


@pytest.mark.skipif(os.name == "nt", reason="needs file names of any bytes")
def test_bytes_are_percent_encoded() -> None:
    assert location_uri("a:b%20\udcff?#ü.yaml") == "deploy/a%3Ab%2520%FF%3F%23%C3%BC.yaml"
