"""Overlays become what `kustomize build` makes of them, from bounded reads of the files that a kustomization names."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from isvclog.manifest import Object, Source, load, read_file
from isvclog.manifest.kustomize.build import BuiltService
from isvclog.manifest.kustomize.overlays import Overlays

KIND = "InferenceService"
SERVICE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
  annotations: {team: red, plan: small}
spec:
  predictor:
    logger: {mode: all, url: http://sink, metadataAnnotations: [team, env]}
    model: {modelFormat: {name: sklearn}}
"""
PATCH = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: iris}
spec:
  predictor:
    logger: {mode: null, metadataAnnotations: [tier]}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "root"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    write({"base/kustomization.yaml": "resources: [isvc.yaml]", "base/isvc.yaml": SERVICE})
    return folder


def write(tree: dict[str, str]) -> None:
    for name, text in tree.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def objects(file: str) -> list[Object]:
    return [item for item in load(read_file(file), (KIND.encode(),)) if isinstance(item, Object)]


def wholes(*kustomizations: str, file: str = "base/isvc.yaml") -> list[dict[str, Any]] | None:
    overlays = Overlays(KIND, ["."])
    overlays.add(kustomizations)
    found = overlays.parts(objects(file)[0])
    return None if found is None else [part.data for part in found]


OVERLAYS = {
    "merge": "resources: [../base]\npatches: [{path: patch.yaml}]",
    "strategic": "resources: [../base]\npatchesStrategicMerge: [patch.yaml]",
    "named by a target": "resources: [../base]\npatches: [{path: patch.yaml, target: {name: ir.*}}]",
    "another target": "resources: [../base]\npatches: [{path: patch.yaml, target: {kind: Deployment}}]\nnameSuffix: -x",
    "operations": "resources: [../base]\npatches:\n- target: {kind: InferenceService}\n  patch: |-\n"
    "    - {op: add, path: /spec/predictor/logger/metadataAnnotations/-, value: x}\n"
    "    - {op: remove, path: /metadata/annotations/team}\n"
    "    - {op: replace, path: /spec/predictor/logger/mode, value: request}\n",
    "inline": f"resources: [../base]\npatchesStrategicMerge:\n- |-\n  {PATCH.replace(chr(10), chr(10) + '  ')}",
    "names and annotations": "bases: [../base]\nnamePrefix: a-\nnameSuffix: -b\ncommonAnnotations: {env: prod}",
    "component": "resources: [../base]\ncomponents: [../part]\ncommonAnnotations: {team: blue}",
}


@pytest.mark.parametrize("name", OVERLAYS)
def test_it_is_as_for_kustomize(name: str, root: Path) -> None:
    component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: ../over/patch.yaml}]"
    write({"over/kustomization.yaml": OVERLAYS[name], "over/patch.yaml": PATCH, "part/kustomization.yaml": component})
    found = wholes("over/kustomization.yaml", "base/kustomization.yaml", "part/kustomization.yaml")
    assert found is not None
    assert len(found) == 1
    expected = Path(__file__).with_name("built") / f"{name.replace(' ', '-')}.yaml"
    if os.environ.get("UPDATE_EXPECTED") and shutil.which("kubectl"):
        write({"part/patch.yaml": PATCH})
        restricted = ["kubectl", "kustomize", "--load-restrictor=LoadRestrictionsNone", "over"]
        expected.parent.mkdir(exist_ok=True)
        expected.write_bytes(subprocess.run(restricted, check=True, capture_output=True).stdout)
    built = next(load(Source("built", expected.read_bytes()), (KIND.encode(),)))
    assert isinstance(built, Object)
    assert found[0] == built.data


def test_an_object_knows_its_values(root: Path) -> None:
    write({"over/kustomization.yaml": OVERLAYS["merge"], "over/patch.yaml": PATCH})
    overlays = Overlays(KIND, ["."])
    overlays.add(["over/kustomization.yaml"])
    [base], [patch] = (overlays.parts(objects(file)[0]) or [] for file in ("base/isvc.yaml", "over/patch.yaml"))
    listed, url = ("spec", "predictor", "logger", "metadataAnnotations"), ("spec", "predictor", "logger", "url")
    assert (base.owns(listed), patch.owns(listed)) == (False, True)
    assert (base.owns(url), patch.owns(url)) == (True, False)
    assert (base.owns(("spec",)), patch.owns(("spec",))) == (True, False)
    assert overlays.folder_of("base/isvc.yaml") == overlays.folder_patching_with("over/patch.yaml") == "over"
    assert overlays.folder_patching_with("base/isvc.yaml") == ""


def test_a_changed_object_is_merged_as_it_is_now(root: Path) -> None:
    write({"over/kustomization.yaml": OVERLAYS["merge"], "over/patch.yaml": PATCH})
    overlays = Overlays(KIND, ["."])
    overlays.add(["over/kustomization.yaml"])
    obj = objects("base/isvc.yaml")[0]
    [part] = overlays.parts(obj._replace(data={**obj.data, "metadata": {"name": "iris"}})) or []
    assert part.data["metadata"] == {"name": "iris"}


@pytest.mark.parametrize(
    "text",
    [
        "resources: [../base]\npatches: [{path: patch.yaml}]\ntransformers: [x.yaml]",
        "resources: [../base]\npatches: [{path: nowhere.yaml}]",
        "resources: [../base]\npatches: [{path: ../../outside.yaml}]",
        "resources: [../base]\ncomponents: [../nowhere]",
        "resources: [../base]\npatches: [{path: patch.yaml, target: {labelSelector: a=b}}]",
        "resources: [../base]\npatches: [{target: {name: iris}, patch: '[{op: move, path: /a, from: /b}]'}]",
        "resources: [../base]\npatches: [{target: {name: iris}, patch: '[{op: add, path: /a/b, value: c}]'}]",
        "resources: [../base]\npatches: [{target: {name: iris}, patch: '{'}]",
    ],
)
def test_what_is_not_known_is_said(text: str, root: Path) -> None:
    write({"over/kustomization.yaml": text, "over/patch.yaml": PATCH, "../outside.yaml": PATCH})
    assert wholes("over/kustomization.yaml") == []


def test_nothing_outside_of_the_limit_is_read(root: Path) -> None:
    write({"../other/kustomization.yaml": "resources: [isvc.yaml]", "../other/isvc.yaml": SERVICE})
    write({"over/kustomization.yaml": OVERLAYS["merge"].replace("../base", "../../other"), "over/patch.yaml": PATCH})
    assert wholes("over/kustomization.yaml", file="over/patch.yaml") == []
    Path("linked").symlink_to("../other")
    write({"over/kustomization.yaml": OVERLAYS["merge"].replace("../base", "../linked")})
    assert wholes("over/kustomization.yaml", file="over/patch.yaml") == []


def test_circles_and_wide_trees_end(root: Path) -> None:
    names = [f"k{number}" for number in range(40)]
    for name in names:
        resources = ", ".join(f"../{other}" for other in [*names, "base"] * 5)
        write({f"{name}/kustomization.yaml": f"resources: [{resources}]\ncommonAnnotations: {{a: b}}"})
    start = time.process_time()
    wholes(*(f"{name}/kustomization.yaml" for name in names))
    assert time.process_time() - start < 5


def test_many_patches_end(root: Path) -> None:
    services = "---\n".join(SERVICE.replace("iris", f"iris-{number}") for number in range(300))
    patches = "\n".join(["- {target: {name: '.*'}, patch: '[{op: add, path: /a, value: b}]'}"] * 900)
    write({"base/isvc.yaml": services, "over/kustomization.yaml": f"resources: [../base]\npatches:\n{patches}"})
    start = time.process_time()
    assert wholes("over/kustomization.yaml") == []
    assert time.process_time() - start < 5


def test_a_name_of_a_target_takes_no_time(root: Path) -> None:
    text = "resources: [../base]\npatches: [{path: patch.yaml, target: {name: '(a+)+$'}}]"
    write({"over/kustomization.yaml": text, "over/patch.yaml": PATCH})
    write({"base/isvc.yaml": SERVICE.replace("iris", "a" * 200 + "b")})
    start = time.process_time()
    assert wholes("over/kustomization.yaml") is not None
    assert time.process_time() - start < 2


def test_a_layer_too_many_is_not_known() -> None:
    from isvclog.manifest.kustomize.build import MergeLayer

    service = BuiltService(MergeLayer(None, {}), (), frozenset())
    for _ in range(201):
        service = service.change(MergeLayer(None, {}))
    assert (len(service.layers), service.is_known) == (200, False)
