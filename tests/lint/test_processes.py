"""Checks in several processes: the same results as in one, whatever happens to the processes."""

import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import NEWEST
from isvclog.lint.engine import lint_object, select_rules
from isvclog.lint.files import check_source
from isvclog.lint.processes import CAN_FORK, check_in_processes, choose_jobs
from isvclog.lint.results import FileResult
from isvclog.manifest import Source
from isvclog.redact.gate import SecretRedaction
from isvclog.rules.policy import Policy
from isvclog.validate.objects import validate_object

pytestmark = [
    pytest.mark.skipif(not CAN_FORK, reason="this system cannot fork safely"),
    # The processes of pytest-xdist have threads, none of which the forked process needs.
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]

ITEMS = list(range(100))
ROOT = Path(__file__).resolve().parents[1]
RUN = (sys.executable, "-m", "isvclog")
LEAKY = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: {name}
  annotations: {{db: "password=hunter2-{name}"}}
spec:
  predictor:
    logger: {{url: http://sink.{name}, metadataAnnotations: [db, missing]}}{comment}
    model: {{modelFormat: {{name: sklearn}}, storageUri: gs://b/m}}
"""


def where(item: int) -> FileResult:
    """Returns a result that names the process."""
    return FileResult(f"{item} {os.getpid()}")


def dying(item: int, parent: int = os.getpid()) -> FileResult:
    """Ends the process at one item, unless it is the first one."""
    if item == 40 and os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return FileResult(str(item))


def failing(item: int) -> FileResult:
    """Fails at one item."""
    if item == 70:
        raise LookupError("seventy")
    return FileResult(str(item))


def test_items_are_shared_and_keep_their_order() -> None:
    """The first process checks nothing."""
    results = [result.file.split() for result in check_in_processes(ITEMS, where, 3)]
    assert [int(item) for item, _ in results] == ITEMS
    processes = {process for _, process in results}
    assert len(processes) == 3
    assert str(os.getpid()) not in processes


def test_a_process_that_dies_loses_nothing() -> None:
    """The first process checks what it has not answered."""
    assert [result.file for result in check_in_processes(ITEMS, dying, 2)] == [str(item) for item in ITEMS]


@pytest.mark.parametrize("started", [0, 1])
def test_a_process_that_cannot_be_started_loses_nothing(started: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if its part was not answered; the others do theirs."""
    descriptors = os.listdir("/proc/self/fd")
    original, left = os.fork, [None] * started

    def fork() -> int:
        if not left:
            raise BlockingIOError
        left.pop()
        return original()

    monkeypatch.setattr(os, "fork", fork)
    results = [result.file.split() for result in check_in_processes(ITEMS, where, 3)]
    assert [int(item) for item, _ in results] == ITEMS
    assert len({process for _, process in results}) == started + 1
    assert os.listdir("/proc/self/fd") == descriptors


def test_an_exception_is_raised_at_its_item() -> None:
    """Results before it are yielded."""
    results = []
    with pytest.raises(LookupError, match="seventy"):
        results.extend(result.file for result in check_in_processes(ITEMS, failing, 2))
    assert results[:64] == [str(item) for item in range(64)]


def test_nothing_is_left_when_the_iterator_is_closed() -> None:
    """A process that waits for its pipe ends, too."""
    results = check_in_processes(ITEMS * 100, lambda item: FileResult("x" * 10_000, failure="x"), 2)
    next(results)
    descriptors = len(os.listdir("/proc/self/fd"))
    results.close()
    assert len(os.listdir("/proc/self/fd")) == descriptors - 2
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize(("given", "files", "jobs"), [(1, 1000, 1), (4, 1000, 4), (4, 40, 3), (4, 0, 0), (None, 50, 1)])
def test_choose_jobs(given: int | None, files: int, jobs: int) -> None:
    """No process is started that would have nothing to do."""
    assert choose_jobs(given, files) == jobs


def test_a_redaction_is_the_same_in_another_process() -> None:
    """It knows the secrets of the file that are printed only beside something else."""
    source = Source("a.yaml", LEAKY.format(name="a", comment="").encode())
    result = check_source(source, lambda obj: validate_object(obj, NEWEST))
    assert isinstance(result.redaction, SecretRedaction)
    copy = pickle.loads(pickle.dumps(result)).redaction
    assert copy.text("hunter2-a here") == result.redaction.text("hunter2-a here") == "*** here"


def test_every_finding_can_be_answered() -> None:
    """Otherwise the first process would check its file again, and nobody would notice."""
    settings = select_rules(Installation(), Policy())
    for manifest in sorted((ROOT / "rules").glob("*/flagged.yaml")):
        result = check_source(Source("a.yaml", manifest.read_bytes()), lambda obj: lint_object(obj, settings))
        assert pickle.loads(pickle.dumps(result)).findings == result.findings


def write_files(folder: Path) -> None:
    """Writes files with every kind of result, more than one process gets at once."""
    for number in range(60):
        comment = "  # isvclog: ignore[missing-annotation] it comes later" if number % 7 == 0 else ""
        text = LEAKY.format(name=f"n{number}", comment=comment)
        (folder / f"{number:02}.yaml").write_text(text.replace("kind:", "kind", 1) if number % 9 == 0 else text)
    (folder / "90-other.yaml").write_text("kind: ConfigMap\n# isvclog: ignore[missing-annotation] unused\n")
    (folder / "91.yaml").symlink_to("gone")
    (folder / "92.yaml").write_text("kind: LLMInferenceService\napiVersion: serving.kserve.io/v1alpha1\n")


def outcome(folder: Path, environment: dict[str, str], *arguments: str) -> tuple[int, bytes, bytes]:
    """Runs isvclog in the folder."""
    ended = subprocess.run([*RUN, *arguments], cwd=folder, env=environment, capture_output=True, timeout=60)
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        *(("lint", "-o", output, ".") for output in ("text", "json", "junit", "sarif", "github")),
        ("lint", "--diff", "--unsafe-fixes", "."),
        ("lint", "--baseline", "../known.json", "."),
        ("validate", "-o", "text", "."),
        ("validate", "--strict", "-o", "junit", "."),
    ],
    ids=" ".join,
)
def test_the_output_does_not_depend_on_jobs(
    arguments: tuple[str, ...], tmp_path: Path, environment: dict[str, str]
) -> None:
    """Order, exit code, notes and masked secrets are the same."""
    folder = tmp_path / "files"
    folder.mkdir()
    write_files(folder)
    if "--baseline" in arguments:
        outcome(folder, environment, "lint", "--write-baseline", "../known.json", "01.yaml", "02.yaml", "30.yaml")
    alone = outcome(folder, environment, *arguments, "-j", "1")
    assert outcome(folder, environment, *arguments, "-j", "3") == alone
    assert len(alone[1]) > 1000
    assert b"hunter2" not in alone[1]


def test_fixes_are_the_same(tmp_path: Path, environment: dict[str, str]) -> None:
    """Each file is written once."""
    written = []
    for jobs in ("1", "3"):
        folder = tmp_path / jobs
        folder.mkdir()
        write_files(folder)
        result = outcome(folder, environment, "lint", "--fix", "--unsafe-fixes", ".", "-j", jobs)
        written.append((result, [path.read_bytes() for path in sorted(folder.glob("[0-8]*.yaml"))]))
    assert written[0] == written[1]


@pytest.mark.parametrize("jobs", ["0", "-1", "x", "9999", "1.5", "²"])
def test_jobs_that_are_none(jobs: str, tmp_path: Path, environment: dict[str, str]) -> None:
    """The message says what to give."""
    code, _, err = outcome(tmp_path, environment, "lint", f"--jobs={jobs}")
    assert code == 2
    assert b"give a number of processes from 1 to 1024, or auto" in err


def test_a_stream_is_read_by_one_process(tmp_path: Path, environment: dict[str, str]) -> None:
    """Standard input cannot be shared."""
    write_files(tmp_path)
    ended = subprocess.run(
        [*RUN, "validate", "-j", "3", ".", "-"],
        cwd=tmp_path,
        env=environment,
        input=LEAKY.format(name="streamed", comment="").replace("url", "uri").encode(),
        capture_output=True,
        timeout=60,
    )
    assert b"<stdin>" in ended.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_run(number: signal.Signals, tmp_path: Path, environment: dict[str, str]) -> None:
    """They end with the first one, however that ends."""
    text = "---\n".join(LEAKY.format(name=f"n{number}", comment="") for number in range(40))
    for place in range(300):
        (tmp_path / f"{place}.yaml").write_text(text)
    started = subprocess.Popen(
        [*RUN, "lint", "-j", "2", "-o", "json"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert started.stdout
    started.stdout.read(1)  # the processes are at work
    os.kill(started.pid, number)
    started.stdout.close()
    started.wait(30)
    deadline = time.monotonic() + 30
    while _members(started.pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _members(session: int) -> list[str]:
    """Lists the processes of a session that run."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[3] == str(session) and fields[0] != "Z":
            found.append(entry.parent.name)
    return found
