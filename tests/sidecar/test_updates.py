"""Changes of a service while its sidecar runs: which are applied, which are refused, and what is reported."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deliveries import settings_of
from live_cluster import service
from sidecars import CLOSED

from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.prediction import Prediction, predict
from isvclog.sidecar.following.updates import ROLLOUT, Update, UpdateControl, update_from
from isvclog.sidecar.server import Plan, SidecarServer

INSTALLATION = Installation(find_release("0.20.0"))
SECRET = "hunter2-hunter2"


def predicted(item: dict[str, Any]) -> Prediction:
    read = read_service(item, INSTALLATION.release)
    return predict(read, read.components["predictor"], INSTALLATION)


def annotated(**logger: Any) -> dict[str, Any]:
    item = service(metadataAnnotations=["team", "tier"], **logger)
    item["metadata"]["annotations"] = {"team": "risk", "tier": "gold"}
    return item


def reported(change: Callable[[dict[str, Any]], object], max_metadata: int = 1000) -> tuple[int, list[str]]:
    """Change a service; return the generation that its sidecar has then, and what was reported."""
    before = predicted(annotated())
    changed = annotated()
    change(changed)

    async def main() -> tuple[int, list[str]]:
        reports: list[str] = []
        server = SidecarServer(Plan(before.settings, CLOSED, max_metadata=max_metadata), pytest.fail)
        UpdateControl(server, before.args, reports.append).apply(update_from(predicted(changed)))
        return server.number, reports

    return asyncio.run(main())


def annotate(**annotations: str) -> Callable[[dict[str, Any]], object]:
    return lambda item: item["metadata"]["annotations"].update(annotations)


def log(**logger: Any) -> Callable[[dict[str, Any]], object]:
    return lambda item: item["spec"]["predictor"]["logger"].update(logger)


def batch(item: dict[str, Any]) -> None:
    item["spec"]["predictor"]["batcher"] = {"maxBatchSize": 7}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (annotate(team=SECRET), "annotation team changed"),
        (annotate(team=SECRET, tier=SECRET), "annotation team and annotation tier changed"),
        (annotate(team=f"a,{SECRET}=b"), "annotation team and 1 other annotation changed"),
        (log(metadataAnnotations=["team"]), "annotation tier changed"),
        (log(url=f"http://u:{SECRET}@sink.example"), "--log-url changed"),
        (log(mode="request", metadataHeaders=["X-A"]), "--log-mode and --metadata-headers changed"),
        (lambda item: item["spec"]["predictor"].pop("logger"), "no logger runs any more, so no events are sent"),
    ],
)
def test_what_is_swapped(change: Callable[[dict[str, Any]], object], told: str) -> None:
    assert reported(change) == (2, [f"generation 2: {told}; {ROLLOUT}."])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            annotate(team=f"a,{SECRET}"),
            "the agent would not start (exit code 255): an annotation is not a key=value pair; "
            "`isvclog preview` shows the remedy",
        ),
        (
            annotate(team=f'a"{SECRET}'),
            "the agent would not start (exit code 2): a flag's value cannot be read; "
            "`isvclog preview` shows the remedy",
        ),
        (
            annotate(team="x" * 1000),
            "the listed annotations have 1,012 bytes, and --max-metadata allows 1,000: list fewer, shorten their "
            "values, or allow more with --max-metadata",
        ),
    ],
    ids=["pair", "flag", "size"],
)
def test_what_is_refused(change: Callable[[dict[str, Any]], object], reason: str) -> None:
    assert reported(change) == (1, [f"a change is not used, and generation 1 stays: {reason}."])


def test_what_takes_effect_at_the_start_only() -> None:
    number, reports = reported(batch)
    assert number == 2
    told = "--enable-batcher and --max-batchsize changed; restart simulate to use the new value."
    assert reports[1] == told


def test_a_change_is_refused_once_and_its_end_is_reported() -> None:
    before, crashing = predicted(annotated()), annotated()
    annotate(team="a,b")(crashing)

    async def main() -> list[str]:
        reports: list[str] = []
        control = UpdateControl(SidecarServer(Plan(before.settings, CLOSED), pytest.fail), before.args, reports.append)
        for prediction in (before, predicted(crashing), predicted(crashing), before, before):
            control.apply(update_from(prediction))
        return reports

    refused, again = asyncio.run(main())
    assert refused.startswith("a change is not used")
    assert again == "the settings are those of generation 1 again."


def test_no_value_is_reported() -> None:
    for change in (annotate(team=SECRET), annotate(team=f"a,{SECRET}"), log(url=f"http://u:{SECRET}@sink.example")):
        assert SECRET not in str(reported(change))


def test_a_sink_that_becomes_object_storage(tmp_path: Path) -> None:
    blob = settings_of("--log-url", "s3://bucket/models", "--log-store-path", "logs")
    (tmp_path / "file").touch()

    async def main(folder: Path) -> list[str]:
        reports: list[str] = []
        plan = Plan(predicted(annotated()).settings, CLOSED, blob_dir=str(folder))
        server = SidecarServer(plan, pytest.fail)
        queue = server.queue
        UpdateControl(server, (), reports.append).apply(Update(blob))
        assert (server.queue is queue) is (server.number == 1)
        return reports

    told, stored = asyncio.run(main(tmp_path / "new"))
    assert told.startswith("generation 2: ")
    assert stored == f"Objects are stored below {tmp_path / 'new'}."
    (refused,) = asyncio.run(main(tmp_path / "file"))
    assert refused.startswith("a change is not used, and generation 1 stays: ")
