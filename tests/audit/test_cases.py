"""What an audit says: each folder holds `service.yaml`, `pods.yaml`, perhaps `config.yaml`, and `expected.txt`.

`config.yaml` has the ConfigMap of the cluster and runtimes; without a ConfigMap the cluster's is unknown. A first line
`# release: 0.16` in `service.yaml` says which KServe it is. What is expected are the table, the details and, a line
each, the findings about what runs. UPDATE_EXPECTED=1 writes it.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from isvclog.audit import Audit, Pods, RowSettings, service_rows
from isvclog.audit.model import Row
from isvclog.drift import ComponentState, DriftCause
from isvclog.kserve.apis.admission import is_service
from isvclog.kserve.apis.installation import Installation, is_config, read_config
from isvclog.kserve.apis.releases import NEWEST, find_release
from isvclog.kserve.apis.runtimes import is_runtime, read_runtime
from isvclog.lint.engine import select_rules
from isvclog.manifest import Object, Source, load
from isvclog.report.audit import text
from isvclog.report.formats import FormatSettings
from isvclog.rules.policy import Policy
from isvclog.rules.registry import running_rules

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(path for path in FOLDER.iterdir() if path.is_dir())


def objects(path: Path) -> Iterator[Object]:
    if path.exists():
        for item in load(Source(path.name, path.read_bytes()), ()):
            assert isinstance(item, Object), item
            yield item


def audited(case: Path) -> list[Row]:
    """The rows of the one service of a case."""
    given = list(objects(case / "config.yaml"))
    configs = [read_config(item.data) for item in given if is_config(item.data)]
    written = re.match(r"# release: (.*)\n", (case / "service.yaml").read_text(encoding="utf-8"))
    installation = Installation(
        release=find_release(written[1]) if written else NEWEST,
        runtimes=tuple(read_runtime(item.data) for item in given if is_runtime(item.data)),
    )
    if configs:
        installation = installation._replace(config=configs[0])
    settings = RowSettings(select_rules(installation, Policy()), config_known=bool(configs))
    service = next(item for item in objects(case / "service.yaml") if is_service(item.data))
    pods = Pods()
    for item in objects(case / "pods.yaml"):
        pods.add(item.data)
    return service_rows(service, pods.of(service.namespace, service.name), settings)


def report(found: list[Row]) -> str:
    lines = [
        f"{finding.span.line}:{finding.span.column}: {finding.severity}: {finding.message} [{finding.rule}]\n"
        for row in found
        for finding in row.findings
        if finding.rule in running_rules()
    ]
    return "".join(text.write(Audit(found), FormatSettings())) + "".join(["\n", *lines] if lines else [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_outcome(case: Path) -> None:
    found = report(audited(case))
    expected = case / "expected.txt"
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_value_of_an_annotation_is_reported(case: Path) -> None:
    for item in (*objects(case / "service.yaml"), *objects(case / "pods.yaml")):
        for value in (item.data["metadata"].get("annotations") or {}).values():
            secret = re.findall(r"secret-\w+", value)
            assert all(part not in report(audited(case)) for part in secret), value


def test_every_cause_and_state_occurs() -> None:
    found = [row for case in CASES for row in audited(case)]
    assert {row.state for row in found} == set(ComponentState)
    assert {difference.cause for row in found for difference in row.differences} == set(DriftCause)


def test_every_rule_about_pods_occurs() -> None:
    found = {finding.rule for case in CASES for row in audited(case) for finding in row.findings}
    assert found & running_rules() == running_rules()
