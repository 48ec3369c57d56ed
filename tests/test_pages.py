"""README.md and the pages in docs/ show what the commands print, to the character, and link to what exists.

UPDATE_EXPECTED=1 in the environment writes the shown output again; read the difference before you believe it. How pages
are read is told in `support/pages.py`. Each page is run in a folder of its own, from the top down, with the examples,
the files of `pages/project`, and a cluster: that of the audit session, and the services of `pages/cluster.yaml`.
Servers that a page starts with `&` are jobs, see `support/page_jobs.py`.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from apiserver import ApiServer
from page_jobs import Jobs
from pages import Block, Moved, anchors, blocks, elided, links, refreshed, session
from ruamel.yaml import YAML
from transcript import at_terminal

ROOT = Path(__file__).parents[1]
SETTINGS: Mapping[str, Callable[[str], object]] = {"json": json.loads, "toml": tomllib.loads, "lua": str}
"""Languages of settings of other programs, and how they are read; nothing here reads Lua."""
WRITTEN = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES = [page for page in WRITTEN if page.name != "rules.md"]
"""rules.md is generated, and tests of its own run what it shows."""
CLUSTER = [
    ROOT / "tests" / "cli" / "live" / "audit" / "cluster.yaml",
    *sorted((ROOT / "tests" / "pages").glob("*.yaml")),
]
COLUMNS = 120
FIXED = ["--id", "5f0c5d5c-6b1e-4b0e-9d52-7c1a5f3c2b10", "--time", "2026-01-02T03:04:05.120Z"]
"""What makes a preview the same each time."""
PROGRAMS = ("cat", "cp", "curl", "jq", "python", "sqlite3")
"""Other programs that pages use."""
INSTALLERS = ("pip install ", "pipx install ", "uv tool install ")
"""How commands begin that are not run."""


def _name(page: Path) -> str:
    return page.relative_to(ROOT).with_suffix("").as_posix().removeprefix("docs/")


each_page = pytest.mark.parametrize("page", PAGES, ids=_name)
each_written = pytest.mark.parametrize("page", WRITTEN, ids=_name)


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    """Start the cluster that the kubeconfig names."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with ApiServer() as api:
        for file in CLUSTER:
            api.add_all(YAML(typ="safe").load_all(file))
        monkeypatch.setenv("KUBECONFIG", api.kubeconfig(tmp_path, context="prod", namespace="ml"))
        yield api


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the folder in which a page is run, and go there."""
    project = tmp_path / "project"
    shutil.copytree(ROOT / "tests" / "pages" / "project", project)
    shutil.copytree(ROOT / "examples", project / "examples")
    monkeypatch.chdir(project)
    return project


class Reader:
    """Somebody who does what a page shows, block by block."""

    def __init__(self, folder: Path, page: str) -> None:
        self.folder = folder
        self.page = page
        self.code = 0
        self.moved: list[str] = []
        self.jobs = Jobs(folder, COLUMNS)

    def __call__(self, block: Block) -> str:
        """Do what a block shows, and return its text as it is now."""
        if block.language == "console":
            return "".join(f"{line}\n" for line in self._console(block))
        if block.language == "sh":
            for command in block.commands():
                if not command.startswith(INSTALLERS):
                    self._run(shlex.split(command, comments=True))
                    assert self.code == 0, f"{self.page}:{block.line}: exit code {self.code}: {command}"
        elif block.file:
            path = self.folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        return block.text

    def _console(self, block: Block) -> Iterator[str]:
        for typed, command, shown in session(block.text):
            yield from typed.splitlines()
            printed = self._run(shlex.split(command))
            try:
                yield from elided(shown, printed)
            except Moved as error:
                self.moved.append("\n".join([f"{self.page}:{block.line}: $ {command}: {error}:", *printed]))
                yield from shown

    def _run(self, words: list[str]) -> list[str]:
        """Run a command, and return what it prints. A server listens on a free port, whatever the page says."""
        words = self.jobs.really(words)
        if words[-1] == "&":
            return self.jobs.start(words[:-1])
        if words[0] not in ("wait", "kill"):
            return self.jobs.shown(self._run_one(words))
        printed, self.code = self.jobs.end(*words)
        return printed

    def _run_one(self, words: list[str]) -> list[str]:
        if words == ["echo", "$?"]:
            return [str(self.code)]
        if words[-2:-1] == [">"]:
            Path(words[-1]).write_text("".join(f"{line}\n" for line in self._run_one(words[:-2])), encoding="utf-8")
            return []
        if words[0] in PROGRAMS:
            self.code = 0
            words = [sys.executable if word == "python" else word for word in words[:1]] + words[1:]
            return subprocess.run(words, stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout.splitlines()
        assert "isvclog" in words[:2], f"no command that a page can show: {words}"
        printed, self.code = at_terminal(words + (FIXED if "preview" in words[:3] else []), COLUMNS)
        # Usage that is wrong, and what cannot be done, is not what a page means to show.
        assert self.code < 2, "\n".join([shlex.join(words), *printed])
        return "\n".join(line.rstrip() for line in printed).rstrip("\n").splitlines()


def missing_program(page: str) -> str:
    """Return a program that a page uses and that cannot be used here, or an empty text."""
    for program in PROGRAMS:
        if program != "python" and f"$ {program} " in page and not shutil.which(program):
            return program
    if "$ sqlite3 " in page:
        probe = subprocess.run(
            ["sqlite3", ":memory:", """SELECT '{"a":1}' ->> '$.a'"""], capture_output=True, check=False
        )
        if probe.returncode:
            return "sqlite3 3.38 or newer"
    return ""


@each_page
@pytest.mark.usefixtures("cluster")
def test_commands_print_what_the_page_shows(page: Path, folder: Path) -> None:
    reader = Reader(folder, page.name)
    text = page.read_text(encoding="utf-8")
    if missing := missing_program(text):
        pytest.skip(f"there is no {missing}, which the page uses")
    try:
        now = refreshed(text, reader)
    finally:
        reader.jobs.kill()
    if os.environ.get("UPDATE_EXPECTED"):
        page.write_text(now, encoding="utf-8", newline="\n")
    assert not reader.moved, "\n".join(reader.moved)
    assert now == page.read_text(encoding="utf-8")


@each_page
def test_every_block_is_of_a_kind_that_is_tested(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found = blocks(text)
    assert {block.language for block in found} <= {"console", "python", "sh", "sql", "yaml", "groovy", *SETTINGS}
    assert text.count("```") == 2 * len(found)
    assert "~~~" not in text
    assert all((ROOT / name).exists() for name in re.findall(r"\$schema=(\S+)", text))


@each_page
def test_settings_of_other_programs_can_be_read(page: Path) -> None:
    for block in blocks(page.read_text(encoding="utf-8")):
        if read := SETTINGS.get(block.language):
            read(block.text)


@each_written
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for path, anchor in links(page.read_text(encoding="utf-8")):
        target = (page.parent / path) if path else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            broken.append(f"{path}#{anchor}")
    assert broken == []


def test_every_page_is_reached_from_the_readme() -> None:
    known = {*WRITTEN, ROOT / "CONTRIBUTING.md"}
    waiting, reached = [ROOT / "README.md"], set()
    while waiting:
        page = waiting.pop()
        reached.add(page)
        paths = {(page.parent / path).resolve() for path, _ in links(page.read_text(encoding="utf-8")) if path}
        waiting += paths & known - reached
    assert reached == known


def test_the_chinese_page_shows_the_same() -> None:
    english, chinese = (ROOT / "docs" / folder / "getting-started.md" for folder in (".", "zh"))
    shown, meant = ([block.text for block in blocks(page.read_text(encoding="utf-8"))] for page in (chinese, english))
    assert shown == meant


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 200


def configurations(name: str) -> list[Any]:
    """Return the contents of the files of this name in all pages."""
    return [
        YAML(typ="safe").load(block.text)
        for page in PAGES
        for block in blocks(page.read_text(encoding="utf-8"))
        if block.file == name
    ]


@pytest.mark.usefixtures("folder")
def test_hooks_are_published_and_take_their_arguments() -> None:
    published = {hook["id"]: hook["entry"] for hook in YAML(typ="safe").load(ROOT / ".pre-commit-hooks.yaml")}
    shown = configurations(".pre-commit-config.yaml")
    assert shown
    for config in shown:
        for hook in config["repos"][0]["hooks"]:
            command = [*shlex.split(published[hook["id"]]), *hook.get("args", []), "manifests"]
            printed, code = at_terminal(command, COLUMNS)
            assert code == 0, printed


@pytest.mark.usefixtures("folder")
def test_pipelines_run_commands_that_exist() -> None:
    pipelines = [name for page in PAGES for name in re.findall(r"^# (\.git\S+\.yml)$", page.read_text("utf-8"), re.M)]
    lines = [line for name in pipelines for text in strings(configurations(name)) for line in text.splitlines()]
    commands = [line.partition(" > ")[0] for line in lines if line.startswith("isvclog ")]
    # The action and the component have the command.
    shared = [text for name in {*pipelines} for text in strings(configurations(name)) if "OWNER/isvclog" in text]
    assert len(commands) >= len(pipelines) - len([text for text in shared if not text.startswith("pip ")]) > 0
    if any("HEAD^1:" in command for command in commands):
        if not shutil.which("git"):
            pytest.skip("git is not installed")
        make_commits(2)
    for command in commands:
        printed, code = at_terminal(shlex.split(command), COLUMNS)
        assert code == 0, printed


def make_commits(number: int) -> None:
    """Make the current folder a repository with some commits, as a pipeline has it."""
    person = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    commits = [[*person, "commit", "--quiet", "--allow-empty", "--message", str(at)] for at in range(number)]
    for arguments in (["init", "--quiet"], ["add", "--all"], *commits):
        subprocess.run(["git", *arguments], check=True)


@pytest.mark.usefixtures("folder")
def test_project_files_can_be_read() -> None:
    texts = [block.text for page in PAGES for block in blocks(page.read_text("utf-8")) if block.file == ".isvclog.yaml"]
    assert texts
    for text in texts:
        Path(".isvclog.yaml").write_text(text, encoding="utf-8")
        printed, code = at_terminal(["isvclog", "lint", "manifests"], COLUMNS)
        assert code < 2, printed


def strings(value: Any) -> Iterator[str]:
    """Yield the texts in plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ("a b", "a c", "a c"),
        ("one two ... nine ten", "one two three nine ten", "one two ... nine ten"),
        ("first one ...", "first ones two three", "first ones ..."),
        ("... the last", "one two the lasts", "... the lasts"),
        ("one ... five six ... nine", "one 2 3 five! six 7 8 nine", "one ... five! six ... nine"),
        ("one second ... nine", "one inserted second 3 4 nine", "one inserted second ... nine"),
        ("one ... eighth nine", "one 2 3 eighth inserted nine", "one ... eighth inserted nine"),
    ],
)
def test_elisions_keep_their_place(shown: str, printed: str, expected: str) -> None:
    assert elided(shown.split(), printed.split()) == expected.split()


@pytest.mark.parametrize(
    ("shown", "printed"),
    [("first ...", "other two"), ("one ... nine", "one two three"), ("one ...", "one"), ("one ... two", "one two")],
)
def test_elisions_without_a_place_are_reported(shown: str, printed: str) -> None:
    with pytest.raises(Moved):
        elided(shown.split(), printed.split())


def test_a_page_is_written_again_but_for_what_it_says_itself() -> None:
    page = "# A\n\n```console\n$ isvclog a \\\n    b\nold\n$ c\n```\n\nText\n\n```yaml\n# a.yaml\na: 1\n```\n"
    assert refreshed(page, lambda block: block.text) == page
    console, file = blocks(page)
    assert [*session(console.text)] == [
        ("$ isvclog a \\\n    b", "isvclog a     b", ["old"]),
        ("$ c", "c", []),
    ]
    assert (console.line, file.line, console.file, file.file) == (4, 13, "", "a.yaml")


def test_a_command_goes_on_inside_quotes() -> None:
    assert [*session("$ jq '.a\n  | .b' c\n1\n$ d \"e\\\n  f\"\n")] == [
        ("$ jq '.a\n  | .b' c", "jq '.a\n  | .b' c", ["1"]),
        ('$ d "e\\\n  f"', 'd "e  f"', []),
    ]


def test_files_are_named_by_a_comment() -> None:
    page = "```sql\n-- a.sql\n```\n```python\n# a.py\n```\n```sh\n# no\n```\n```yaml\nb: 1\n```\n"
    assert [block.file for block in blocks(page)] == ["a.sql", "a.py", "", ""]


def test_jobs_have_the_numbers_of_the_shell(tmp_path: Path) -> None:
    server = (
        """import sys, time; print("listening on http://127.0.0.1:1/", file=sys.stderr, flush=True); time.sleep(60)"""
    )
    (tmp_path / "server.py").write_text(server, encoding="utf-8")
    jobs = Jobs(tmp_path, COLUMNS)
    try:
        for port in ("8001", "8002"):
            assert jobs.start(["python", "server.py", port]) == [f"listening on http://127.0.0.1:{port}/"]
        assert jobs.really(["curl", "http://127.0.0.1:8002/a"]) == ["curl", "http://127.0.0.1:1/a"]
        assert jobs.end("kill", "%1") == ([], 0)
        with pytest.raises(KeyError):
            jobs.end("kill", "%1")
        assert jobs.end("kill", "%2") == ([], 0)
        jobs.start(["python", "server.py", "8001"])
        assert jobs.end("kill", "%1") == ([], 0)
    finally:
        jobs.kill()


def test_anchors_are_those_of_github() -> None:
    page = "# `audit`: is it *what* runs?\n## A `b`, c-d\n## A b, c-d\n```sh\n# none\n```\n### [Link](x.md) here\n"
    assert anchors(page) == {"audit-is-it-what-runs", "a-b-c-d", "a-b-c-d-1", "link-here"}
    assert [*links("[a](b.md#c) `[x](y)` [d](https://e) [`f`](../g)\n")] == [("b.md", "c"), ("../g", "")]
