"""`preview --diff` with revisions of git, in repositories that are made here."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

import isvclog.rendering.revisions
from isvclog.cli.main import main

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

CASES = Path(__file__).with_name("compared")
OLD, NEW = (CASES / "settings" / name for name in ("old.yaml", "new.yaml"))
OVERLAYS = CASES / "overlay"
CHANGES = "1 service changes"
SAME = "Nothing changes"
needs_links = pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")


def git(*arguments: str, given: bytes | None = None) -> str:
    """Run git in the current folder, without the settings of who runs the tests."""
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    ended = subprocess.run(["git", *arguments], input=given, capture_output=True, check=True, env=environment)
    return ended.stdout.decode().strip()


def commit() -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message", "a state")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a repository whose files differ from its only commit, and go there."""
    for name in ("GIT_DIR", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = tmp_path / "repository"
    (folder / "deploy" / "sub").mkdir(parents=True)
    monkeypatch.chdir(folder)
    git("init", "--quiet", "--initial-branch", "main")
    shutil.copy(OLD, folder / "deploy" / "sub" / "iris.yaml")
    commit()
    shutil.copy(NEW, folder / "deploy" / "sub" / "iris.yaml")
    return folder


def compare(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["preview", "--diff", *arguments])
    shown = capsys.readouterr()
    assert "isvclog-" not in shown.out + shown.err.replace("isvclog-preview", ""), "the temporary folder is not named"
    return code, shown.out, shown.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("main:deploy", "deploy"),
        ("main:deploy/", "./deploy/"),
        ("main:deploy/sub/iris.yaml", "deploy/sub/iris.yaml"),
        ("main:deploy",),
        ("main:deploy/sub/iris.yaml",),
        ("main:",),
        ("HEAD:./deploy",),
        ("HEAD^{commit}:deploy", "deploy", "iris"),
        ("HEAD^{/a st}:deploy", "-f", "deploy", "ml/iris"),
        ("HEAD@{0}:", "."),
    ],
)
@pytest.mark.usefixtures("repository")
def test_a_revision_and_the_files(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = compare(capsys, *arguments)
    assert (code, err) == (0, "")
    assert CHANGES in out
    assert "all' becomes 'request" in out


@pytest.mark.usefixtures("repository")
def test_two_revisions(capsys: pytest.CaptureFixture[str]) -> None:
    commit()
    assert CHANGES in compare(capsys, "HEAD^1:deploy", "HEAD:deploy")[1]
    assert SAME in compare(capsys, "HEAD:deploy", "HEAD:deploy")[1]
    found = json.loads(compare(capsys, "HEAD^1:", "HEAD:", "-o", "json")[1])
    assert [found["services"][0][side]["file"] for side in ("old", "new")] == [
        "HEAD^1:deploy/sub/iris.yaml",
        "HEAD:deploy/sub/iris.yaml",
    ]


def test_paths_are_those_of_git(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository / "deploy")
    assert CHANGES in compare(capsys, "main:deploy")[1]
    assert CHANGES in compare(capsys, "main:./sub")[1]
    assert CHANGES in compare(capsys, "main:../deploy/sub")[1]
    assert "has no file or folder sub" in compare(capsys, "main:sub", "sub")[2]
    code, _, err = compare(capsys, "main:../../other", "sub")
    assert (code, "is outside of the repository" in err) == (2, True)


@pytest.mark.usefixtures("repository")
def test_standard_input_is_a_state(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with NEW.open(encoding="utf-8") as file:
        monkeypatch.setattr("sys.stdin", file)
        assert CHANGES in compare(capsys, "main:deploy", "-")[1]
    with NEW.open(encoding="utf-8") as file:
        monkeypatch.setattr("sys.stdin", file)
        assert SAME in compare(capsys, "-", "deploy")[1]
    assert compare(capsys, "-", "-")[0] == 2


def test_what_a_state_does_not_have(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = compare(capsys, "main:new", "deploy")
    assert (code, err) == (0, "isvclog: main has no file or folder new.\n")
    assert "1 service is added." in out
    shutil.rmtree(repository / "deploy")
    code, out, err = compare(capsys, "main:deploy")
    assert (code, err) == (0, "isvclog: there is no file or folder deploy now.\n")
    assert "1 service is removed." in out
    for places in (["main:depoly"], ["main:depoly", "main:depoly"]):
        code, out, err = compare(capsys, *places)
        assert (code, out) == (3, "")
        assert "There is no file or folder at main:depoly, and none at " in err


@pytest.mark.parametrize(
    ("place", "code", "sentence"),
    [
        ("gone:deploy", 2, "'gone' is not a revision of this repository; fetch it first"),
        ("--help:deploy", 2, "names no revision of git"),
        ("-n:deploy", 2, "names no revision of git"),
        (":deploy", 2, "names no revision of git"),
        ("ma\x1bin:deploy", 2, "'ma\\x1bin:deploy' names no revision of git"),
        ("main\nmain:deploy", 2, "names no revision of git"),
        ("m" * 2000 + ":deploy", 2, "names no revision of git"),
        ("main..main:deploy", 2, "is not a revision of this repository"),
        ("main --all:deploy", 2, "is not a revision of this repository"),
        ("main", 3, "a revision of git is written REV: or REV:PATH"),
        ("main:/etc", 2, "is outside of the repository"),
    ],
    ids=lambda value: ascii(value)[:30],
)
@pytest.mark.usefixtures("repository")
def test_no_revision(place: str, code: int, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    found, out, err = compare(capsys, place, "deploy")
    assert (found, out) == (code, "")
    assert sentence in err


def test_no_repository_and_no_git(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, _, err = compare(capsys, "main:deploy", "deploy")
    assert (code, "git is not installed; install it, or give files" in err) == (3, True)
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    code, _, err = compare(capsys, "main:deploy", str(repository))
    assert (code, "main:deploy cannot be read, the current folder is in no repository" in err) == (3, True)


def test_a_file_with_a_colon_is_a_file(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if os.name == "nt":
        pytest.skip("no file can have such a name")
    shutil.copy(OLD, repository / "main:deploy")
    assert CHANGES in compare(capsys, "main:deploy", "deploy")[1]


def test_a_bare_repository(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git("clone", "--quiet", "--bare", str(repository), "../bare")
    monkeypatch.chdir(repository.parent / "bare")
    assert CHANGES in compare(capsys, "main:deploy", str(NEW))[1]
    assert compare(capsys, "main:deploy")[0] == 3


def test_a_patch_of_an_overlay_is_no_service_there_either(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(OVERLAYS / "old", repository / "k8s")
    commit()
    shutil.rmtree(repository / "k8s")
    shutil.copytree(OVERLAYS / "new", repository / "k8s")
    code, out, err = compare(capsys, "main:k8s", "k8s")
    assert (code, CHANGES in out) == (0, True)
    assert err == "isvclog: patches of kustomizations are not compared; compare what is built, as with -k k8s/prod.\n"
    assert "There is no InferenceService" in compare(capsys, "main:k8s/prod", "k8s/prod")[1]


@pytest.mark.skipif(not shutil.which("kustomize") and not shutil.which("kubectl"), reason="kustomize is not installed")
def test_an_overlay_is_built_in_both_states(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(OVERLAYS / "old", repository / "k8s")
    commit()
    shutil.copy(OVERLAYS / "new" / "base" / "isvc.yaml", repository / "k8s" / "base" / "isvc.yaml")
    for old in ("main:k8s/prod", "main:"):
        code, out, err = compare(capsys, old, "-k", "k8s/prod")
        assert (code, err) == (0, "")
        assert "'gold' becomes 'silver'" in out
    assert "'gold' becomes 'silver'" in compare(capsys, str(OVERLAYS / "old" / "prod"), "-k", "k8s/prod")[1]
    code, _, err = compare(capsys, "HEAD^1:", "-k", "k8s/prod")
    assert (code, err) == (0, "isvclog: HEAD^1 has no folder k8s/prod.\n")


CHART = {
    "Chart.yaml": "apiVersion: v2\nname: iris\nversion: 1.0.0\n",
    "values.yaml": "tier: gold\n",
    "templates/isvc.yaml": OLD.read_text(encoding="utf-8").replace("gold", "{{ .Values.tier }}"),
}


@pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")
def test_a_chart_is_rendered_with_the_values_of_each_state(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in CHART.items():
        (repository / "chart" / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / "chart" / name).write_text(text, encoding="utf-8")
    (repository / "prod.yaml").write_text("tier: silver\n", encoding="utf-8")
    commit()
    (repository / "prod.yaml").write_text("tier: bronze\n", encoding="utf-8")
    outside = repository.parent / "outside.yaml"
    outside.write_text("tier: lead\n", encoding="utf-8")
    assert "'silver' becomes 'bronze'" in compare(capsys, "main:", "--helm", "chart", "--values", "prod.yaml")[1]
    assert SAME in compare(capsys, "main:chart", "--helm", "chart", "--values", str(outside))[1]
    assert SAME in compare(capsys, "main:", "--helm", "chart", "--set", "tier=tin")[1]
    (repository / "chart" / "templates" / "isvc.yaml").write_text("{{ fail", encoding="utf-8")
    commit()
    code, _, err = compare(capsys, "main:chart", "--helm", "chart")
    assert (code, "helm template failed" in err) == (3, True)


def test_ignored_files_and_names_of_all_kinds(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, name in enumerate(("a b.yaml", "ä.yaml", "'q\".yaml", "new\nline.yaml", "-n.yaml")):
        text = OLD.read_text(encoding="utf-8").replace("name: iris", f"name: iris{number}")
        (repository / "deploy" / name).write_text(text, encoding="utf-8")
    (repository / ".gitignore").write_text("ignored/\n", encoding="utf-8")
    (repository / "deploy" / "ignored").mkdir()
    shutil.copy(OLD, repository / "deploy" / "ignored" / "iris.yaml")
    git("add", "--force", "deploy/ignored/iris.yaml")
    commit()
    assert "Nothing changes in the events of 6 InferenceServices." in compare(capsys, "main:deploy", "deploy")[1]
    assert "of 7 InferenceServices." in compare(capsys, "main:deploy", "deploy", "--no-ignore-vcs")[1]


@needs_links
def test_links_inside_are_followed_and_others_are_not(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = repository.parent / "outside"
    secret.mkdir()
    shutil.copy(CASES / "names" / "old.yaml", secret / "isvc.yaml")
    shutil.copytree(OVERLAYS / "old" / "base", repository / "base")
    deploy = repository / "deploy"
    for name, target in {
        "inside": "../base",
        "outside": "../../outside",
        "absolute": str(secret),
        "here": ".",
        "sneaky": "here/../../../outside",
        "loop": "loop",
    }.items():
        (deploy / name).symlink_to(target)
    commit()
    found = json.loads(compare(capsys, "main:deploy", "main:deploy", "-o", "json")[1])
    assert found["summary"]["unchanged"] == 2, "the service itself, and that behind the link inside"


def test_a_hostile_tree_writes_nothing_outside(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blob = git("hash-object", "-w", "--stdin", given=OLD.read_bytes())
    link = git("hash-object", "-w", "--stdin", given=b"../../escaped")
    inner = git("mktree", given=f"100644 blob {blob}\tevil.yaml\n".encode())
    lines = (
        f"100644 blob {blob}\tiris.yaml",
        f"120000 blob {link}\tdir",
        f"040000 tree {inner}\tdir2",
    )
    tree = git("mktree", given="".join(f"{line}\n" for line in lines).encode())
    raw = b"".join(
        mode + b" " + name + b"\0" + bytes.fromhex(object_id)
        for mode, name, object_id in (
            (b"40000", b"..", inner),
            (b"40000", b".git", inner),
            (b"120000", b"dir", link),
            (b"40000", b"dir", inner),
            (b"40000", b"good", tree),
        )
    )
    hostile = git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", given=raw)
    temporary = repository.parent / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    code, out, _ = compare(capsys, f"{hostile}:", str(OLD))
    assert code == 0
    files = [line.split(":")[-1] for line in out.splitlines() if line.startswith("InferenceService")]
    assert files == ["good/dir2/evil.yaml", "good/iris.yaml"], "dir/evil.yaml is the one that does not change"
    assert list(temporary.iterdir()) == []


def test_too_much_to_read(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(isvclog.rendering.revisions, "MOST_BYTES", 100)
    code, _, err = compare(capsys, "main:deploy", "deploy")
    assert (code, "main:deploy has more than 0 MiB to read; name a folder or a file of it" in err) == (3, True)
    assert compare(capsys, "main:.gitignore", "deploy")[0] == 0, "only what is below the path counts"


def test_submodules_are_not_read(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = git("rev-parse", "HEAD")
    git("update-index", "--add", "--cacheinfo", f"160000,{head},deploy/vendored")
    git("commit", "--quiet", "--message", "a submodule")
    code, _, err = compare(capsys, "HEAD:deploy", "HEAD:deploy/sub")
    assert (code, err) == (0, "isvclog: HEAD:deploy has 1 submodule, which is not read.\n")


def test_an_unreadable_document_of_a_revision(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "deploy" / "bad.yaml").write_text("kind: InferenceService\n  a: [", encoding="utf-8")
    commit()
    code, _, err = compare(capsys, "HEAD:deploy", "HEAD:deploy/sub")
    assert code == 3
    assert err.startswith("isvclog: error: HEAD:deploy/bad.yaml:2:4: kubectl cannot read this document")


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
def test_a_partial_clone_fetches_nothing(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """To fetch, git runs a program that the settings of the repository name."""
    git("config", "uploadpack.allowFilter", "true")
    git("clone", "--quiet", "--no-checkout", "--filter=blob:none", repository.as_uri(), "../partial")
    monkeypatch.chdir(repository.parent / "partial")
    git("config", "remote.origin.uploadpack", "touch ../fetched; git-upload-pack")
    code, _, err = compare(capsys, "main:deploy", str(NEW))
    assert (code, "git ls-tree failed" in err) == (3, True)
    assert not (repository.parent / "fetched").exists()


def test_folders_that_are_too_deep(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Python removes a temporary folder by recursion."""
    line = f"100644 blob {git('hash-object', '-w', '--stdin', given=OLD.read_bytes())}\tiris.yaml\n"
    for _ in range(isvclog.rendering.revisions.DEEPEST + 1):
        line = f"040000 tree {git('mktree', given=line.encode())}\td\n"
    tree = git("mktree", given=line.encode())
    code, _, err = compare(capsys, f"{tree}:", str(repository))
    assert (code, "has files more than 200 folders deep; name a folder or a file of it" in err) == (3, True)
    assert compare(capsys, f"{tree}:e", str(NEW))[0] == 0, "only what is below the path counts"


@needs_links
@pytest.mark.usefixtures("repository")
def test_a_long_chain_of_links_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    """Python resolves links by recursion, and the system gives up much sooner."""
    names = ["iris.yaml", *(f"{number}.yaml" for number in range(1500))]
    git_input = "".join(
        f"blob\nmark :{number}\ndata {len(name)}\n{name}\n" for number, name in enumerate(names[:-1], start=1)
    )
    files = "".join(f"M 120000 :{number} {name}\n" for number, name in enumerate(names[1:], start=1))
    head = "commit refs/heads/links\ncommitter a <a@example.com> 0 +0000\ndata 0\nfrom refs/heads/main\n"
    moved = "R deploy/sub/iris.yaml iris.yaml\n"
    git("fast-import", "--quiet", given=f"{git_input}{head}{moved}{files}".encode())
    code, out, err = compare(capsys, "links:", str(NEW))
    assert (code, err) == (0, "")
    assert CHANGES in out
