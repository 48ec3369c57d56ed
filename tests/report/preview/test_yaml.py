"""YAML that YAML 1.1 and 1.2 read alike, shown with the one of each that the tests have."""

import json

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from isvclog.manifest import Object, Source, load
from isvclog.report.preview.yaml import to_yaml

SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ayno 1:'#-", max_size=5), inner, max_size=4),
)


@given(VALUES)
def test_yaml_1_2_reads_what_was_written(value: object) -> None:
    document = {"value": value}
    assert YAML(typ="safe", pure=True).load(to_yaml(document)) == document


@given(VALUES)
def test_kubernetes_reads_what_was_written(value: object) -> None:
    document = {"kind": "InferenceService", "value": value}
    (read,) = load(Source("x.yaml", to_yaml(document).encode()), (b"InferenceService",))
    assert isinstance(read, Object), read
    assert json.dumps(read.data, sort_keys=True) == json.dumps(document, sort_keys=True)
