"""Kill writers at random moments: the file is the old or the new one each time, and a writer of the next day clears up.

40 writers take about two seconds. To run the test with 1,000, which takes about a minute:

    ISVCLOG_KILLED_WRITERS=1000 make test ARGS='tests/test_kill_writes.py -s'

`-s` shows how many kills left a temporary file beside the manifest: none means that no kill hit a write.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

WRITERS = int(os.environ.get("ISVCLOG_KILLED_WRITERS", "40"))
VERSIONS = [letter * 200_000 for letter in (b"a", b"b")]

WRITER = """
import sys
from isvclog.manifest.syntax.files import read_file
from isvclog.manifest.editing.write import write_file
name, versions = sys.argv[1], [letter * 200_000 for letter in (b"a", b"b")]
print("ready", flush=True)
while True:
    old = read_file(name).data
    write_file(name, old, versions[old == versions[0]])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_writer_leaves_a_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "manifest.yaml"
    file.write_bytes(VERSIONS[0])
    chance = random.Random(0)
    mixtures = strays = 0
    for _ in range(WRITERS):
        kill_a_writer(file, chance.uniform(0, 0.01))
        mixtures += file.read_bytes() not in VERSIONS
        strays += len(os.listdir(tmp_path)) > 1
    print(f"{WRITERS:,} writers killed: {mixtures} mixtures, {strays} with a temporary file beside the manifest")
    assert mixtures == 0
    for stray in tmp_path.glob(".*"):
        os.utime(stray, (0, 0))
    write_once = WRITER.replace("while True:", "if True:")
    subprocess.run([sys.executable, "-c", write_once, file], stdout=subprocess.DEVNULL, check=True)
    assert os.listdir(tmp_path) == [file.name]


def kill_a_writer(file: Path, seconds: float) -> None:
    """Start a process that keeps rewriting `file`, and kill it after some seconds of writing."""
    with subprocess.Popen([sys.executable, "-c", WRITER, file], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(seconds)
        writer.send_signal(signal.SIGKILL)
