import json
import shutil
import subprocess
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


def test_a_catalog_is_laid_out_by_group_kind_and_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalog = tmp_path / "new" / "catalog"
    file = catalog / "serving.kserve.io" / "inferenceservice_v1beta1.json"
    for release in ("0.15", "0.16"):
        assert main(["schema", release, "--catalog", str(catalog)]) == 0
        assert json.loads(file.read_text(encoding="utf-8")) == service_schema(find_release(release))
        printed = capsys.readouterr()
        assert (printed.out, printed.err) == ("", f"isvclog: wrote {file}.\n")


def test_a_catalog_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["schema", "--catalog", str(tmp_path / "file")]) == 3
    assert "cannot be created" in capsys.readouterr().err


GOOD = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: fraud}
spec: {predictor: {logger: {mode: all}, model: {modelFormat: {name: sklearn}}}}
"""


@pytest.mark.skipif(shutil.which("kubeconform") is None, reason="kubeconform is not installed")
def test_kubeconform_finds_the_schema(tmp_path: Path) -> None:
    assert main(["schema", "--catalog", str(tmp_path)]) == 0
    layout = f"{tmp_path}/{{{{.Group}}}}/{{{{.ResourceKind}}}}_{{{{.ResourceAPIVersion}}}}.json"
    for text, code in ((GOOD, 0), (GOOD.replace("mode: all", "mode: al"), 1)):
        ended = subprocess.run(["kubeconform", "-schema-location", layout], input=text, text=True, capture_output=True)
        assert ended.returncode == code, ended.stdout + ended.stderr
