"""Lists in brackets, laid out in every way, with comments anywhere: keys are removed, and added again."""

from typing import NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st

from isvclog import edit
from isvclog.manifest import Object, Source, load

HEAD = """apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: iris}
spec:
  predictor:
    logger:
      mode: all
      metadataAnnotations: ["""
KEYS = "abcd"


class Layout(NamedTuple):
    """What stands in front of each key, behind the last one and behind the bracket; `{}` is a comment."""

    gaps: tuple[str, ...]
    end: str
    behind: str

    def text(self) -> str:
        """The service; the comments are numbered."""
        keys = "".join(gap + key for gap, key in zip(self.gaps, KEYS, strict=False))
        text = f"{HEAD}{keys}{self.end}]{self.behind}\n      url: http://sink\n"
        for number in range(text.count("{}")):
            text = text.replace("{}", f"# {number}.", 1)
        return text


BREAKS = st.sampled_from(["\n         ", " {}\n         ", " {}\n\n         {}\n         ", "\n       {}\n        "])
BLANKS = st.sampled_from(["", " ", "  "])
SPACE = BREAKS | BLANKS
COMMAS = st.builds("{0},{1}".format, SPACE, SPACE)
LAYOUTS = st.builds(
    Layout,
    st.tuples(SPACE, *[COMMAS] * 3).flatmap(lambda gaps: st.integers(1, 4).map(lambda count: gaps[:count])),
    SPACE | st.builds("{0},{1}".format, SPACE, SPACE),
    st.sampled_from(["", " {}"]),
)


def service(text: str) -> tuple[Source, Object]:
    source = Source("before", text.encode())
    obj = next(iter(load(source, ())))
    assert isinstance(obj, Object)
    return source, obj


def keys_of(text: str) -> list[str]:
    return service(text)[1].data["spec"]["predictor"]["logger"].get("metadataAnnotations") or []


@given(LAYOUTS, st.sets(st.sampled_from(KEYS), min_size=1))
@example(Layout(("", ", {}\n         "), "", " {}"), {"b"})
@example(Layout(("", ",{}\n         "), "", ""), {"b"})
def test_any_keys_can_be_removed_and_added(layout: Layout, keys: set[str]) -> None:
    before = layout.text()
    source, obj = service(before)
    there = keys_of(before)
    after = edit.apply_plans(source, [edit.plan_removal(obj, keys)]).decode()
    assert keys_of(after) == [key for key in there if key not in keys]
    if any(key in there for key in keys):
        check_lines(before, after, keys)
    source, obj = service(after)
    again = edit.apply_plans(source, [edit.plan_addition(obj, dict.fromkeys(sorted(keys)))]).decode()
    assert keys_of(again) == [*keys_of(after), *(key for key in sorted(keys))]
    assert comments(again) == comments(after)
    source, obj = service(again)
    if "[" in after.partition("metadata: {name: iris}")[2]:
        assert edit.apply_plans(source, [edit.plan_removal(obj, keys)]).decode() == after


def comments(text: str) -> list[str]:
    return [line[line.index("#") :] for line in text.splitlines() if "#" in line]


def check_lines(before: str, after: str, keys: set[str]) -> None:
    """A comment goes where only keys that go, commas and brackets that open are in its line; lines stay indented."""
    wanted = []
    for line in before.splitlines():
        code, mark, comment = line.partition("#")
        inner = code.rpartition("[")[2]
        listed = [character for character in inner if character in KEYS]
        if mark and ("]" in inner or not listed or not keys.issuperset(listed)):
            wanted.append(mark + comment)
    assert comments(after) == wanted
    indents = {len(line) - len(line.lstrip()) for line in before.splitlines()}
    assert {len(line) - len(line.lstrip()) for line in after.splitlines()} <= indents
    assert not any(line.endswith(" ") for line in after.splitlines() if line + "\n" not in before)
