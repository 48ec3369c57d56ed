"""Generated services in many styles: a key is added and removed exactly, or that is refused in a sentence."""

import copy
import re
from typing import Any

import styles as styles_
from apipatch import apply
from hypothesis import assume, event, given
from hypothesis import strategies as st

from isvclog import edit
from isvclog.changes import Replace
from isvclog.edit.patch import json_patch
from isvclog.kserve.apis.constants import COMPONENTS
from isvclog.manifest import Object, Source, live_object, load
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.intended import apply_changes

KEYS = st.sampled_from(["a", "example.com/team", "yes", "0", "0123", "größe", "it's", 'say "x"', "k e y", "c#", "a: b"])
VALUES = st.sampled_from(["", "blue", "12", "true", "~", "a, b", "l\n m", "é: ü", "- x", "#no", "😀"])
LISTS = st.lists(KEYS, min_size=1, max_size=3, unique=True)
ENV = st.lists(
    st.fixed_dictionaries({"name": st.just("x"), "args": st.lists(VALUES, min_size=1, max_size=2)}), min_size=1
)
LOGGERS = st.fixed_dictionaries(
    {"mode": st.just("all")},
    optional={"url": st.just("http://sink.ns:80/"), "metadataHeaders": LISTS, "metadataAnnotations": LISTS},
)
PARTS = st.fixed_dictionaries(
    {"minReplicas": st.just(1)}, optional={"logger": LOGGERS, "containers": ENV, "model": st.just({"runtime": "x"})}
)
SERVICES = st.fixed_dictionaries(
    {
        "apiVersion": st.just("serving.kserve.io/v1beta1"),
        "kind": st.just("InferenceService"),
        "metadata": st.fixed_dictionaries(
            {"name": st.just("iris")}, optional={"annotations": st.dictionaries(KEYS, VALUES, min_size=1, max_size=3)}
        ),
        "spec": st.fixed_dictionaries({"predictor": PARTS}, optional={"transformer": PARTS, "explainer": PARTS}),
    }
)


@st.composite
def shuffled(draw: st.DrawFn) -> Any:
    """A service with its keys in any order, and now and then something empty."""
    data = draw(SERVICES)
    logger = data["spec"]["predictor"].get("logger")
    if logger is not None and draw(st.integers(0, 5)) == 0:
        logger["metadataAnnotations"] = draw(st.sampled_from([None, []]))
    return _shuffled(draw, data)


def _shuffled(draw: st.DrawFn, data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    keys = draw(st.permutations(sorted(data)))
    return {key: _shuffled(draw, data[key]) for key in keys}


def expected(data: Any, keys: dict[str, str | None]) -> Any:
    """What the data should be afterwards, told without the code that is tested."""
    data = copy.deepcopy(data)
    spec = data["spec"]
    parts = [spec[name] for name in COMPONENTS if name in spec and spec[name].get("logger")] or [spec["predictor"]]
    for part in parts:
        logger = part.setdefault("logger", {"mode": "all"})
        listed = logger.get("metadataAnnotations") or []
        logger["metadataAnnotations"] = [*listed, *(key for key in keys if key not in listed)]
    values = {key: value for key, value in keys.items() if value is not None}
    if values:
        data["metadata"]["annotations"] = {**data["metadata"].get("annotations", {}), **values}
    return data


def service(source: Source) -> Object:
    obj = next(iter(load(source, ())))
    assert isinstance(obj, Object)
    return obj


@given(shuffled(), styles_.styles(), st.dictionaries(KEYS, st.none() | VALUES, min_size=1, max_size=2))
def test_added_and_removed_exactly(data: Any, style: styles_.Style, keys: dict[str, str | None]) -> None:
    before = Source("before", styles_.write(data, style).encode())
    assert service(before).data == data
    plan = edit.plan_addition(service(before), keys, overwrite=True, source=before)
    after = Source("after", edit.apply_plans(before, [plan]))
    assert service(after).data == expected(data, keys)
    assert (before.data == after.data) == (not plan.changes)
    if not any(isinstance(change, Replace) for change in plan.changes):
        check_text(before.data.decode(), after.data.decode())
    assert edit.apply_plans(after, [edit.plan_addition(service(after), keys, source=after)]) == after.data
    new = [note.key for note in plan.notes if note.action is edit.EditAction.LISTED]
    assume(new)
    back = edit.plan_removal(service(after), keys, with_value=True)
    undone = edit.apply_plans(after, [back])
    if is_undone(data, keys):
        event("undone")
        assert undone == before.data


@given(shuffled(), styles_.styles(), st.booleans())
def test_all_removed_exactly(data: Any, style: styles_.Style, with_value: bool) -> None:
    before = Source("before", styles_.write(data, style).encode())
    loggers = [part["logger"] for part in data["spec"].values() if part.get("logger")]
    keys = sorted({key for logger in loggers for key in logger.get("metadataAnnotations") or ()})
    assume(keys)
    plan = edit.plan_removal(service(before), keys, with_value=with_value, source=before)
    after = Source("after", edit.apply_plans(before, [plan]))
    found = service(after).data
    for name, part in data["spec"].items():
        wanted, left = part.get("logger"), found["spec"][name].get("logger")
        assert not (left or {}).get("metadataAnnotations")
        assert without(wanted, "metadataAnnotations") == without(left, "metadataAnnotations")
        assert without(part, "logger") == without(found["spec"][name], "logger")
    values = data["metadata"].get("annotations", {})
    kept = {key: value for key, value in values.items() if not (with_value and key in keys)}
    assert (found["metadata"].get("annotations") or {}) == kept
    assert comment_lines(after.data) == comment_lines(before.data)
    assert edit.apply_plans(after, [edit.plan_removal(service(after), keys, with_value=with_value)]) == after.data


def without(data: Any, key: str) -> Any:
    return data if data is None else {name: value for name, value in data.items() if name != key}


def comment_lines(data: bytes) -> int:
    return sum(line.lstrip().startswith("#") for line in data.decode().splitlines())


def is_undone(data: Any, keys: dict[str, str | None]) -> bool:
    """Whether a logger was there, and neither an empty list nor any of the keys."""
    loggers = [part["logger"] for part in data["spec"].values() if part.get("logger")]
    lists = [logger["metadataAnnotations"] for logger in loggers if "metadataAnnotations" in logger]
    there = {key for listed in lists for key in listed or ()} | {*data["metadata"].get("annotations", ())}
    return bool(loggers) and all(lists) and there.isdisjoint(keys)


def check_text(before: str, after: str) -> None:
    """No comment is lost, no line break changed; outside brackets lines are only added.

    Behind a comma that leads its line another entry may follow.
    """
    assert before.count("# note") == after.count("# note")
    assert before.endswith("\n") == after.endswith("\n")
    assert after.count("\r\n") == (after.count("\n") if "\r" in before else 0)
    assert before.startswith("\ufeff") == after.startswith("\ufeff")
    rest = iter([before_bracket(line) for line in after.splitlines()])
    for line in before.splitlines():
        if not {"{", "["} & set(line) and "null" not in line and line.lstrip()[:1] != ",":
            assert before_bracket(line) in rest, "a line is gone, or stands elsewhere"


def before_bracket(line: str) -> str:
    """The line up to a bracket that closes, without commas: the last entry may no longer be beside its bracket."""
    return re.split(r"[]}]", line)[0].replace(",", "")


@given(shuffled(), st.dictionaries(KEYS, st.none() | VALUES, min_size=1, max_size=3), st.booleans(), st.booleans())
def test_a_json_patch_does_what_is_planned(
    data: Any, keys: dict[str, str | None], removes: bool, with_value: bool
) -> None:
    data["metadata"]["resourceVersion"] = "7"
    obj = live_object("<cluster>:a/iris", data)
    plan = (
        edit.plan_removal(obj, keys, with_value=with_value)
        if removes
        else edit.plan_addition(obj, keys, overwrite=True)
    )
    operations = json_patch(data, plan.changes, [note.path for note in plan.notes])
    assert not any("resourceVersion" in operation["path"] for operation in operations)
    assert apply(copy.deepcopy(data), operations) == apply_changes(data, plan.changes)


LOGGER_STYLES = st.sampled_from(["*log", "\n      <<: *log", "\n      <<: *log\n      metadataAnnotations: [own]"])


@given(
    LOGGER_STYLES,
    st.sampled_from(
        ["\n      mode: all", " {mode: all, metadataAnnotations: [x]}", "\n      metadataAnnotations: [x]"]
    ),
    st.sampled_from([(), ("predictor",), ("transformer",), ("all",)]),
    st.booleans(),
)
def test_a_shared_value_is_changed_exactly_or_refused(
    second: str, first: str, components: tuple[str, ...], unshare: bool
) -> None:
    text = "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: a}\nspec:\n  predictor:\n"
    text += f"    minReplicas: 1\n    logger: &log{first}\n  transformer:\n    logger: {second}\n    minReplicas: 1\n"
    before = Source("before", text.encode())
    obj = service(before)
    try:
        plan = edit.plan_addition(obj, {"k": None}, components=components, unshare=unshare, source=before)
    except EditError as error:
        event(f"{error.span and error.span.line}: {error}")
        return
    after = service(Source("after", edit.apply_plans(before, [plan])))
    wanted = copy.deepcopy(obj.data)
    for name in components if components and components != ("all",) else ("predictor", "transformer"):
        logger = wanted["spec"][name]["logger"]
        logger["metadataAnnotations"] = [*logger.get("metadataAnnotations", []), "k"]
    assert after.data == wanted
