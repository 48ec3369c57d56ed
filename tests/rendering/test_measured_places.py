"""A short run of the evaluation of places in sources, on a chart and an overlay."""

import shutil
from pathlib import Path

import pytest

from evaluations.rendered_places import OWN_SERVICE, main


@pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")
@pytest.mark.skipif(not shutil.which("kustomize"), reason="kustomize is not installed")
def test_traps_are_found_where_they_were_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (
        ("charts/fraud/Chart.yaml", "apiVersion: v2\nname: fraud\nversion: 0.1.0\n"),
        ("charts/fraud/templates/isvc.yaml", OWN_SERVICE),
        ("charts/other/Chart.yaml", "apiVersion: v2\nname: other\nversion: 0.1.0\n"),
        ("charts/other/templates/config.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"),
        ("base/kustomization.yaml", "resources: [isvc.yaml]\n"),
        ("base/isvc.yaml", OWN_SERVICE.replace("{{ .Release.Name }}", "fraud")),
        ("prod/kustomization.yaml", "resources:\n- ../base\n"),
    ):
        file = tmp_path / "trees" / "repository" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert main([str(tmp_path / "trees"), "--quick"]) == 0
    header, real, patches, own, total = capsys.readouterr().out.splitlines()
    assert header.split() == ["exact", "first", "line", "wrong", "outside", "silent", "traps"]
    assert real.split() == ["real", "15", "0", "0", "0", "0", "15"]
    assert patches.split() == ["patches", "0", "0", "0", "0", "0", "0"]
    assert own.split() == ["own", "5", "0", "0", "0", "0", "5"]
    assert total == "20 traps in 4 InferenceServices of charts and overlays; 25% are in own charts and patches."
