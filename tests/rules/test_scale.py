"""Long lists and long values take time and memory in proportion to the manifest."""

from typing import Any

import pytest
from services import manifest

from isvclog.kserve.apis.constants import METADATA_ANNOTATIONS
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.webhook.inject import ENDLESS, logged_pairs
from isvclog.rules.context import LintContext
from isvclog.rules.policy import Policy
from isvclog.rules.registry import CHECKED

COUNT = 20_000
KEYS = [f"k{index}" for index in range(COUNT)]


def number_of_issues(annotations: dict[str, str], **logger: Any) -> int:
    context = LintContext(manifest(annotations, logger), Installation(mode="Standard"), Policy())
    return sum(1 for rule in CHECKED if rule.check for _ in rule.check(context))


@pytest.mark.parametrize("value", ["a,b", "a,b=c", "$$", "\x7f", 'a"', "a\nb"])
def test_a_long_list_of_annotations(value: str) -> None:
    assert number_of_issues(dict.fromkeys(KEYS, value), metadataAnnotations=KEYS)


@pytest.mark.parametrize("entries", [KEYS, [",".join(KEYS)], [""] * COUNT])
def test_a_long_list_of_what_is_missing(entries: list[str]) -> None:
    assert number_of_issues({}, metadataAnnotations=entries)


def test_a_long_list_of_bad_headers() -> None:
    assert number_of_issues({}, metadataHeaders=[f"x,{key}" for key in KEYS]) >= COUNT


def test_a_long_value_that_makes_annotations() -> None:
    assert number_of_issues({"a": ",".join(f"{key}=v" for key in KEYS)}, metadataAnnotations=["a"])


def test_a_long_value_that_is_listed_again_and_again_is_left_out_in_the_end() -> None:
    value = "x" * 100_000
    pairs = logged_pairs({METADATA_ANNOTATIONS: ",".join([*["a"] * 5000, "b"]), "a": value, "b": "y"})
    assert pairs[-1] == ("b", "y")
    assert ENDLESS < sum(len(value) for _, value in pairs) < ENDLESS + 2 * len(value)
