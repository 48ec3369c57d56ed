"""Ask the JavaScript SDK of CloudEvents what it sends, what it says about messages, and what it reads in events.

`python -m oracles.cloudevents.measure` writes `tests/sink/measured/javascript.json`. It needs Node.js, and the SDK:
`npm install --prefix oracles/cloudevents`.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from oracles.cloudevents.cases import CASES

FOLDER = Path(__file__).parent
MEASURED = FOLDER.parents[1] / "tests" / "sink" / "measured"
RECORDED, SIMULATED = MEASURED / "javascript.json", MEASURED / "simulated.json"


def missing() -> str:
    """Return what is missing to ask the SDK; empty if nothing is."""
    if shutil.which("node") is None:
        return "there is no Node.js"
    if not (FOLDER / "node_modules" / "cloudevents").is_dir():
        return "the SDK is not installed: npm install --prefix oracles/cloudevents"
    return ""


def ask() -> str:
    """Return the answers of the SDK as JSON."""
    cases = {
        name: {"headers": message.headers, "body": message.body.decode("latin-1")} for name, message in CASES.items()
    }
    asked = json.dumps({"cases": cases, "simulated": json.loads(SIMULATED.read_text("ascii"))})
    ended = subprocess.run(["node", FOLDER / "sdk.js"], input=asked, capture_output=True, text=True, check=True)
    return ended.stdout


def main() -> int:
    """Record the answers."""
    if reason := missing():
        print(reason, file=sys.stderr)
        return 1
    RECORDED.write_text(ask(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
