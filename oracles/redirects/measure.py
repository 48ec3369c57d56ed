"""Ask Go's http.Client how it follows redirects of a POST, and keep the answers for the tests.

Needs Go 1.21 or newer, which fetches Go 1.25.5. From the root of the repository:

    python -m oracles.redirects.measure    # tests/sidecar/redirects.json
"""

import os
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
RECORDED = HERE.parents[1] / "tests" / "sidecar" / "redirects.json"


def main() -> None:
    environment = os.environ | {"GOTOOLCHAIN": "go1.25.5"}  # 1.26 sends other headers
    answer = subprocess.run(["go", "run", "."], cwd=HERE, env=environment, stdout=subprocess.PIPE, check=True)
    RECORDED.write_bytes(answer.stdout)


if __name__ == "__main__":
    main()
