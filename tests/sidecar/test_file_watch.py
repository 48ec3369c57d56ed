"""Manifests that are followed: replaced, half-written, invalid, removed and back."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from sidecars import CLOSED

from isvclog.errors import IsvclogError
from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import NEWEST
from isvclog.kserve.prediction import Prediction, predict
from isvclog.preview.inputs import read_inputs
from isvclog.sidecar.following.file_watch import Patience, follow_files
from isvclog.sidecar.following.updates import UpdateControl
from isvclog.sidecar.server import Plan, SidecarServer

SERVICE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
  namespace: ml
  annotations:
    team: {team}
spec:
  predictor:
    logger:
      mode: all
      url: http://sink.example
      metadataAnnotations: [team]
    model: {{modelFormat: {{name: sklearn}}, storageUri: gs://models/iris}}
"""


class Followed:
    """A sidecar whose manifest is followed; `write` replaces the file, as editors do."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "isvc.yaml"
        self.write(SERVICE.format(team="red"))
        self.reports: list[str] = []
        self._reported = asyncio.Event()
        first = self.predict()
        self.server = SidecarServer(Plan(first.settings, CLOSED), pytest.fail)
        self.control = UpdateControl(self.server, first.args, self._report)

    def predict(self) -> Prediction:
        inputs = read_inputs([str(self.file)])
        if inputs.failures:
            raise IsvclogError(inputs.failures[0])
        (item,) = inputs.choose("iris")
        service = read_service(item.data, NEWEST)
        return predict(service, service.components["predictor"], Installation(NEWEST))

    def _report(self, sentence: str) -> None:
        self.reports.append(sentence)
        self._reported.set()

    def write(self, text: str) -> None:
        written = self.file.with_suffix(".new")
        written.write_text(text)
        os.replace(written, self.file)

    async def told(self) -> str:
        """Wait for the next report."""
        await asyncio.wait_for(self._reported.wait(), 10)
        self._reported.clear()
        return self.reports[-1]

    @property
    def team(self) -> str:
        assert self.server.settings is not None
        return self.server.settings.annotations["team"]


def follow(folder: Path, test: Callable[[Followed], Awaitable[None]], unfinished: float = 0) -> None:
    async def main() -> None:
        followed = Followed(folder)
        files = follow_files([str(folder)], followed.predict, followed.control, Patience(0.01, unfinished))
        following = asyncio.create_task(files)
        try:
            await test(followed)
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following

    asyncio.run(main())


def test_each_way_to_write_a_file(tmp_path: Path) -> None:
    async def write(followed: Followed) -> None:
        followed.write(SERVICE.format(team="blue"))
        assert (await followed.told()).startswith("generation 2: annotation team changed;")
        followed.file.write_text(SERVICE.format(team="grey"))  # in place, with the same size
        assert (await followed.told()).startswith("generation 3: annotation team changed;")
        assert followed.team == "grey"

    follow(tmp_path, write)


def test_an_invalid_file_keeps_the_metadata(tmp_path: Path) -> None:
    async def write(followed: Followed) -> None:
        for text, reason in (
            (SERVICE.format(team="blue") + "  cut: [", "isvc.yaml"),
            (SERVICE.format(team="blue").replace("name: iris", "name: other"), "there is no InferenceService 'iris'"),
            (
                SERVICE.format(team="blue").replace("all", "some"),
                "the API server would not accept",
            ),
            (SERVICE.format(team="'a,b'"), "the agent would not start (exit code 255)"),
        ):
            followed.write(text)
            told = await followed.told()
            assert told.startswith("a change is not used, and generation 1 stays: ")
            assert reason in told
        followed.file.unlink()
        assert "generation 1 stays" in await followed.told()
        assert followed.team == "red"
        followed.write(SERVICE.format(team="red"))
        assert await followed.told() == "the settings are those of generation 1 again."
        followed.write(SERVICE.format(team="blue"))
        assert (await followed.told()).startswith("generation 2:")

    follow(tmp_path, write)


def test_a_half_written_file_is_read_again(tmp_path: Path) -> None:
    async def write(followed: Followed) -> None:
        text = SERVICE.format(team="blue")
        for end in range(0, len(text), 20):
            followed.file.write_text(text[:end])
            await asyncio.sleep(0.02)
        followed.file.write_text(text)
        assert (await followed.told()).startswith("generation 2:")
        assert len(followed.reports) == 1

    follow(tmp_path, write, unfinished=60)


def test_a_change_before_the_first_look_is_seen(tmp_path: Path) -> None:
    async def main() -> None:
        followed = Followed(tmp_path)
        followed.write(SERVICE.format(team="blue"))
        files = follow_files([str(tmp_path)], followed.predict, followed.control, Patience(0.01, 0))
        following = asyncio.create_task(files)
        assert (await followed.told()).startswith("generation 2:")
        following.cancel()

    asyncio.run(main())
