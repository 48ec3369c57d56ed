"""Commands on a cluster as their users meet them: sessions in `live/`, replayed against a stand-in API server.

`cluster.yaml` is what the cluster holds. UPDATE_EXPECTED=1 in the environment writes the sessions again; read the
difference before you believe it.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from apiserver import ApiServer
from transcript import replay

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

    written = (session / "run.txt").read_text(encoding="utf-8")
    found = replay(written, {"stored": stored, "forbid": forbid, "warn": warn})
    assert "this is a bug" not in found
    if os.environ.get("UPDATE_EXPECTED"):
        (session / "run.txt").write_text(found, encoding="utf-8", newline="\n")
    assert found == (session / "run.txt").read_text(encoding="utf-8")


def test_what_others_change_meanwhile_stays(cluster: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    fill(cluster, SESSIONS[0].parent / "edit")
    others = iter(["one", "two"])

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
        "two": "theirs",
        "mine": "yes",
    }
    assert [request.method for request in cluster.requests].count("PATCH") == 3
    assert capsys.readouterr().err.count("the change replaces") == 1


def test_a_service_that_changes_all_the_time_is_left_alone(
    cluster: ApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(cluster, SESSIONS[0].parent / "edit")

    def change() -> None:
        cluster.update(cluster.object("inferenceservices", "risk", "fraud"))

    cluster.before_patch = change
    before = cluster.object("inferenceservices", "risk", "fraud")["spec"]
    assert main(["add-annotation", "risk/fraud", "mine=yes"]) == 3
    assert "5 times in a row" in capsys.readouterr().err
    assert cluster.object("inferenceservices", "risk", "fraud")["spec"] == before


def test_what_the_server_drops_is_told(cluster: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
    fill(cluster, SESSIONS[0].parent / "edit")
    item: Any = cluster.object("inferenceservices", "risk", "fraud")
    del item["spec"]["predictor"]["logger"]["metadataAnnotations"]
    cluster.fail(OBJECT, 200, body=item, method="PATCH")
    assert main(["add-annotation", "risk/fraud", "example.com/plan"]) == 3
    said = capsys.readouterr()
    assert "did not keep `spec.predictor.logger.metadataAnnotations`" in said.err
    assert said.out == ""
