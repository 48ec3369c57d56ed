"""Kill writers at random moments, and look at what is left: the old file or the new one, and nothing beside it.

`python scripts/kill_writes.py 1000` takes about a minute. The exit code is 1 if a file was ever anything else, or if a
temporary file was still there after a write that was not killed.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WRITER = """
import sys
from isvclog.manifest.syntax.files import read_file
from isvclog.manifest.editing.write import write_file
name, versions = sys.argv[1], [version * 200_000 for version in (b"a", b"b")]
print("ready", flush=True)
while True:
    old = read_file(name).data
    write_file(name, old, versions[old == versions[0]])
"""


def main() -> int:
    """Kill as many writers as the argument says; print what was found."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    chance = random.Random(0)
    wrong = strays = 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "manifest.yaml"
        whole = {version * 200_000 for version in (b"a", b"b")}
        file.write_bytes(min(whole))
        for _ in range(rounds):
            writer = subprocess.Popen([sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE)
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(chance.uniform(0, 0.01))
            os.kill(writer.pid, signal.SIGKILL)
            writer.wait()
            writer.stdout.close()
            wrong += file.read_bytes() not in whole
            strays += len(os.listdir(folder)) > 1
        once = WRITER.replace("while True:", "if True:")
        subprocess.run([sys.executable, "-c", once, str(file)], stdout=subprocess.DEVNULL, check=True)
        left = [name for name in os.listdir(folder) if name != file.name]
    print(f"{rounds:,} writers killed: {wrong} mixtures, {strays} with a temporary file beside it, {len(left)} after")
    return 1 if wrong or left else 0


if __name__ == "__main__":
    sys.exit(main())
