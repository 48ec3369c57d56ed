"""Comments: any text is read without a crash, in bounded time, and a file without any costs nothing."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from isvclog.manifest import Object, Source, load
from isvclog.manifest.syntax import comments
from isvclog.manifest.syntax.comments import Comment, find_comments
from isvclog.suppressions import MalformedComment, SuppressionComment, find_suppression_comments
from isvclog.suppressions.directives import MARKER, parse_comment

PIECES = st.sampled_from(
    [
        *"# isvclog: |ignore|ignore-file|[|]|(|,| |  |a-rule|b|x\ty|\u202e|'|\"|: |- |{|}|&a |*a|!!str |>|%".split("|"),
        *(
            "\n",
            "\r\n",
            "\r",
            "\n  ",
            "\n---\n",
            "\n...\n",
            "# isvclog: ignore[a] b",
            "key: |\n  ",
            "é😀",
            "\u2028",
            "\x00",
        ),
    ]
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@given(TEXTS | st.text(max_size=60))
@example("a: &x # isvclog: ignore[b]\n  |\n  # isvclog: ignore[c]\n")
def test_any_text(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for comment in find_comments(Source("x.yaml", text.encode(errors="replace")), MARKER):
        line = lines[comment.line - 1].removeprefix("\ufeff")
        assert line[comment.column - 1 :].startswith(comment.text)
        assert "#" in line[: comment.column - 1]
        assert comment.line <= comment.target <= len(lines) + 1
        check(comment)


@given(st.lists(PIECES, max_size=20).map("".join))
@example("a: |+\n  x # isvclog: y\n# isvclog: z\nb: 1 # isvclog: z\n")
@example("# isvclog: \u2028ignore# isvclog: \nkey: |\n  ")
def test_what_is_found_is_no_data(text: str) -> None:
    source = Source("x.yaml", text.encode())
    lines = text.encode().splitlines(keepends=True)
    for comment in find_comments(source, MARKER):
        line = lines[comment.line - 1].decode()
        rest = line[comment.column - 1 :].removeprefix(comment.text)
        lines[comment.line - 1] = (line[: comment.column - 1] + "~" * len(comment.text) + rest).encode()
    assert contents(Source("x.yaml", b"".join(lines))) == contents(source)


def contents(source: Source) -> list[object]:
    return [item.data if isinstance(item, Object) else item.rule for item in load(source, ())]


@given(st.lists(PIECES, max_size=12).map("".join) | st.text())
def test_any_comment(text: str) -> None:
    check(Comment(1, 3, 7, "isvclog:" + text.replace("\n", "").replace("\r", ""), 3))


def check(comment: Comment) -> None:
    found = parse_comment(comment)
    if isinstance(found, SuppressionComment):
        assert found.rules
        for name, span in found.rules:
            start, end = span.column - comment.column, span.end_column - comment.column
            assert comment.text[start:end] == name == name.strip() != ""
    elif isinstance(found, MalformedComment):
        assert found.span.column == comment.column
        assert (found.problem + found.remedy).isprintable()


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    for word in (b"", b"# isvclog: ignore[a]\n"):
        find_suppression_comments(Source("x.yaml", word + data))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings(encoding: str) -> None:
    source = Source("x.yaml", "a: 1 # isvclog: ignore[x] é\n".encode(encoding))
    assert list(find_comments(source, MARKER)) == [Comment(1, 1, 8, "isvclog: ignore[x] é", 1)]


def test_only_documents_with_the_word_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    monkeypatch.setattr(comments, "read_nodes", lambda text: texts.append(text) or [])
    assert find_suppression_comments(Source("x.yaml", b"a: 1 # isvclog\n---\nb: 2\n")) == []
    assert texts == []
    assert (
        len(
            find_suppression_comments(
                Source("x.yaml", b"a: 1\n---\nb: 2 # isvclog: ignore[x]\n---\n- isvclog:x\n---\nc: 3")
            )
        )
        == 1
    )
    assert texts == ["---\nb: 2 # isvclog: ignore[x]\n"]


@pytest.mark.parametrize(
    "text",
    [
        "# isvclog: ignore[x] y\n" * 20_000 + "a: 1\n",
        "a: 1 # isvclog: ignore[" + "x, " * 100_000 + "]\n",
        "a: 1 " + "# isvclog: " * 50_000 + "\n",
        "a: 1 #" + " " * 200_000 + "isvclog: ignore[x]\n",
        "a: '" + "# isvclog: ignore[x]\n " * 20_000 + "'\n",
        "a: &" + "b" * 200_000 + " # isvclog: ignore[x]\n  c\n",
        "# isvclog: " + "[" * 200_000,
        "# isvclog:" + " " * 200_000 + "ignore",
        "a: 1 #" + "\t" * 100_000 + "\n# isvclog: ignore[" + " ," * 100_000,
    ],
    ids=lambda text: text[:30],
)
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    find_suppression_comments(Source("x.yaml", text.encode()))
    assert time.process_time() - start < 5
