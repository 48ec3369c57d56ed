"""A manifest that is made to exhaust a reader is refused at once, in a sentence."""

import time
from collections.abc import Iterator

import pytest

from isvclog.findings import Finding
from isvclog.manifest import Object, Source, load
from isvclog.manifest.syntax import decode
from isvclog.manifest.syntax.nodes import MAX_DEPTH

KIND = b"kind: InferenceService\n"


@pytest.fixture(autouse=True)
def _soon() -> Iterator[None]:
    """Quadratic work takes minutes at these sizes; a slow machine does not."""
    start = time.perf_counter()
    yield
    assert time.perf_counter() - start < 20


def only(data: bytes) -> Object | Finding:
    (result,) = load(Source("x.yaml", data), (b"InferenceService",))
    return result


def levels(count: int) -> bytes:
    return b'{"kind": "InferenceService", "a": ' + b"[" * (count - 1) + b"]" * (count - 1) + b"}"


@pytest.mark.parametrize(
    "data",
    [
        KIND + b"a: " + b"[" * 100_000,
        KIND + b"a: " + b"[" * 100_000 + b"]" * 100_000,
        KIND + b"a: " + b"{a: " * 100_000,
        KIND + b"a: " + b"{" * 100_000,
        KIND + b"a:\n" + b"- " * 100_000,
        KIND + b"a:\n  " + b"? " * 100_000,
        KIND + b"".join(b" " * depth + b"a:\n" for depth in range(1000)),
        b'{"kind": "InferenceService", "a": ' + b"[" * 100_000,
        levels(MAX_DEPTH + 1),
        b"# yaml\n" + levels(MAX_DEPTH + 1),
        KIND + b"a0: &a0 {x: 1}\n" + b"".join(b"a%d: &a%d [*a%d]\n" % (n, n, n - 1) for n in range(1, 2000)),
        KIND + b"a0: &a0 {x: 1}\n" + b"".join(b"a%d: &a%d {<<: *a%d}\n" % (n, n, n - 1) for n in range(1, 2000)),
    ],
)
def test_depth(data: bytes) -> None:
    finding = only(data)
    assert isinstance(finding, Finding)
    assert finding.rule == "oversized-manifest"
    assert "levels deep" in finding.message


@pytest.mark.parametrize("prefix", [b"", b"# yaml\n"])
def test_depth_that_is_allowed(prefix: bytes) -> None:
    found = only(prefix + levels(MAX_DEPTH))
    assert isinstance(found, Object)
    assert found.has(("a", *[0] * (MAX_DEPTH - 2)))
    assert found.span(("a", *[0] * (MAX_DEPTH - 2)))


@pytest.mark.parametrize("use", [b"[%s]", b"{<<: [%s]}"])
def test_aliases_that_multiply(use: bytes) -> None:
    data = KIND + b"a0: &a0 {x: 1}\n"
    for level in range(1, 12):
        data += b"a%d: &a%d " % (level, level) + use % b", ".join([b"*a%d" % (level - 1)] * 9) + b"\n"
    finding = only(data)
    assert isinstance(finding, Finding)
    assert finding.rule == "oversized-manifest"
    assert "aliases" in finding.message


def test_aliases_as_many_as_kubernetes_allows() -> None:
    """decode.go allows 99 % of a document to come from aliases: measured, 300 items may be used 144 times, not 151."""
    few, many = (only(KIND + b"a: &a [" + b"x, " * 300 + b"]\nb: [" + b"*a, " * uses + b"]\n") for uses in (144, 151))
    assert isinstance(few, Object)
    assert isinstance(many, Finding)


@pytest.mark.parametrize("data", [b"a: &a [*a]\n", b"a: &a {b: *a}\n", b"a: &a\n  <<: *a\n", b"a: &a [{b: [*a]}]\n"])
def test_an_anchor_inside_itself(data: bytes) -> None:
    finding = only(KIND + data)
    assert isinstance(finding, Finding)
    assert "alias of itself" in finding.message


def test_size() -> None:
    limit = decode.MAX_DOCUMENT_BYTES
    finding = only(b"# c\n" + KIND + b"#" * limit)
    assert isinstance(finding, Finding)
    assert (finding.rule, finding.span) == ("oversized-manifest", (1, 1, 1, 1))
    found = list(load(Source("x", b"#" * limit + b"\n---\n" + KIND), (b"InferenceService",)))
    assert [item.document for item in found] == [1]


@pytest.mark.parametrize(
    "data",
    [
        KIND + b"a: " + b"x" * 4_000_000 + b"\nb: [\n",
        KIND + b"x" * 4_000_000 + b": 1\n",
        KIND + b"a: {{ " + b'"{{ x }}" ' * 300_000,
        KIND + b"a: " + b"'" * 1_000_001,
        KIND + b"a: " + b"{{" * 500_000,
        KIND + b"a: {{" + b"'" * 1_000_000,
        KIND + b"a: [" + b"a::b, " * 100_000 + b"]\n",
        KIND + b"a: [" + b"http://x:80, " * 50_000 + b"\n",
        KIND + b": " * 100_000,
        KIND + b"a: " + b"\t" * 1_000_000 + b"{",
        KIND + b"\n" * 1_000_000 + b"\t{",
    ],
)
def test_long_lines_and_many_marks(data: bytes) -> None:
    assert isinstance(only(data), Finding)


@pytest.mark.parametrize("data", [b"!", b"\\x", b"\n---", b"\\\n", b"\n...", b"\r---\r"])
def test_skipping_is_cheap(data: bytes) -> None:
    assert list(load(Source("x", data * 1_000_000 + b"Service"), (b"InferenceService",))) == []
