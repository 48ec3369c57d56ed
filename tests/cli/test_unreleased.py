"""What KServe has not released (`--kserve-version next`), and what was not measured: each command says which it is."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from isvclog.cli.main import main

Run = Callable[..., tuple[int, str, str]]
NEXT = ("--kserve-version", "next")
UNMEASURED = "isvclog was not tested with its agent, and assumes the one of 2026-08-21, between 0.20.0 and 0.21.0"
MANIFEST = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: m, namespace: ns}
spec:
  predictor:
    logger: {mode: MODE, url: "URL", logAllResponses: true, storage: {path: p, key: k, parameters: {}}}
    BATCHERmodel: {modelFormat: {name: sklearn}, storageUri: "gs://b/m"}
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    monkeypatch.chdir(tmp_path)

    def write(mode: str = "all", url: str = "http://sink.ns/", batcher: str = "") -> None:
        text = MANIFEST.replace("MODE", mode).replace("URL", url).replace("BATCHER", batcher)
        (tmp_path / "isvc.yaml").write_text(text)

    return write


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], write: Callable[..., None]) -> Run:
    """Run a command in this process: exit code, standard output, standard error."""
    write()

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        output = capsys.readouterr()
        return code, output.out, output.err

    return run


def previewed(run: Run, *options: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the document, and the component in it."""
    document = json.loads(run("preview", "isvc.yaml", "-o", "json", *options)[1])
    return document, document["services"][0]["components"][0]


def statuses(component: dict[str, Any]) -> dict[str, str | None]:
    """The status in each event, by the half that it is about."""
    return {
        headers["Ce-Type"].rpartition(".")[2]: headers.get("Ce-Statuscode")
        for headers in map(headers_of, component["events"])
    }


def headers_of(event: dict[str, Any]) -> dict[str, str]:
    return {header["name"]: header["value"] for header in event["headers"]}


def test_a_preview_says_what_it_rests_on(run: Run) -> None:
    for options, shown, caution in (
        ((), "KServe 0.21.0, ", UNMEASURED),
        (("--kserve-version", "0.20"), "KServe 0.20.0, ", None),
        (
            NEXT,
            "KServe next (not released), ",
            "not released: it is 0.21.0 (isvclog was not tested with its agent) plus",
        ),
    ):
        assert run("preview", "isvc.yaml", *options)[1].splitlines()[1].startswith(shown)
        text = run("preview", "isvc.yaml", "--full", *options)[1]
        assert text.splitlines()[1].startswith(shown)
        document, _ = previewed(run, *options)
        if caution is None:
            assert (document["kserveVersionNote"], "caution" in text) == (None, False)
        else:
            assert document["kserveVersionNote"].startswith(caution)
            assert text.splitlines()[2].startswith(f"  caution   {caution}")
    assert document["kserveVersion"] == "next"


@pytest.mark.parametrize("command", ["lint", "validate"])
def test_only_verbose_checks_say_it(run: Run, command: str) -> None:
    assert "measured" not in run(command, "isvc.yaml")[2]
    assert f"isvclog: KServe 0.21.0: {UNMEASURED}.\n" in run(command, "isvc.yaml", "-v")[2]
    assert "isvclog: KServe next: not released: " in run(command, "isvc.yaml", "-v", *NEXT)[2]
    errors = run(command, "isvc.yaml", "-v", "--kserve-version", "0.20")[2]
    assert errors.startswith("isvclog: KServe 0.20.0")
    assert errors.count("\n") == 1
    code, _, errors = run(command, "isvc.yaml", "-v", "-q")
    assert (code, errors) == (2, "isvclog: error: --quiet and --verbose exclude each other.\n")


@pytest.mark.parametrize(
    ("mode", "status", "found"),
    [
        ("all", "422", {"request": None, "response": "422"}),
        ("all", "200", {"request": None, "response": "200"}),
        ("all", "204", {"request": None, "response": "204"}),
        ("response", "500", {"response": "500"}),
        ("request", "500", {"request": None}),
        ("all", "101", {"request": None}),
    ],
)
def test_responses_of_every_status_carry_it(
    run: Run, write: Callable[..., None], mode: str, status: str, found: dict[str, str | None]
) -> None:
    write(mode)
    _, component = previewed(run, "--status", status, *NEXT)
    assert statuses(component) == found
    if status == "204":
        assert headers_of(component["events"][1])["Content-Length"] == "0"


def test_it_is_dropped_by_every_release(run: Run) -> None:
    _, component = previewed(run, "--status", "422")
    assert (component["prunedFields"], statuses(component)) == (["logAllResponses"], {"request": None})
    code, output, _ = run("validate", "isvc.yaml", "-o", "text")
    assert code == 1
    assert "KServe 0.21.0 does not know `logAllResponses`" in output
    assert "Remove it: no release has it, it is only proposed for KServe (#2722 and #6036 of kserve/kserve)." in output
    assert run("validate", "isvc.yaml", "--strict", *NEXT)[0] == 0


def test_what_is_not_known_of_it_is_said(run: Run, write: Callable[..., None]) -> None:
    _, component = previewed(run, *NEXT)
    limits, unknown = component["notes"]
    assert "while 100 wait (#6173), and waits for the sink at most 10 s" in limits
    assert "annotation and the argument for logAllResponses are not known yet" in unknown
    assert not any("all-responses" in argument for argument in component["agent"]["args"])
    write(url="s3://bucket")
    limits, unknown = previewed(run, *NEXT)[1]["notes"]
    assert "10 s" not in limits
    assert "whether a stored record has the status" in unknown
    write(batcher="batcher: {maxBatchSize: 2}\n    ")
    _, component = previewed(run, *NEXT)
    assert statuses(component) == {"request": None}
    assert any("not known what logAllResponses logs of a batcher's answer" in note for note in component["notes"])


def test_a_field_of_another_type_is_rejected(run: Run, tmp_path: Path) -> None:
    text = (tmp_path / "isvc.yaml").read_text()
    (tmp_path / "isvc.yaml").write_text(text.replace("Responses: true", "Responses: sometimes"))
    assert run("validate", "isvc.yaml", *NEXT)[1].endswith("[wrong-type]\n")
    document = json.loads(run("preview", "isvc.yaml", "-o", "json", *NEXT)[1])
    assert document["services"][0]["rejected"]["reason"] == "must be a boolean, is a string"


def test_the_agent_of_next_cannot_be_simulated(run: Run) -> None:
    code, _, errors = run("simulate", "isvc.yaml", *NEXT)
    assert code == 2
    assert "simulate cannot run the agent of KServe next (not released)" in errors


def test_a_project_file_may_ask_for_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".isvclog.yaml").write_text("kserveVersion: next\n")
    code, _, errors = run("lint", "isvc.yaml", "-v", "--select", "unknown-to-release")
    assert (code, errors.startswith("isvclog: KServe next (not released), ")) == (0, True)
