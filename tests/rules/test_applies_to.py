"""A rule that `lint` skips, because no logger has its subject, would have had nothing to report."""

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutations import HOSTILE, mutated
from services import manifest

from isvclog.kserve.apis.admission import is_service
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import ALL_RELEASES, NEWEST, Release
from isvclog.manifest import Object, Source, load
from isvclog.rules.context import LintContext
from isvclog.rules.policy import Policy
from isvclog.rules.registry import CHECKED

FLAGGED = sorted(Path(__file__).parent.glob("*/flagged*.yaml"))
CONFIGS: tuple[dict[str, str], ...] = (
    {},
    {"logger": '{"defaultUrl": "s3://bucket/x"}'},
    {"logger": '{"storage": {"path": "p", "parameters": {"format": "xml"}}, "batchSize": 5, "batchInterval": "x"}'},
    {"logger": '{"MarshallerURL": "nowhere", "defaultUrl": "http://sink"}'},
    {"logger": "{"},
)
# The reader of manifests lets none through.
SURROGATE = r"\ud800"
MODES = (None, "Standard", "Knative", "ModelMesh")
INTERNAL = ["logger", "logger-sink-url", "logger-mode", "logger-metadata-headers", "logger-metadata-annotations"]


def skipped_in_vain(data: dict[str, object], installation: Installation) -> list[str]:
    context = LintContext(data, installation, Policy())
    applicable = context.applicable
    return [
        rule.name
        for rule in CHECKED
        if rule.check and rule.applies_to and rule.applies_to not in applicable and rule.concerns(installation.release)
        if any(True for _ in rule.check(context))
    ]


@pytest.mark.parametrize("path", FLAGGED, ids=[f"{path.parent.name}/{path.stem}" for path in FLAGGED])
def test_what_is_flagged_and_what_is_made_of_it(path: Path) -> None:
    chance = random.Random(path.parent.name + path.name)
    for item in load(Source(path.name, path.read_bytes()), [b"InferenceService"]):
        if not isinstance(item, Object) or not is_service(item.data):
            continue
        for release in ALL_RELEASES:
            for config in CONFIGS:
                assert skipped_in_vain(item.data, Installation(release, {**Installation().config, **config})) == []
        for data in (mutated(item.data, chance) for _ in range(40)):
            if is_service(data) and SURROGATE not in repr(data):
                release = chance.choice((NEWEST, chance.choice(ALL_RELEASES)))
                installation = Installation(
                    release, {**Installation().config, **chance.choice(CONFIGS)}, mode=chance.choice(MODES)
                )
                assert skipped_in_vain(data, installation) == [], data


KEYS = st.sampled_from([f"internal.serving.kserve.io/{name}" for name in INTERNAL]) | st.sampled_from(["a", "b,c"])
VALUES = st.sampled_from([*HOSTILE, "a", "a,b", "true"]).filter(lambda text: SURROGATE not in repr(text))
LOGGERS = st.fixed_dictionaries(
    {},
    optional={
        "url": VALUES,
        "metadataHeaders": st.lists(VALUES, max_size=2),
        "metadataAnnotations": st.lists(KEYS | VALUES, max_size=2),
        "storage": st.dictionaries(st.sampled_from(["path", "key", "parameters"]), VALUES, max_size=3),
        "batchInterval": VALUES,
    },
)


@given(
    st.dictionaries(KEYS, VALUES, max_size=3),
    LOGGERS,
    st.sampled_from(ALL_RELEASES),
    st.sampled_from(CONFIGS),
    st.sampled_from(MODES),
)
def test_any_logger(
    annotations: dict[str, str], logger: dict[str, Any], release: Release, config: dict[str, str], mode: str | None
) -> None:
    assert (
        skipped_in_vain(
            manifest(annotations, logger), Installation(release, {**Installation().config, **config}, mode=mode)
        )
        == []
    )
