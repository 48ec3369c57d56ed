"""Commands on a cluster as their users meet them: sessions in `live/`, replayed against a stand-in API server.

`cluster.yaml` is what the cluster holds. UPDATE_EXPECTED=1 in the environment writes the sessions again; read the
difference before you believe it.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from apiserver import ApiServer
from transcript import at_terminal, replay

from isvclog.cli.main import main
from isvclog.manifest import Object, load, read_file

SESSIONS = sorted(path.parent for path in (Path(__file__).parent / "live").glob("*/run.txt"))
OBJECT = "/apis/serving.kserve.io/v1beta1/namespaces/risk/inferenceservices/fraud"


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    for name in ("FORCE_COLOR", "COLUMNS", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with ApiServer() as api:
        monkeypatch.setenv("KUBECONFIG", api.kubeconfig(tmp_path))
        yield api


def fill(cluster: ApiServer, session: Path) -> None:
    for item in load(read_file(str(session / "cluster.yaml")), ()):
        assert isinstance(item, Object), item
        cluster.add(item.data)


@pytest.mark.parametrize("session", SESSIONS, ids=lambda path: path.name)
def test_a_session_goes_as_it_is_written(
    session: Path, cluster: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shutil.copytree(session, tmp_path / session.name, ignore=shutil.ignore_patterns("run.txt")))
    fill(cluster, session)

    def stored(name: str) -> Iterator[str]:
        item = cluster.object("inferenceservices", *name.split("/"))
        yield f"annotations: {json.dumps(item['metadata'].get('annotations'))}"
        for part in ("predictor", "transformer"):
            yield f"{part}: {json.dumps(item['spec'].get(part, {}).get('logger'))}"

    def forbid(plural: str, verb: str = "") -> tuple[str, ...]:
        cluster.forbid(plural, verb)
        return ()

    def warn(*words: str) -> tuple[str, ...]:
        cluster.warnings.append(" ".join(words))
        return ()

    def refuse(name: str, code: str, *words: str) -> tuple[str, ...]:
        status = {"kind": "Status", "message": " ".join(words), "reason": "Forbidden", "code": int(code)}
        namespace, _, short = name.partition("/")
        path = OBJECT.replace("risk", namespace).replace("fraud", short)
        cluster.fail(path, int(code), times=-1, body=status, method="PATCH")
        return ()

    written = (session / "run.txt").read_text(encoding="utf-8")
    found = replay(written, {"stored": stored, "forbid": forbid, "warn": warn, "refuse": refuse})
    assert "this is a bug" not in found
    if os.environ.get("UPDATE_EXPECTED"):
        (session / "run.txt").write_text(found, encoding="utf-8", newline="\n")
    assert found == (session / "run.txt").read_text(encoding="utf-8")


def test_what_others_change_meanwhile_stays(cluster: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    fill(cluster, SESSIONS[0].parent / "edit")
    others = iter(["one"])

    def change() -> None:
        if name := next(others, None):
            item = cluster.object("inferenceservices", "risk", "fraud")
            item["metadata"]["annotations"][name] = "theirs"
            cluster.update(item)

    cluster.before_patch = change
    assert main(["add-annotation", "risk/fraud", "mine=yes"]) == 0
    item = cluster.object("inferenceservices", "risk", "fraud")
    assert item["metadata"]["annotations"] == {
        "example.com/team": "risk",
        "one": "theirs",
        "mine": "yes",
    }
    assert [request.method for request in cluster.requests].count("PATCH") == 1
    assert capsys.readouterr().err.count("the change replaces") == 1


def listing(cluster: ApiServer, *keys: str) -> Callable[[], None]:
    """Return what adds one of the keys to the list of the service, each time it is called."""
    others = iter(keys)

    def change() -> None:
        if key := next(others, None):
            item = cluster.object("inferenceservices", "risk", "fraud")
            item["spec"]["predictor"]["logger"].setdefault("metadataAnnotations", []).append(key)
            cluster.update(item)

    return change


def test_keys_that_others_list_meanwhile_stay(cluster: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    fill(cluster, SESSIONS[0].parent / "edit")
    cluster.before_patch = listing(cluster, "one", "example.com/plan")
    assert main(["add-annotation", "risk/fraud", "example.com/plan=gold"]) == 0
    item = cluster.object("inferenceservices", "risk", "fraud")
    assert item["spec"]["predictor"]["logger"]["metadataAnnotations"] == ["example.com/team", "one", "example.com/plan"]
    assert item["metadata"]["annotations"]["example.com/plan"] == "gold"
    assert [request.method for request in cluster.requests].count("PATCH") == 3
    said = capsys.readouterr()
    assert said.err.count("the change replaces") == 1
    assert "already lists `example.com/plan`" in said.out


def test_a_list_that_others_extend_meanwhile_is_not_removed(cluster: ApiServer) -> None:
    fill(cluster, SESSIONS[0].parent / "edit")
    cluster.before_patch = listing(cluster, "one")
    assert main(["remove-annotation", "risk/fraud", "example.com/team"]) == 0
    logger = cluster.object("inferenceservices", "risk", "fraud")["spec"]["predictor"]["logger"]
    assert logger["metadataAnnotations"] == ["one"]


def test_a_value_that_others_set_meanwhile_is_not_overwritten(
    cluster: ApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(cluster, SESSIONS[0].parent / "edit")

    def change() -> None:
        item = cluster.object("inferenceservices", "risk", "fraud")
        item["metadata"]["annotations"]["example.com/plan"] = "theirs"
        cluster.update(item)

    cluster.before_patch = change
    assert main(["add-annotation", "risk/fraud", "example.com/plan=mine"]) == 3
    assert "has another value; pass --overwrite" in capsys.readouterr().err
    item = cluster.object("inferenceservices", "risk", "fraud")
    assert item["metadata"]["annotations"]["example.com/plan"] == "theirs"
    assert item["spec"]["predictor"]["logger"]["metadataAnnotations"] == ["example.com/team"]


def test_a_service_that_is_created_anew_meanwhile_is_read_again(cluster: ApiServer) -> None:
    fill(cluster, SESSIONS[0].parent / "edit")
    anew = iter([True])

    def change() -> None:
        if next(anew, False):
            item = cluster.object("inferenceservices", "risk", "fraud")
            cluster.delete("inferenceservices", "risk", "fraud")
            del item["metadata"]["uid"]
            cluster.add(item)

    cluster.before_patch = change
    assert main(["add-annotation", "risk/fraud", "mine=yes"]) == 0
    assert [request.method for request in cluster.requests].count("PATCH") == 2


def test_a_list_that_changes_all_the_time_is_left_alone(cluster: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    fill(cluster, SESSIONS[0].parent / "edit")
    cluster.before_patch = listing(cluster, *"abcdef")
    assert main(["add-annotation", "risk/fraud", "mine=yes"]) == 3
    assert "somebody else changed the same fields of risk/fraud 5 times in a row" in capsys.readouterr().err
    logger = cluster.object("inferenceservices", "risk", "fraud")["spec"]["predictor"]["logger"]
    assert logger["metadataAnnotations"] == ["example.com/team", *"abcde"]


def test_what_the_server_drops_is_told(cluster: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    fill(cluster, SESSIONS[0].parent / "edit")
    item: Any = cluster.object("inferenceservices", "risk", "fraud")
    del item["spec"]["predictor"]["logger"]["metadataAnnotations"]
    cluster.fail(OBJECT, 200, body=item, method="PATCH")
    assert main(["add-annotation", "risk/fraud", "example.com/plan"]) == 3
    said = capsys.readouterr()
    assert "did not keep `spec.predictor.logger.metadataAnnotations`" in said.err
    assert said.out == ""


@pytest.mark.parametrize("command", ["audit -A", "lint --live -A", "validate --live -A", "preview risk/fraud"])
def test_no_note_is_within_json_on_a_terminal(command: str, cluster: ApiServer) -> None:
    fill(cluster, SESSIONS[0].parent / "edit")
    cluster.forbid("configmaps")
    cluster.forbid("pods")
    cluster.add_raw("inferenceservices", {"metadata": {"name": "odd"}})
    words = ["isvclog", *command.split(), "-o", "json"]
    lines, code = at_terminal(words, 80)
    notes = [line for line in lines if line.startswith("isvclog: ")]
    start = next(number for number, line in enumerate(lines) if not line.startswith("isvclog: "))
    json.loads("\n".join(lines[start : start + len(lines) - len(notes)]))
    assert any("configmap" in line.lower() for line in notes)
    assert code == (0 if "preview" in command else 3)
