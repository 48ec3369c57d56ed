"""Findings stand where the defect is written, in whatever style a service is written.

Each manifest below marks with `«` and `»` what one rule must point at. The marks are taken out before it is linted, and
say line and column, counted from 1 in characters, of the first character and of the first one behind it.
"""

from typing import NamedTuple

import pytest

from isvclog.findings import Span
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import NEWEST
from isvclog.lint.engine import lint_object, select_rules
from isvclog.manifest import Object, Source, load
from isvclog.rules.policy import Policy

RULE = "non-canonical-header"

BLOCK = """\
# a comment
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
  namespace: research
spec:
  predictor:
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadataHeaders:
      - X-Tenant
      - «x-request-id»  # x-request-id
      - {first}
    model:
      modelFormat: {{name: sklearn}}
"""
OTHER = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: other}
spec:
  predictor:
    model: {modelFormat: {name: sklearn}}
"""
FLOW = (
    "{apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, metadata: {name: iris},\n"
    " spec: {predictor: {model: {modelFormat: {name: sklearn}}, logger: {mode: all, url: http://sink.research,\n"
    "   metadataHeaders: [X-Tenant, «x-request-id», «'x-b3-traceid'»]}}}}\n"
)
JSON = """\
{
  "apiVersion": "serving.kserve.io/v1beta1",
  "kind": "InferenceService",
  "metadata": {"name": "größe 日本 \\u00e9"},
  "spec": {"predictor": {
    "logger": {"mode": "all", "url": "http://sink.research", "metadataHeaders": ["é", «"x-request-id"»,
\t«"x-\\u0062"»]},
    "model": {"modelFormat": {"name": "sklearn"}}
  }}
}
"""
ONE_LINE = (
    '{"apiVersion":"serving.kserve.io/v1beta1","kind":"InferenceService","metadata":{"name":"iris"},"spec":{"predictor":'
    '{"logger":{"mode":"all","url":"http://a.b","metadataHeaders":[«"x-a"»,"X-B",«"x-c"»]},"model":{"modelFormat":'
    '{"name":"sklearn"}}}}}'
)
LIST = """\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: InferenceService}
- apiVersion: serving.kserve.io/v1beta1
  kind: InferenceService
  metadata: {name: iris}
  spec:
    predictor:
      model: {modelFormat: {name: sklearn}}
      logger:
        mode: all
        url: http://sink.research
        metadataHeaders: [«x-request-id»]
    transformer:
      containers: [{name: kserve-container, image: a}]
      logger:
        mode: all
        url: http://sink.research
        metadataHeaders:
          - «"x-tenant"»
- apiVersion: serving.kserve.io/v1beta1
  kind: InferenceService
  metadata: {name: second}
  spec:
    predictor:
      model: {modelFormat: {name: sklearn}}
      logger: {mode: all, url: "http://sink.research", metadataHeaders: [«second»]}
"""
TYPED_LIST = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceServiceList
items:
  - metadata: {name: iris}
    spec:
      predictor:
        model: {modelFormat: {name: sklearn}}
        logger: {mode: all, url: "http://sink.research", metadataHeaders: [«x-request-id»]}
"""
# What lies behind an alias is changed where the anchor is; an alias itself stands where it is used.
ANCHORED_LIST = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: iris}
spec:
  predictor:
    model: {modelFormat: {name: sklearn}}
    logger:
      mode: all
      url: http://sink.research
      metadataHeaders: &headers
        - X-Tenant
        - «x-request-id»
  transformer:
    containers: [{name: kserve-container, image: a}]
    logger:
      mode: all
      url: http://sink.research
      metadataHeaders: *headers
"""
ALIASED_LOGGER = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: iris}
spec:
  transformer:
    containers: [{name: kserve-container, image: a}]
    logger: &logger
      mode: all
      url: http://sink.research
      metadataHeaders: [«x-request-id»]
  predictor:
    model: {modelFormat: {name: sklearn}}
    logger: *logger
"""
ALIASED_NAME = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
  labels: {header: &name x-request-id}
spec:
  predictor:
    model: {modelFormat: {name: sklearn}}
    logger:
      mode: all
      url: http://sink.research
      metadataHeaders: [X-Tenant, «*name»]
"""
ANCHORED_NAME = BLOCK.format(first="«&here x-tenant-id»")
MERGED = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: iris}
spec:
  transformer:
    containers: [{name: kserve-container, image: a}]
    logger: &logger
      mode: all
      url: http://sink.research
      metadataHeaders: [«x-request-id»]
  predictor:
    model: {modelFormat: {name: sklearn}}
    logger:
      <<: *logger
      mode: request
"""
QUOTED = BLOCK.format(first='«"x-le\\\n          nant"»').replace("«x-request-id»", "«'x-it''s'»")
SEVERAL = "---\n".join(
    ("", OTHER, f"# x-request-id\n\n{BLOCK.format(first='X-Third')}...\n", OTHER, BLOCK.format(first="«x-4»"))
)
WIDE = FLOW.replace("{api", "# größe\n{api").replace("X-Tenant", "日本, \U0001f680é")

MANIFESTS = {
    "block": BLOCK.format(first="X-Third"),
    "flow": FLOW,
    "json": JSON,
    "json-in-one-line": ONE_LINE,
    "several-documents": SEVERAL,
    "several-json-documents": f"{ONE_LINE}\n---\n{JSON}",
    "json-stream": f"{ONE_LINE}\n{ONE_LINE}\n",
    "list": LIST,
    "typed-list": TYPED_LIST,
    "anchored-list": ANCHORED_LIST,
    "aliased-logger": ALIASED_LOGGER,
    "aliased-name": ALIASED_NAME,
    "anchored-name": ANCHORED_NAME,
    "merged": MERGED,
    "quoted": QUOTED,
    "wide-characters": WIDE,
    "no-final-newline": BLOCK.format(first="«x-last»").partition("    model:")[0].rstrip()
    .replace("  predictor:\n", "  predictor:\n    model: {modelFormat: {name: sklearn}}\n"),
}  # fmt: skip


class Style(NamedTuple):
    newline: str
    encoding: str


STYLES = {
    "unix": Style("\n", "utf-8"),
    "windows": Style("\r\n", "utf-8"),
    "byte-order-mark": Style("\n", "utf-8-sig"),
    "utf-16": Style("\r\n", "utf-16"),
}


def unmarked(text: str) -> tuple[str, list[Span]]:
    """The text without marks, and what was marked."""
    places: list[tuple[int, int]] = []
    clean = ""
    for line_number, line in enumerate(text.split("\n"), 1):
        kept = ""
        for char in line:
            if char in "«»":
                places.append((line_number, len(kept) + 1))
            else:
                kept += char
        clean += kept + "\n"
    return clean[:-1], [Span(*start, *end) for start, end in zip(places[::2], places[1::2], strict=True)]


def spans(text: str, rule: str, style: Style = STYLES["unix"]) -> list[Span]:
    data = text.replace("\n", style.newline).encode(style.encoding)
    settings = select_rules(Installation(NEWEST), Policy(), frozenset((rule,)))
    found: list[Span] = []
    for item in load(Source("manifest.yaml", data), (b"InferenceService",)):
        assert isinstance(item, Object), item
        found += [finding.span for finding in lint_object(item, settings) if finding.rule == rule]
    return found


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", MANIFESTS)
def test_a_finding_is_where_the_defect_is_written(name: str, style: str) -> None:
    text, marked = unmarked(MANIFESTS[name])
    assert marked
    assert sorted(spans(text, RULE, STYLES[style])) == marked


def test_marks_are_counted_right() -> None:
    assert unmarked("a\n b«cd» «e\nf»\n") == ("a\n bcd e\nf\n", [Span(2, 3, 2, 5), Span(2, 6, 3, 2)])


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("unknown-field", "logger: {mode: all, «sinkUrl»: a}"),
        ("invalid-mode", "logger:\n      mode: «'everything'» # so"),
        ("missing-mode", "«logger»: {url: a}"),
        ("wrong-type", "logger: {mode: all, metadataHeaders: «a»}"),
        ("duplicate-key", "logger:\n      mode: all\n      «mode»: request"),
        ("empty-url", "logger: {mode: all, url: «''»}"),
        ("missing-annotation", "logger:\n      mode: all\n      metadataAnnotations: [«gone»]"),
        (
            "crashing-annotation",
            "annotations:\n      'ok': fine\n      example.com/a: 'say «\"»x\"' # why\n"
            "    logger: {mode: all, metadataAnnotations: [ok, example.com/a]}",
        ),
        (
            "truncated-annotation",
            "annotations:\n      example.com/a: |\n        one«»\n        two\n"
            "    logger: {mode: all, metadataAnnotations: [example.com/a]}",
        ),
    ],
)
@pytest.mark.parametrize("style", STYLES)
def test_other_rules_point_as_exactly(rule: str, text: str, style: str) -> None:
    clean, marked = unmarked(OTHER.replace("    model:", f"    {text}\n    model:"))
    assert spans(clean, rule, STYLES[style]) == marked
