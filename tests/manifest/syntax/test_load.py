"""Loading whole files: bytes and encodings, skipping by byte search, and never an exception."""

import codecs
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from isvclog.findings import Finding
from isvclog.manifest import Object, Source, load
from isvclog.manifest.syntax.split import split_documents

KEYWORDS = (b"InferenceService", b"inferenceservice-config")
SERVICE = "kind: InferenceService\nmetadata:\n  name: iris\n"

SIGNS = "a b 1 : - ? # { } [ ] , & * ! | > ' \" % @ ` ~ << \\ .inf !!int !!binary &a *a {{ }} ${X} ... --- %YAML"
SPACES = [
    " ",
    "  ",
    "\t",
    "\n",
    "\n  ",
    "\n- ",
    ": ",
    "- ",
    "\r\n",
    "\r",
    "\x85",
    "\u2028",
    "\ufeff",
    "\n---\n",
    "\n...\n",
]
PARTS = [
    "kind: InferenceService\n",
    '{"kind": "InferenceService"',
    "\\ud83d",
    "\\u0049",
    "<<: *a",
    "kind: List\nitems:\n- ",
]
YAMLISH = st.lists(st.sampled_from([*SIGNS.split(), *SPACES, *PARTS, "\0", "\x01", "é", "😀"])).map("".join)


def results(data: bytes, keywords: tuple[bytes, ...] = KEYWORDS) -> list[Object | Finding]:
    return list(load(Source("x.yaml", data), keywords))


def labels(data: bytes) -> list[str]:
    return [item.label if isinstance(item, Object) else item.rule for item in results(data)]


@given(st.binary())
@example(b"\xff\xfe")
@example(b"\xff\xfe\x00\xd8InferenceService")
@example(b"\x00\x00\xfe\xffInferenceService")
@example(b"\xef\xbb\xbf")
@example(b"kind: InferenceService\n\xff")
def test_any_bytes(data: bytes) -> None:
    check(data)
    check(b"InferenceService\n" + data)


@given(YAMLISH)
def test_any_yamlish_text(text: str) -> None:
    check(text.encode())


def check(data: bytes) -> None:
    """Every result has a place in the file, and can tell where its parts are."""
    lines = data.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for keywords in (KEYWORDS, ()):
        for item in results(data, keywords):
            span = item.span if isinstance(item, Finding) else item.span(())
            assert 1 <= span.line <= span.end_line <= lines or b"\xff" in data
            assert span.column >= 1
            assert span.end_column >= 1
            if isinstance(item, Object):
                assert item.label is not None
                assert all(item.has(path) or path for path, _, _ in item.duplicates)
                assert item.span(("no", 0, "where")).line >= 1


@given(YAMLISH)
def test_pieces_of_a_file_are_the_file(text: str) -> None:
    data = text.encode()
    pieces = list(split_documents(data))
    assert [number for number, _, _ in pieces] == list(range(1, len(pieces) + 1))
    ends = [0, *(end for _, _, end in pieces)]
    for (_, start, _), previous in zip(pieces, ends, strict=False):
        assert start >= previous
        left_out = re.split(r"\r\n?|\n", data[previous:start].decode())
        assert all(re.match(r"%|\.\.\.|\s*(#|$)", line) for line in left_out)


def test_documents_without_a_needle_are_not_read() -> None:
    broken = "kind: Secret\ndata: [\n"
    assert labels(f"{broken}---\n{SERVICE}---\n{broken}".encode()) == ["InferenceService/iris"]
    assert labels(broken.encode()) == []
    assert len(results(f"{broken}---\n{SERVICE}".encode(), ())) == 2
    config = b"kind: ConfigMap\nmetadata:\n  name: inferenceservice-config\n  namespace: kserve\n"
    assert labels(config) == ["ConfigMap/kserve/inferenceservice-config"]


@pytest.mark.parametrize(
    "kind",
    [
        r'"\u0049nferenceService"',
        r'"Inference\x53ervice"',
        r'"\U00000049nferenceService"',
        r'"\\\u0049nferenceService"',
        '"Inference\\\n    Service"',
        '"Inference\\\r\n\t Service"',
        "!!binary SW5mZXJlbmNlU2VydmljZQ==",
        "!<tag:yaml.org,2002:binary> SW5mZXJlbmNlU2VydmljZQ==",
    ],
)
def test_a_needle_cannot_hide(kind: str) -> None:
    (found,) = results(f"kind: {kind}\n".encode())
    assert isinstance(found, Object)
    assert found.kind.lstrip("\\") == "InferenceService"


def test_other_escapes_are_no_reason_to_parse() -> None:
    assert results(b'broken: [ "\\x41\\u00e9\\n\\\\Inference\\ Service"') == []


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_and_line_breaks(encoding: str, line_break: str) -> None:
    text = f"# é\n--- # first\n{SERVICE}---\n\n...\n{SERVICE}".replace("\n", line_break)
    found = results(text.encode(encoding))
    assert [(item.document, item.span if isinstance(item, Finding) else item.span(())) for item in found] == [
        (1, (3, 1, 5, 13)),
        (3, (9, 1, 11, 13)),
    ]


@pytest.mark.parametrize(
    ("data", "rule", "place"),
    [
        (codecs.BOM_UTF32_LE + SERVICE.encode("utf-32-le"), "misencoded-manifest", (1, 1)),
        (codecs.BOM_UTF32_BE + SERVICE.encode("utf-32-be"), "misencoded-manifest", (1, 1)),
        (codecs.BOM_UTF16_LE + SERVICE.encode("utf-16-le") + b"\x00\xd8", "misencoded-manifest", (1, 1)),
        (SERVICE.encode() + b"  n: \xc3\xa9\xff\n", "misencoded-manifest", (4, 7)),
        (SERVICE.encode() + b"a: \xed\xa0\x80\n", "misencoded-manifest", (4, 4)),
        (SERVICE.encode() + b"a: \xc3\xa9\x01\n", "unparsable-manifest", (4, 5)),
        (SERVICE.encode() + b"\xef\xbb\xbfa: 1\n", "unparsable-manifest", (4, 1)),
        (SERVICE.encode() + b"# \xc3\xa9\0\0", "binary-manifest", (4, 4)),
        (b"\x7fELF\0\xff" + SERVICE.encode(), "binary-manifest", (1, 5)),
    ],
)
def test_a_file_that_is_not_text(data: bytes, rule: str, place: tuple[int, int]) -> None:
    (finding,) = results(data)
    assert isinstance(finding, Finding)
    assert (finding.rule, finding.span[:2]) == (rule, place)
    assert finding.message.endswith(".")
    assert finding.remedy.endswith(".")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"# InferenceService",
        b"\x7fELF\0\xff",
        codecs.BOM_UTF32_LE + b"a\0\0\0",
        codecs.BOM_UTF16_LE,
        b"\xff",
    ],
)
def test_a_file_that_cannot_be_a_manifest_is_skipped(data: bytes) -> None:
    assert results(data) == []


def test_a_bad_document_hides_nothing() -> None:
    bad = [b"a: \xff InferenceService", b"InferenceService: [", b"InferenceService: {{ x }}", b"InferenceService: \x01"]
    data = b"".join(piece + b"\n---\n" + SERVICE.encode() + b"---\n" for piece in bad)
    assert labels(data) == [
        "misencoded-manifest",
        "InferenceService/iris",
        "unparsable-manifest",
        "InferenceService/iris",
        "templated-manifest",
        "InferenceService/iris",
        "unparsable-manifest",
        "InferenceService/iris",
    ]
    assert [item.document for item in results(data)] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_nothing_is_special_about_a_key() -> None:
    (found,) = results(b"kind: InferenceService\n__proto__: 1\n__class__: {constructor: 2}\nitems: 3\n")
    assert isinstance(found, Object)
    assert found.data == {"kind": "InferenceService", "__proto__": 1, "__class__": {"constructor": 2}, "items": 3}


def test_no_message_quotes_the_file() -> None:
    secret = "hunter2"
    for line in (
        "a: *{}",
        "a: !!int {}",
        'a: "\\q{}"',
        "a: b: {}",
        "? {{{}}}\n: 1",
        "{}",
        "a: {{{}}}/x",
        "{{{{ {} }}}}: 1",
    ):
        (finding,) = results(f"{SERVICE}{line.format(secret)}\n".encode())
        assert isinstance(finding, Finding)
        assert secret not in finding.message + finding.remedy
