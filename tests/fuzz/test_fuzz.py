"""Ten thousand manifests that nobody would write: linted and printed in every format without a traceback, and without a
character that a terminal, a log or a parser would obey.

The seed is fixed, so a failure comes again; ISVCLOG_FUZZ in the environment gives another number of manifests.
"""

import json
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from mutations import garbled, mutated, written

from isvclog.findings import Finding
from isvclog.kserve.defaults import Installation
from isvclog.kserve.releases import ALL_RELEASES, NEWEST
from isvclog.lint import Lint, choose, lint
from isvclog.manifest import Object, Source, load
from isvclog.report.formats import FORMATS, Settings
from isvclog.report.result import Checked, Run
from isvclog.rules.policy import Policy

ROOT = Path(__file__).parents[2]
MANIFESTS = [*sorted((ROOT / "examples").glob("*.yaml")), *sorted((ROOT / "tests" / "rules").glob("*/flagged*.yaml"))]
COUNT = int(os.environ.get("ISVCLOG_FUZZ", "10000"))
BATCHES = 20
NEEDLES = [b"InferenceService"]
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
POLICY = Policy(required_annotations=("example.com/tenant",), forbidden_annotations=("*/secret",), allowed_sinks=())


def settings(chance: random.Random) -> Lint:
    release = chance.choice((NEWEST, chance.choice(ALL_RELEASES)))
    mode = chance.choice((None, "Standard", "Knative", "ModelMesh"))
    return choose(Installation(release, mode=mode), chance.choice((Policy(), POLICY)))


def texts(chance: random.Random, count: int) -> Iterator[str]:
    sources = [path.read_text(encoding="utf-8") for path in MANIFESTS]
    for _ in range(count):
        text = chance.choice(sources)
        if chance.random() < 0.4:
            yield garbled(text, chance)
        else:
            items = [item.data for item in load(Source("x", text.encode()), NEEDLES) if isinstance(item, Object)]
            yield "\n".join(written(mutated(data, chance), chance) for data in items)


def check(text: str, known: Lint) -> Checked:
    data = text.encode("utf-8", "surrogatepass")
    findings: list[Finding] = []
    services = 0
    for item in load(Source("dir/a b\x1b%,:.yaml", data), NEEDLES):
        if isinstance(item, Finding):
            findings.append(item)
        else:
            services += 1
            findings += lint(item, known)
    return Checked("dir/a b\x1b%,:.yaml", findings, services, data)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_nothing_breaks_and_nothing_gets_through(batch: int) -> None:
    chance = random.Random(f"isvclog {batch}")
    for text in texts(chance, COUNT // BATCHES):
        checked = check(text, settings(chance))
        for name, render in FORMATS.items():
            output = "".join(render(Settings())(Run([checked])))
            assert not UNSAFE.search(output), (name, text)
            if name in ("json", "sarif", "gitlab"):
                json.loads(output)
            elif name == "junit":
                ElementTree.fromstring(output)
