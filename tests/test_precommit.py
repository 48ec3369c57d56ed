"""The published hook, run by pre-commit itself on a scratch repository that uses this checkout."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
Git = Callable[..., subprocess.CompletedProcess[str]]

GOOD = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud
spec:
  predictor:
    logger:
      mode: all
      url: http://sink.example.com
    model:
      modelFormat:
        name: sklearn
"""
LOWER_CASE = GOOD.replace("mode: all", "mode: all\n      metadataHeaders: [x-request-id]")
BAD = GOOD.replace("mode: all", "mode: everything")
OTHER = '{"kind": "ConfigMap", "apiVersion": "v1"}\n'


@pytest.fixture(scope="module")
def package_index(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skips where nothing can be installed, which is found out by trying to download one small package."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--retries=0", "--timeout=10"]
    folder = tmp_path_factory.mktemp("download")
    tried = subprocess.run([*command, f"--dest={folder}", "flit_core"], capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"no package index to install the hook from: {tried.stderr.strip()[-200:]}")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of git and of the hooks it calls, apart from the user's own configuration."""
    environment = os.environ | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        environment.pop(name, None)
    return environment


@pytest.fixture
def git(environment: dict[str, str]) -> Git:
    """Runs git, and the hooks it calls."""
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "protocol.file.allow=always"]

    def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    return run


def snapshot(folder: Path, git: Git) -> str:
    """Commit what is in this checkout now to a new repository; its commit."""
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    assert git(folder, "commit", "--quiet", "--message=snapshot").returncode == 0
    return git(folder, "rev-parse", "HEAD").stdout.strip()


@pytest.mark.network
@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
@pytest.mark.skipif(not find_spec("pre_commit"), reason="needs pre-commit")
@pytest.mark.usefixtures("package_index")
def test_a_good_commit_passes_and_a_bad_one_does_not(tmp_path: Path, git: Git) -> None:
    hook, user = tmp_path / "hook", tmp_path / "user"
    hook.mkdir()
    user.mkdir()
    revision = snapshot(hook, git)
    hooks = "".join(f"      - id: isvclog-{command}\n" for command in ("validate", "lint"))
    (user / ".pre-commit-config.yaml").write_text(f"repos:\n  - repo: {hook}\n    rev: {revision}\n    hooks:\n{hooks}")
    git(user, "init", "--quiet")
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], cwd=user, capture_output=True, check=True)

    (user / "good.yaml").write_text(GOOD)
    (user / "other.json").write_text(OTHER)
    git(user, "add", "--all")
    good = git(user, "commit", "--message=good")
    assert good.returncode == 0, good.stdout + good.stderr
    assert "isvclog validate" in good.stderr
    assert "isvclog lint" in good.stderr

    (user / "bad.yaml").write_text(BAD)
    git(user, "add", "--all")
    bad = git(user, "commit", "--message=bad")
    assert bad.returncode == 1
    assert "bad.yaml:8:13: error: " in bad.stderr
    assert "good.yaml" not in bad.stderr

    (user / "bad.yaml").write_text(LOWER_CASE)
    git(user, "add", "--all")
    lower_case = git(user, "commit", "--message=lower case")
    assert lower_case.returncode == 1
    assert "bad.yaml:9:25: error: " in lower_case.stderr


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
@pytest.mark.skipif(not find_spec("pre_commit"), reason="needs pre-commit")
def test_the_hook_that_fixes_fails_once(tmp_path: Path, git: Git, environment: dict[str, str]) -> None:
    user = tmp_path / "user"
    user.mkdir()
    git(user, "init", "--quiet")
    (hook,) = (each for each in YAML(typ="safe").load(ROOT / ".pre-commit-hooks.yaml") if each["id"] == "isvclog-fix")
    # As it is published, but with what is installed here.
    local = {**hook, "language": "system", "entry": f'"{sys.executable}" -m {hook["entry"]}'}
    (user / ".pre-commit-config.yaml").write_text(json.dumps({"repos": [{"repo": "local", "hooks": [local]}]}))

    def run(manifest: str) -> tuple[int, str, str]:
        (user / "isvc.yaml").write_text(manifest)
        git(user, "add", "--all")
        command = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
        done = subprocess.run(command, cwd=user, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, (user / "isvc.yaml").read_text()

    fixed = LOWER_CASE.replace("x-request-id", "X-Request-Id")
    code, output, manifest = run(LOWER_CASE)
    assert (code, manifest) == (1, fixed)
    assert "files were modified by this hook" in output
    code, output, manifest = run(fixed)
    assert (code, manifest) == (0, fixed)
    code, output, manifest = run(BAD)
    assert (code, manifest) == (1, BAD)
    assert "isvc.yaml:8:13: error: " in output
    assert "files were modified" not in output
