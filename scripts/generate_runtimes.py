"""Write the table of the runtimes that KServe ships, for `--serving-runtime shipped`.

Its source are the measured cases in `tests/conformance/deployment.json`, which have the ClusterServingRuntimes of a
release, cut to what decides which one a model gets and what its pod looks like. `--check` writes nothing and fails if
the table differs.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

from scripts import ROOT
from scripts.generated import save_generated

SOURCE = ROOT / "tests" / "conformance" / "deployment.json"
TABLE = ROOT / "src" / "isvclog" / "kserve" / "apis" / "shipped_runtimes.json"
KEPT = ("annotations", "labels", "supportedModelFormats", "protocolVersions", "disabled", "multiModel")


def generated() -> str:
    """Return the text of the table: a line for each runtime."""
    content = json.loads(SOURCE.read_text(encoding="ascii"))
    rows = ",\n".join(json.dumps(_cut(item)) for item in content["shipped_runtimes"])
    source = f"ClusterServingRuntimes of KServe {content['release']}, from {SOURCE.relative_to(ROOT).as_posix()}"
    return f'{{"source": "{source}", "release": "{content["release"]}", "runtimes": [\n{rows}\n]}}\n'


def _cut(runtime: Mapping[str, Any]) -> dict[str, Any]:
    spec = runtime["spec"]
    kept = {key: spec[key] for key in KEPT if key in spec}
    kept["containers"] = [_container(item) for item in spec["containers"]]
    if "workerSpec" in spec:
        kept["workerSpec"] = {"containers": [{"name": item["name"]} for item in spec["workerSpec"]["containers"]]}
    return {"kind": runtime["kind"], "metadata": {"name": runtime["metadata"]["name"]}, "spec": kept}


def _container(container: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: container[key] for key in ("name", "ports", "env", "readinessProbe") if key in container}
    probe = kept.get("readinessProbe", {})
    # Of a command only that it is one matters: the agent cannot use it.
    return {**kept, "readinessProbe": {**probe, "exec": {}}} if "exec" in probe else kept


if __name__ == "__main__":
    sys.exit(save_generated({TABLE: generated()}))
