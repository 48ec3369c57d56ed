"""A service in a cluster that is followed, with a stand-in of the API server."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest
from apiserver import ApiServer
from live_cluster import config, runtime, service
from sidecars import CLOSED

from isvclog.cluster import Access
from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.prediction import Prediction, predict
from isvclog.live import find_service
from isvclog.live.scope import ScopeSettings, open_scope
from isvclog.manifest import Object
from isvclog.sidecar.following.service_watch import Followed, ServiceWatch
from isvclog.sidecar.following.updates import UpdateControl, update_from
from isvclog.sidecar.server import Plan, SidecarServer

TEAM = ("metadata", "annotations", "team")


@pytest.fixture
def api() -> Iterator[ApiServer]:
    with ApiServer() as server:
        server.add(config(), runtime(), service())
        yield server


def predict_item(item: Object, installation: Installation) -> Prediction:
    read = read_service(item.data, installation.release)
    return predict(read, read.components["predictor"], installation)


def test_changes_of_the_service_and_of_the_config_map(api: ApiServer, tmp_path: Path) -> None:
    asyncio.run(follow(api, tmp_path))


async def follow(api: ApiServer, folder: Path) -> None:
    reports: Queue[str] = Queue()
    settings = ScopeSettings(Access(kubeconfig=api.kubeconfig(folder)), names=["ml/iris"])
    with open_scope(settings, pytest.fail) as scope:
        item = find_service(scope.cluster, "ml/iris")
        first = update_from(predict_item(item, scope.facts.installation(item.data)))
        server = SidecarServer(Plan(first.settings, CLOSED), pytest.fail)
        control = UpdateControl(server, first.args, reports.put)
        ServiceWatch(Followed(scope, item, predict_item), control, pytest.fail).start()

        async def told() -> str:
            return await asyncio.wait_for(asyncio.to_thread(reports.get, timeout=10), 10)

        changed = service()
        changed["metadata"]["annotations"]["team"] = "fraud"
        api.update(changed)
        assert (await told()).startswith("generation 2: annotation team changed;")
        changed["metadata"]["annotations"]["team"] = "a,b"
        api.update(changed)
        assert "generation 2 stays: the agent would not start (exit code 255)" in await told()
        api.update(service())
        assert (await told()).startswith("generation 3: annotation team changed;")
        logger = json.loads(config()["data"]["logger"]) | {"caCertFile": "other.crt", "caBundle": "ca"}
        api.update(config("kserve/agent:v0.20.0", logger=json.dumps(logger)))
        assert "generation 4: " in await told()
        api.delete("inferenceservices", "ml", "iris")
        assert await told() == "a change is not used, and generation 4 stays: the service was deleted."
