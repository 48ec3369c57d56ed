import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.redact.gate import NoRedaction, SecretRedaction
from isvclog.report.color import painter
from isvclog.report.diff import MASKED, diff

PLAIN = painter(False)


def shown(old: bytes, new: bytes, name: str = "isvc.yaml") -> str:
    return "".join(diff(name, old, new, PLAIN, SecretRedaction()))


def test_one_line_with_its_context() -> None:
    old = b"".join(b"line %d\n" % number for number in range(1, 10))
    assert shown(old, old.replace(b"line 5", b"new")) == (
        "--- isvc.yaml\n+++ isvc.yaml\n@@ -2,7 +2,7 @@\n"
        " line 2\n line 3\n line 4\n-line 5\n+new\n line 6\n line 7\n line 8\n"
    )


def test_nothing_where_nothing_changes() -> None:
    assert shown(b"a\n", b"a\n") == ""
    assert shown(b"", b"") == ""


def test_no_final_newline() -> None:
    missing = "\\ No newline at end of file\n"
    assert shown(b"a\nb", b"a\nc").endswith(f" a\n-b\n{missing}+c\n{missing}")
    assert shown(b"a\nb\nc", b"a\nd\nc").endswith(f" c\n{missing}")


def test_line_breaks_and_mark_are_not_shown() -> None:
    assert shown(b"\xef\xbb\xbfa\r\nb\r\n", b"\xef\xbb\xbfa\r\nc\r\n").endswith(" a\n-b\n+c\n")


def test_control_characters_and_secrets() -> None:
    text = shown(b"a: \x1b[31m\xff\thttp://user:secret@sink\n", b"b\n", name="\x1b.yaml")
    assert text.startswith(f"{MASKED}\n--- \\x1b.yaml\n")
    assert "-a: \\x1b[31m\\udcff\thttp://user:***@sink\n" in text


def test_reveal_shows_secrets_and_no_warning() -> None:
    text = "".join(diff("f", b"password: hunter2\n", b"b\n", PLAIN, NoRedaction()))
    assert text == "--- f\n+++ f\n@@ -1 +1 @@\n-password: hunter2\n+b\n"


def test_colours() -> None:
    painted = "".join(diff("f", b"a\n", b"b\n", lambda text, style: f"<{style}>{text}</>", SecretRedaction()))
    assert painted == "<bold>--- f</>\n<bold>+++ f</>\n<cyan>@@ -1 +1 @@</>\n<red>-a</>\n<green>+b</>\n"


@given(st.lists(st.sampled_from("abc"), max_size=15), st.lists(st.sampled_from("abc"), max_size=15))
def test_it_leads_from_one_to_the_other(old: list[str], new: list[str]) -> None:
    before, after = ("".join(f"{line}\n" for line in lines) for lines in (old, new))
    assert patched(old, shown(before.encode(), after.encode())) == new


def test_a_line_that_occurs_once_may_move() -> None:
    assert shown(b"x\na\nb\nc\n", b"a\nb\nc\nx\n").endswith("\n-x\n a\n b\n c\n+x\n")


def test_a_change_in_each_of_many_like_objects() -> None:
    # Compared all with all, these lines would take minutes.
    old = b"".join(
        b"---\nname: %d\nlogger:\n  mode: all\n  x: y\n  headers: [x-id]\n" % number for number in range(4000)
    )
    text = shown(old, old.replace(b"x-id", b"X-Id"))
    assert text.count("\n-  headers: [x-id]\n+  headers: [X-Id]\n") == 4000
    assert text.count("\n-") == 4000 + text.count("\n--- ")


def test_a_change_in_each_of_many_equal_objects() -> None:
    # No line occurs once; compared all with all, these lines would take minutes.
    old = b"---\nlogger:\n  mode: all\n  x: y\n  headers: [x-id]\n  url: u\n" * 2000
    text = shown(old, old.replace(b"x-id", b"X-Id"))
    assert text.count("\n-  headers: [x-id]\n+  headers: [X-Id]\n") == 2000
    assert text.count("\n-") == 2000 + text.count("\n--- ")


@pytest.mark.parametrize("lines", ["a", "ab", "abac"])
def test_long_lists_of_few_different_lines(lines: str) -> None:
    # Every line occurs thousands of times, and not equally often.
    old, new = ["a"] * 9_000, [*lines] * (9_000 // len(lines)) + ["z"]
    assert patched(old, shown(*("".join(f"{line}\n" for line in text).encode() for text in (old, new)))) == new


def patched(old: list[str], text: str) -> list[str]:
    result: list[str] = []
    done = 0
    for line in text.splitlines()[2:]:
        if line.startswith("@@"):
            first, _, length = line.split()[1][1:].partition(",")
            start = int(first) - (length != "0")
            result += old[done:start]
            done = start
            continue
        if line[0] in " -":
            assert old[done] == line[1:]
            done += 1
        if line[0] in " +":
            result.append(line[1:])
    return result + old[done:]
