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
from hypothesis import given
from hypothesis import strategies as st
from mutations import HOSTILE, garbled, mutated, written
from services import manifest

from isvclog.findings import Finding
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import ALL_RELEASES, NEWEST, Release
from isvclog.lint.engine import LintSettings, lint_object, select_rules
from isvclog.lint.results import FileResult, RunResult
from isvclog.manifest import Object, Source, load
from isvclog.report.formats import FINDINGS, FormatSettings, findings_format
from isvclog.rules.policy import Policy

ROOT = Path(__file__).parents[2]
MANIFESTS = [*sorted((ROOT / "examples").glob("*.yaml")), *sorted((ROOT / "tests" / "rules").glob("*/flagged*.yaml"))]
COUNT = int(os.environ.get("ISVCLOG_FUZZ", "10000"))
BATCHES = 20
KEYWORDS = [b"InferenceService"]
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
POLICY = Policy(required_annotations=("example.com/tenant",), forbidden_annotations=("*/secret",), allowed_sinks=())


def settings(chance: random.Random) -> LintSettings:
    release = chance.choice((NEWEST, chance.choice(ALL_RELEASES)))
    mode = chance.choice((None, "Standard", "Knative", "ModelMesh"))
    return select_rules(Installation(release, mode=mode), chance.choice((Policy(), POLICY)))


def texts(chance: random.Random, count: int) -> Iterator[str]:
    sources = [path.read_text(encoding="utf-8") for path in MANIFESTS]
    for _ in range(count):
        text = chance.choice(sources)
        if chance.random() < 0.4:
            yield garbled(text, chance)
        else:
            items = [item.data for item in load(Source("x", text.encode()), KEYWORDS) if isinstance(item, Object)]
            yield "\n".join(written(mutated(data, chance), chance) for data in items)


def check(text: str, known: LintSettings) -> FileResult:
    data = text.encode("utf-8", "surrogatepass")
    findings: list[Finding] = []
    services = 0
    for item in load(Source("dir/a b\x1b%,:.yaml", data), KEYWORDS):
        if isinstance(item, Finding):
            findings.append(item)
        else:
            services += 1
            findings += lint_object(item, known)
    return FileResult("dir/a b\x1b%,:.yaml", findings, services, data)


def print_everywhere(text: str, known: LintSettings) -> None:
    checked = check(text, known)
    for name in FINDINGS:
        output = "".join(findings_format(name)(RunResult([checked]), FormatSettings()))
        assert not UNSAFE.search(output), (name, text)
        if name in ("json", "sarif", "gitlab", "rdjson"):
            json.loads(output)
        elif name == "junit":
            ElementTree.fromstring(output)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_nothing_breaks_and_nothing_gets_through(batch: int) -> None:
    chance = random.Random(f"isvclog {batch}")
    for text in texts(chance, COUNT // BATCHES):
        print_everywhere(text, settings(chance))


NAMES = st.sampled_from(["team", "example.com/tenant", "api-key", "x-request-id", "Host"]) | st.text(max_size=12)
VALUES = st.sampled_from(HOSTILE) | st.text(max_size=40)
LOGGERS = st.fixed_dictionaries(
    {"mode": st.sampled_from(["all", "request", "response"]) | VALUES},
    optional={
        "url": VALUES,
        "metadataHeaders": st.lists(NAMES | VALUES, max_size=4),
        "metadataAnnotations": st.lists(NAMES | VALUES, max_size=4),
        "storage": st.dictionaries(st.sampled_from(["path", "key", "parameters", "other"]), VALUES, max_size=3),
        "marshallerUrl": VALUES,
        "batchSize": st.integers(-2, 2**40),
        "batchInterval": VALUES,
    },
)


@given(st.dictionaries(NAMES, VALUES, max_size=4), LOGGERS, st.sampled_from(ALL_RELEASES), st.randoms())
def test_any_text_is_taken(
    annotations: dict[str, str], logger: dict[str, object], release: Release, chance: random.Random
) -> None:
    mode = chance.choice((None, "Standard"))
    known = select_rules(Installation(release, mode=mode), POLICY)
    print_everywhere(json.dumps(manifest(annotations=annotations, logger=logger)), known)
