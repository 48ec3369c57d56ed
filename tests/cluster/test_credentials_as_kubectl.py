"""What isvclog sends with the kubeconfigs of credentials/matrix.yaml is what kubectl sends.

`oracles/kubectl` recorded what kubectl sends; its page says how.
"""

import io
import json
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from isvclog.cli.main import main
from oracles.kubectl import measure
from oracles.kubectl.matrix import RECORDED, TLS, Case, digest, lay_out, load_matrix, sent
from oracles.kubectl.recorder import Recorder

Record = dict[str, Any]

MATRIX = load_matrix()
RECORDING: Record = json.loads(RECORDED.read_text(encoding="ascii"))
ASK = "ISVCLOG_ASK_KUBECTL"
SECRETS = ("t0ken", "from-file", "plugin-token", "s3cret", "l:öve", "p%40ss", "p@ss", "renewed-refresh")

KNOWN: dict[str, str] = {}
"""What deliberately differs: reasons, with the names of the cases. A row that agrees again has to be removed."""

REASONS = {name: reason for reason, names in KNOWN.items() for name in names.split()}
LOGIN = "kubectl oidc-login"
"""isvclog may refuse an identity provider with these words instead of asking it."""

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # as for the program itself
    pytest.mark.skipif(sys.platform == "win32", reason="the exec plugin of the matrix is a shell script"),
]


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    """Servers, proxies and an identity provider on loopback."""
    with Recorder(TLS) as servers:
        yield servers


@pytest.fixture(scope="module")
def kubectl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kubectl to ask. Go builds it while HOME is still that of the user, where its caches are."""
    if not os.environ.get(ASK):
        pytest.skip(f"kubectl is asked again only with {ASK}=1")
    try:
        return measure.find_kubectl(tmp_path_factory.mktemp("kubectl"))
    except measure.NoKubectl as reason:
        pytest.skip(str(reason))


@pytest.fixture
def case(request: pytest.FixtureRequest, recorder: Recorder, tmp_path: Path) -> Case:
    """The case of the matrix with the name that the test got, laid out."""
    recorder.clear()
    return lay_out(MATRIX[request.getfixturevalue("name")], recorder, tmp_path / "case")


def run(case: Case, arguments: list[str], **variables: str) -> int:
    """Run isvclog in this process, with the environment of a case and nothing else."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            patch.delenv(name)
        for name, value in (case.environment | variables).items():
            patch.setenv(name, value)
        patch.chdir(case.working)
        patch.setattr(sys, "stdin", io.StringIO())
        return main(arguments)


@pytest.mark.parametrize("name", MATRIX)
def test_isvclog_sends_what_kubectl_sends(
    name: str, case: Case, recorder: Recorder, capsys: pytest.CaptureFixture[str]
) -> None:
    run(case, ["preview", "x", *case.arguments])
    output = capsys.readouterr()
    assert not [secret for secret in SECRETS if secret in output.out + output.err]
    found, recorded = sent(recorder, case), dict(RECORDING["cases"][name])
    refusal = recorded.pop("refused", None)
    agrees = found == recorded and "this is a bug" not in output.err
    if name.startswith("oidc-") and not found and LOGIN in output.err:
        agrees = True
    if name in REASONS:
        assert not agrees, f"isvclog does as kubectl now: remove {name} from KNOWN ({REASONS[name]})"
    else:
        assert agrees, f"sent: {found}\nkubectl: {recorded} {refusal or ''}\n{output.err}"


@pytest.mark.parametrize("name", MATRIX)
def test_completion_sends_nothing_that_kubectl_does_not_send(
    name: str, case: Case, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from isvclog.cli.options import completion

    monkeypatch.setattr(completion, "_SECONDS", 60)
    words = shlex.join(["isvclog", "preview", *case.arguments, ""])
    count = str(len(case.arguments) + 2)
    with suppress(SystemExit):
        run(case, [], _ISVCLOG_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=count)
    found, recorded = sent(recorder, case), RECORDING["cases"][name]
    assert not [entry for key in found for entry in found[key] if entry not in recorded.get(key, ())]


def test_the_recording_is_of_this_matrix() -> None:
    assert RECORDING["matrix"] == digest(MATRIX), "the matrix has changed: run `python -m oracles.kubectl.measure`"
    assert list(RECORDING["cases"]) == list(MATRIX)
    assert not set(REASONS) - set(MATRIX)


def test_kubectl_sends_what_was_recorded(kubectl: Path, tmp_path: Path) -> None:
    measured = measure.measure(kubectl, tmp_path)
    assert not {name: measured["cases"][name] for name in measure.differences(RECORDING, measured)}


@pytest.mark.parametrize(
    ("version", "is_new_enough"),
    [
        ("v1.34.5", True),
        ("v1.26.0", True),
        ("v1.30.3-eks-036c24b", True),
        ("v2.0.0", True),
        ("v1.25.16", False),
        ("v1.20.2", False),  # Debian's
        ("v1.32.4-dispatcher", False),  # starts another one, after a request to the server
        ("", False),
    ],
)
def test_an_old_kubectl_is_not_asked(version: str, is_new_enough: bool) -> None:
    assert measure.is_new_enough(version) is is_new_enough
