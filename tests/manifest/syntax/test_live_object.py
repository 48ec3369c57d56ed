"""Objects without text: everything is nowhere, nothing can be fixed, and lint finds the same as in a file."""

from pathlib import Path

import pytest

from isvclog.changes import Replace
from isvclog.filenames import live_name
from isvclog.findings import NOWHERE, Fix
from isvclog.kserve.apis.installation import Installation
from isvclog.lint.engine import lint_object, select_rules
from isvclog.manifest import Object, live_object, load, read_file
from isvclog.manifest.editing.fixes import with_edits
from isvclog.rules.policy import Policy

MANIFESTS = sorted((Path(__file__).parents[2] / "rules").glob("*/flagged.yaml"))
LINT = select_rules(Installation(), Policy())


def test_everything_is_nowhere() -> None:
    obj = live_object(live_name("ml", "iris"), {"kind": "InferenceService", "metadata": {"name": "iris"}, "n": 1})
    for path in [(), ("metadata",), ("metadata", "name"), ("absent", 3)]:
        assert obj.span(path) == obj.key_span(path) == NOWHERE
        assert obj.written(path) == ""
    assert (obj.kind, obj.api_version, obj.name, obj.duplicates) == ("InferenceService", "", "iris", ())
    assert with_edits(Fix("Quote it.", (Replace(("n",), "1"),)), obj) is None


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.parent.name)
def test_lint_finds_in_a_live_object_what_it_finds_in_a_file(manifest: Path) -> None:
    for item in load(read_file(str(manifest)), ()):
        if not isinstance(item, Object):
            continue
        live = lint_object(live_object(live_name(item.namespace, item.name), item.data), LINT)
        # A cluster has accepted the fields of its objects, and no key is there twice.
        of_file = [found for found in lint_object(item, LINT) if found.rule not in ("refused-field", "duplicate-key")]
        assert {(found.rule, found.message) for found in live} == {(found.rule, found.message) for found in of_file}
        assert all(found.span == NOWHERE and found.fix is None for found in live)
        assert {found.path for found in of_file} <= {found.path for found in live}
