"""Record what kubectl sends with every kubeconfig of the matrix, or the words with which it refuses.

    python -m oracles.kubectl.measure                 # rewrite tests/cluster/credentials/recorded.json
    python -m oracles.kubectl.measure --compare       # print what differs from the recording, and write nothing
    python -m oracles.kubectl.measure --kubectl FILE  # use this kubectl

Uses a kubectl of 1.26 or newer from PATH, else builds the command of the module k8s.io/kubectl with Go. Everything runs
on loopback.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from oracles.kubectl.matrix import RECORDED, TLS, Case, digest, lay_out, load_matrix, named, sent
from oracles.kubectl.recorder import Record, Recorder

HERE = Path(__file__).parent
OLDEST = (1, 26)
"""The first minor release without the auth providers of Azure and Google Cloud."""
MODULE = "k8s.io/kubectl"
REFUSALS = (
    ("certificate", r"x509:|unable to load root certificates"),
    ("auth provider", r"(?i)auth provider|authProvider|auth plugin|id-token|ID Token|idp-issuer-url"),
    ("plugin", r"getting credentials|exec plugin|exec authentication plugin|invalid interactiveMode"),
    ("no credentials", r"^error: EOF$"),
    ("connection", r"dial tcp|no such host|was refused|TLS handshake|unsupported protocol|the server: EOF"),
)
"""Classes of refusal, by the words of kubectl; what is none of them is `configuration`.

Without credentials, kubectl asks for a user and a password; EOF is what it reads where there is no terminal.
"""


class NoKubectl(Exception):
    """There is no kubectl to ask, and none can be built."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compare", action="store_true", help="print what differs from the recording")
    parser.add_argument("--kubectl", metavar="FILE", help="the kubectl to ask")
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="kubectl-") as folder:
        kubectl = Path(shutil.which(arguments.kubectl) or "") if arguments.kubectl else find_kubectl(Path(folder))
        measured = measure(kubectl, Path(folder))
    if arguments.compare:
        recorded = json.loads(RECORDED.read_text(encoding="ascii"))
        differing = differences(recorded, measured)
        print(
            f"{measured['client']}: {len(differing)} of {len(measured['cases'])} cases differ from {recorded['client']}"
        )
        for name in differing:
            print(f"{name}\n  recorded: {recorded['cases'].get(name)}\n  measured: {measured['cases'].get(name)}")
        return bool(differing)
    RECORDED.write_text(json.dumps(measured, indent=1) + "\n", encoding="ascii")
    refused = sum("refused" in case for case in measured["cases"].values())
    print(f"{measured['client']}: {len(measured['cases'])} cases, {refused} of them refused")
    return 0


def find_kubectl(folder: Path) -> Path:
    """Return the kubectl of PATH if it is new enough, else one that Go builds in `folder`. Raises NoKubectl."""
    installed = shutil.which("kubectl")
    if installed and is_new_enough(version_of(Path(installed))):
        return Path(installed).absolute()
    return build(folder)


def is_new_enough(version: str) -> bool:
    """Check a version; kubectl of the Google Cloud SDK is a dispatcher, which asks the server and starts another one."""
    numbers = re.match(r"v(\d+)\.(\d+)\.", version)
    if numbers is None or "dispatcher" in version:
        return False
    return (int(numbers[1]), int(numbers[2])) >= OLDEST


def version_of(kubectl: Path) -> str:
    """Ask a kubectl for its version; empty if it does not tell."""
    try:
        run = subprocess.run(
            [kubectl, "version", "--client", "-o", "json"], capture_output=True, encoding="utf-8", timeout=60
        )
        return str(json.loads(run.stdout)["clientVersion"]["gitVersion"])
    except (OSError, ValueError, KeyError, subprocess.SubprocessError):
        return ""


def build(folder: Path) -> Path:
    """Build the command of the module, which takes minutes the first time. Raises NoKubectl."""
    if not shutil.which("go"):
        raise NoKubectl("there is no kubectl of 1.26 or newer, and no Go to build one")
    command = ["go", "list", "-m", "-f", "{{.Version}}", MODULE]
    try:
        version = subprocess.run(command, cwd=HERE, check=True, capture_output=True, encoding="utf-8").stdout.strip()
        # v0.34.5 of the module is 1.34.5 of Kubernetes.
        flags = f"-s -w -X k8s.io/component-base/version.gitVersion={version.replace('v0.', 'v1.', 1)}"
        command = ["go", "build", "-trimpath", "-ldflags", flags, "-o", str(folder / "kubectl"), "."]
        subprocess.run(command, cwd=HERE, check=True, capture_output=True, encoding="utf-8")
    except subprocess.CalledProcessError as error:
        raise NoKubectl(f"Go cannot build kubectl: {error.stderr.strip()[-500:]}") from None
    return folder / "kubectl"


def measure(kubectl: Path, folder: Path) -> Record:
    """Run a kubectl with every case, in new folders below `folder`."""
    matrix = load_matrix()
    cases = {}
    with Recorder(TLS) as recorder:
        for number, (name, spec) in enumerate(matrix.items()):
            recorder.clear()
            case = lay_out(spec, recorder, folder / f"case-{number}")
            cases[name] = _ask(kubectl, case, recorder)
    return {"client": f"kubectl {version_of(kubectl)}", "matrix": digest(matrix), "cases": cases}


def differences(recorded: Record, measured: Record) -> list[str]:
    """Return the names of the cases in which kubectl sends something else, or refuses for another class of reasons."""

    def essence(case: Record | None) -> Record | None:
        return case and case | {"refused": case.get("refused", {}).get("class")}

    names = dict.fromkeys([*recorded["cases"], *measured["cases"]])
    return [n for n in names if essence(recorded["cases"].get(n)) != essence(measured["cases"].get(n))]


def _ask(kubectl: Path, case: Case, recorder: Recorder) -> Record:
    run = subprocess.run(
        [kubectl, "get", "configmaps", *case.arguments],
        env=case.environment,
        cwd=case.working,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    found = sent(recorder, case)
    reached = bool(found.get("requests"))
    if reached != (run.returncode == 0):
        raise AssertionError(f"kubectl ended with {run.returncode} after {found}: {run.stderr}")
    return found if reached else found | {"refused": _refusal(named(run.stderr, recorder, case))}


def _refusal(words: str) -> Record:
    # Discovery logs each of its attempts before the last line says the same.
    words = "\n".join(line for line in words.splitlines() if not re.match(r"[EIW]\d{4} ", line)).strip()
    kind = next((name for name, pattern in REFUSALS if re.search(pattern, words)), "configuration")
    return {"class": kind, "words": words}


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NoKubectl as error:
        sys.exit(f"error: {error}")
