"""The search for the project file, and all that does not depend on its text."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from project_file import KNOWN

from isvclog.config import NAME, Config, find_config
from isvclog.config.load import load_config, parse_sink
from isvclog.errors import UsageError
from isvclog.manifest import Object, Source
from isvclog.manifest.syntax.single import load_mapping
from isvclog.rules.policy import SINK_LIMITS


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    (tmp_path / "home" / "project" / "models" / "iris").mkdir(parents=True)
    return tmp_path / "home"


def found(start: Path) -> Path | None:
    path = find_config(str(start))
    return None if path is None else Path(path)


def test_the_nearest_one_counts(home: Path) -> None:
    outer, inner = home / "project" / NAME, home / "project" / "models" / NAME
    outer.touch()
    assert found(home / "project" / "models" / "iris") == outer
    inner.touch()
    assert found(home / "project" / "models" / "iris") == inner
    assert found(home / "project" / "models") == inner
    assert found(home / "project") == outer


@pytest.mark.parametrize("worktree", [False, True], ids=["a folder", "a file, as in a worktree"])
def test_the_search_ends_at_the_root_of_the_repository(home: Path, worktree: bool) -> None:
    (home / NAME).touch()
    assert found(home / "project" / "models") == home / NAME
    git = home / "project" / ".git"
    git.write_text("gitdir: elsewhere") if worktree else git.mkdir()
    assert found(home / "project" / "models") is None
    (home / "project" / NAME).touch()
    assert found(home / "project" / "models") == home / "project" / NAME


def test_the_search_ends_at_the_home_folder(home: Path) -> None:
    (home.parent / NAME).touch()
    assert found(home / "project") is None
    (home.parent / "elsewhere").mkdir()
    assert found(home.parent / "elsewhere") == home.parent / NAME


def test_a_working_directory_that_was_removed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home / "project" / "models" / "iris")
    (home / "project" / "models" / "iris").rmdir()
    assert find_config(".") is None


def test_a_relative_start(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "project" / NAME).touch()
    monkeypatch.chdir(home / "project" / "models")
    assert found(Path(".")) == home / "project" / NAME


def test_a_folder_is_passed_over_and_a_dead_link_is_found(home: Path) -> None:
    (home / NAME).touch()
    (home / "project" / NAME).mkdir()
    assert found(home / "project") == home / NAME
    link = home / "project" / "models" / NAME
    link.symlink_to("nowhere")
    assert found(link.parent) == link
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        load_config(str(link), KNOWN)


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"missing\.yaml cannot be read.*check the path"):
        load_config(str(tmp_path / "missing.yaml"), KNOWN)


def test_sinks() -> None:
    assert parse_sink("custom=1") == ("custom", 1)
    assert all(parse_sink(name) == (name, limit) for name, limit in SINK_LIMITS.items())
    for wrong in ("", "custom", "custom=", "custom=0", "custom=-1", "custom=1k", "NGINX", "custom=1\n", "custom=٣"):
        with pytest.raises(ValueError, match="is not a sink profile"):
            parse_sink(wrong)


def test_reading_it_needs_no_validator(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("failOn: warning\nkserveVersion: 0.16\n")
    probe = (
        "import sys; from isvclog.config.load import load_config; load_config('.isvclog.yaml', ()); print(*sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", probe], cwd=tmp_path, capture_output=True, text=True, check=True)
    modules = set(ended.stdout.split())
    assert "ruamel.yaml" in modules
    assert modules.isdisjoint(("jsonschema", "typer", "rich", "kubernetes", "difflib"))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(sorted(KNOWN)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("rule reason path keys allow expires x".split()), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(
    "kserveVersion select ignore failOn sinkProfile requiredAnnotations allowedSinks sensitive ignores kind".split()
)


@pytest.fixture(scope="module")
def project_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project file of a repository that no other test works in or below."""
    repository = tmp_path_factory.mktemp("config") / "repository"
    (repository / ".git").mkdir(parents=True)
    return repository / NAME


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_data_is_a_config_or_a_sentence(project_file: Path, data: object) -> None:
    import json

    check(project_file, json.dumps(data).encode())


@given(st.binary() | st.text("abfailOn: \n-[]{}#'\"&*!|>%\t\r", max_size=40).map(str.encode))
def test_any_bytes_are_a_config_or_a_sentence(project_file: Path, data: bytes) -> None:
    check(project_file, data)


def check(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    refusal = ""
    try:
        config = load_config(str(path), KNOWN)
    except UsageError as error:
        refusal = str(error)
    if refusal:
        assert refusal.isprintable()
        assert refusal.startswith(f"{path}:")
        return
    assert config.file == str(path)
    loaded = load_mapping(Source(NAME, data))
    if loaded is None:
        assert config == Config(str(path))
    assert loaded is None or isinstance(loaded, Object)
