from isvclog.changes import Change, Insert, Remove, Rename, Replace
from isvclog.findings import Finding, Fix, Severity
from isvclog.lint.fixes import Fixed, fix, fix_until_done
from isvclog.manifest import Object, Source, load
from isvclog.manifest.editing.fixes import with_edits

TWO = b"kind: A\nspec:\n  one: &list\n  - x\n  two: *list\n---\nkind: B\nl: [x, z]\n"


def finding(data: bytes, number: int, *changes: Change, safe: bool = True) -> Finding:
    """A finding about the object with this number in the file, from 0, whose fix is these changes."""
    obj = list(load(Source("f.yaml", data), ()))[number]
    assert isinstance(obj, Object)
    placed = with_edits(Fix("Mend it.", changes, safe), obj)
    path = changes[0].path
    return Finding("f.yaml", obj.span(path), Severity.ERROR, "rule", "", path=path, document=obj.document, fix=placed)


def fixed(data: bytes, *findings: Finding, unsafe: bool = False) -> Fixed:
    return fix(Source("f.yaml", data), findings, unsafe=unsafe)


def test_all_that_go_together_are_applied() -> None:
    first = finding(TWO, 0, Replace(("kind",), "C"))
    second = finding(TWO, 1, Replace(("l", 0), "v"))
    result = fixed(TWO, second, first)
    assert result == (TWO.replace(b"A", b"C").replace(b"[x", b"[v"), (second, first), ())


def test_one_that_changes_something_else_is_rejected_and_hides_no_other() -> None:
    bad = finding(TWO, 0, Replace(("spec", "one", 0), "v"))
    good = [finding(TWO, 0, Replace(("kind",), "C")), finding(TWO, 1, Remove(("l", 0)))]
    result = fixed(TWO, bad, *good)
    assert result.data == TWO.replace(b"A", b"C").replace(b"x, ", b"")
    assert result.applied == tuple(good)
    ((rejected, reason),) = result.rejected
    assert rejected is bad
    assert reason.startswith("`spec.two[0]` would get another value than intended; ")


def test_many_refusals_in_a_large_file_hide_no_other() -> None:
    # Each tried on the whole file, they would take minutes.
    data = b"---\n".join([TWO] * 1500)
    objects = [obj for obj in load(Source("f.yaml", data), ()) if isinstance(obj, Object)]
    assert len(objects) == 3000

    def found(obj: Object, change: Change) -> Finding:
        fix = with_edits(Fix("Mend it.", (change,)), obj)
        return Finding("f.yaml", obj.span(()), Severity.ERROR, "rule", "", document=obj.document, fix=fix)

    bad = [found(obj, Replace(("spec", "one", 0), "v")) for obj in objects[::2]]
    good = [found(obj, Remove(("l", 0))) for obj in objects[1::2]]
    good += [found(obj, Replace(("kind",), "C")) for obj in objects[::2]]
    result = fixed(data, *bad, *good)
    assert result.data == data.replace(b"x, ", b"").replace(b"kind: A", b"kind: C")
    assert result.applied == tuple(good)
    assert [rejected for rejected, _ in result.rejected] == bad


def test_what_an_alias_shares_is_changed_once_for_both() -> None:
    both = [finding(TWO, 0, Replace(("spec", name, 0), "v")) for name in ("one", "two")]
    result = fixed(TWO, *both)
    assert result == (TWO.replace(b"- x", b"- v"), tuple(both), ())


def test_overlapping_edits_wait_for_the_next_turn() -> None:
    first = finding(TWO, 1, Replace(("l", 0), "v"))
    second = finding(TWO, 1, Remove(("l", 0)))
    result = fixed(TWO, first, second)
    assert len(result.applied) == 1
    assert result.rejected == ()


def following(letter: str, last: str) -> list[Finding]:
    """A finding whose fix makes the kind the next letter, up to the last."""
    if letter >= last:
        return []
    return [finding(f"kind: {letter}\n".encode(), 0, Replace(("kind",), chr(ord(letter) + 1)))]


def test_one_fix_makes_room_for_another() -> None:
    source = Source("f.yaml", b"kind: A\n")
    done = fix_until_done(source, following("A", "D"), lambda now: following(chr(now.data[6]), "D"), unsafe=False)
    assert (done.data, len(done.applied), done.rejected) == (b"kind: D\n", 3, ())
    assert fix_until_done(source, [], lambda now: following("A", "D"), unsafe=False) == (b"kind: A\n", (), ())


def test_fixes_that_never_end_are_given_up() -> None:
    source = Source("f.yaml", b"kind: A\n")
    done = fix_until_done(source, following("A", "Z"), lambda now: following(chr(now.data[6]), "Z"), unsafe=False)
    assert done.data == b"kind: K\n"
    assert len(done.applied) == 10


def test_unsafe_ones_must_be_asked_for() -> None:
    unsafe = finding(TWO, 0, Replace(("kind",), "C"), safe=False)
    assert fixed(TWO, unsafe) == (TWO, (), ())
    assert fixed(TWO, unsafe, unsafe=True).applied == (unsafe,)


def test_a_finding_without_edits_is_left_alone() -> None:
    nothing = finding(TWO, 0, Replace(("kind",), "C"))._replace(fix=None)
    assert fixed(TWO, nothing) == (TWO, (), ())


def test_items_of_lists_know_their_place() -> None:
    data = b'{"kind": "List", "items": [{"kind": "A"}, {"kind": "B"}]}'
    result = fixed(data, finding(data, 1, Replace(("kind",), "C"), Insert(("x",), "1")))
    assert result.data == b'{"kind": "List", "items": [{"kind": "A"}, {"kind": "C", "x": "1"}]}'


def test_documents_of_a_json_stream_know_their_place() -> None:
    data = b'{"kind": "A"}\n{"kind": "B"}\n---\nkind: D\n'
    result = fixed(data, finding(data, 1, Replace(("kind",), "C")))
    assert result.data == data.replace(b"B", b"C")


def test_a_refusal_below_a_json_stream_hides_no_other() -> None:
    data = b'{"kind": "A"}\n{"kind": "B"}\n---\n# above\n---\n' + TWO.partition(b"---")[0]
    good = finding(data, 1, Replace(("kind",), "C"))
    bad = finding(data, 2, Replace(("spec", "one", 0), "v"))
    result = fixed(data, good, bad)
    assert (result.data, result.applied) == (data.replace(b"B", b"C"), (good,))
    assert [finding for finding, _ in result.rejected] == [bad]


def test_a_broken_document_beside_is_no_hindrance() -> None:
    data = b"kind: A\n---\nkind: {{ .Kind }}\nx: 1\n---\nkind: B\n"
    second = finding(data, 2, Replace(("kind",), "C"))
    assert fixed(data, second).data == data.replace(b"B", b"C")


def test_a_document_beside_that_is_no_text_is_one() -> None:
    data = b"kind: A\n---\nx: \xff\n---\nkind: B\n"
    result = fixed(data, finding(data, 0, Replace(("kind",), "C")), finding(data, 2, Replace(("kind",), "C")))
    assert result.data == data
    assert {reason for _, reason in result.rejected} == {
        "byte 16 of the file, 0xff, is not UTF-8; save the file as UTF-8."
    }


def test_a_file_in_utf16_is_rejected() -> None:
    data = "kind: A\n".encode("utf-16")
    result = fixed(data, finding(data, 0, Replace(("kind",), "C")))
    assert result.data == data
    assert [reason for _, reason in result.rejected] == ["the file is not UTF-8; save it as UTF-8."]


def test_mark_line_breaks_and_end_stay() -> None:
    data = b"\xef\xbb\xbfkind: A\r\nl:\r\n- \xc3\xa9: x\r\n- z"
    result = fixed(data, finding(data, 0, Replace(("l", 0, "é"), "ü"), Remove(("l", 1))))
    assert result.data == b"\xef\xbb\xbfkind: A\r\nl:\r\n- \xc3\xa9: \xc3\xbc"


def test_of_rivals_the_first_is_applied_and_none_is_rejected() -> None:
    data = b"kind: A\nx1: 1\nx2: 2\n"
    rivals = [finding(data, 0, Rename((f"x{number}",), "x")) for number in (1, 2)]
    assert fixed(data, *rivals) == (b"kind: A\nx: 1\nx2: 2\n", (rivals[0],), ())


def test_what_was_not_tried_for_lack_of_time_says_so() -> None:
    data = b"kind: A\n" + b"".join(b"a%d: &a%d [x]\nb%d: *a%d\n" % ((number,) * 4) for number in range(100))
    bad = [finding(data, 0, Replace((f"a{number}", 0), "v")) for number in range(100)]
    result = fixed(data, *bad)
    assert (result.data, len(result.rejected)) == (data, 100)
    assert {reason.partition(" would")[0] for _, reason in result.rejected} >= {
        "many other fixes of this document",
        "`b0[0]`",
    }
