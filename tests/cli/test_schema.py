import json
from pathlib import Path

import pytest

from isvclog.cli.main import main
from isvclog.kserve.apis.releases import NEWEST, find_release
from isvclog.kserve.apis.schema import service_schema


def test_the_newest_release_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == service_schema(NEWEST)


def test_another_release(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--kserve-version", "v0.15"]) == 0
    output = json.loads(capsys.readouterr().out)
    assert output == service_schema(find_release("0.15"))
    assert output != service_schema(NEWEST)


@pytest.mark.parametrize("release", ["0.7.0", "0.15.2", str(NEWEST), "next"])
def test_the_published_file_is_what_is_printed(release: str, capsys: pytest.CaptureFixture[str]) -> None:
    published = Path(__file__).parents[2] / "schemas" / f"inferenceservice-{release}.json"
    assert main(["schema", "--kserve-version", release]) == 0
    assert capsys.readouterr().out == published.read_text(encoding="utf-8")
