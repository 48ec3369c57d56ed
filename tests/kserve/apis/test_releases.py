import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from isvclog.errors import UsageError
from isvclog.kserve.apis import releases
from isvclog.kserve.apis.releases import (
    ALL_RELEASES,
    NEWEST,
    NEXT,
    Release,
    capabilities,
    find_release,
    nearest_release,
    since,
)


def test_releases_are_ordered_without_duplicates() -> None:
    assert list(ALL_RELEASES) == sorted(set(ALL_RELEASES))
    assert str(ALL_RELEASES[0]) == "0.7.0"
    assert ALL_RELEASES[-1] == NEWEST
    assert find_release("0.9.0") < find_release("0.10.0")


@pytest.mark.parametrize("release", ALL_RELEASES, ids=str)
def test_a_release_is_found_by_its_own_name(release: Release) -> None:
    assert find_release(str(release)) is release
    assert find_release(f"v{release}") is release


@pytest.mark.parametrize(
    ("text", "found"),
    [("0.16", "0.16.0"), ("v0.16", "0.16.0"), ("0.15", "0.15.2"), ("v0.10", "0.10.2"), (" 0.18 ", "0.18.1")],
)
def test_without_a_patch_it_is_the_newest_one(text: str, found: str) -> None:
    assert str(find_release(text)) == found


def test_next_is_newer_than_all_releases_and_says_that_it_is_none() -> None:
    assert find_release(" next ") == NEXT
    assert (NEXT.name, str(NEXT), NEXT.is_released) == ("next", "next (not released)", False)
    assert "not released" in NEXT.caution
    assert NEXT > NEWEST
    assert NEXT not in ALL_RELEASES
    assert nearest_release(99, 0) == NEWEST
    assert all(NEXT.has(name) for name in capabilities())
    assert not any(NEWEST.has(name) for name, row in capabilities().items() if row.since == NEXT)


def test_only_releases_that_were_not_tested_have_a_caution() -> None:
    assert [release.name for release in (*ALL_RELEASES, NEXT) if release.caution] == ["0.21.0", "next"]
    assert "not tested" in NEWEST.caution


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Next",
        "vnext",
        "0",
        "16",
        "latest",
        "0.16.9",
        "0.6",
        "0.99",
        "0.16.0-rc1",
        "0.16.0.0",
        "V0.16",
        "0.1\uff16",
        "v 0.16",
        "0.16\n\x1b[2J",
    ],
)
def test_anything_else_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError) as error:
        find_release(text)
    message = str(error.value)
    assert all(str(release) in message for release in ALL_RELEASES)
    assert message.isascii()
    assert message.isprintable()


def test_a_release_has_the_capabilities_of_earlier_ones() -> None:
    assert not find_release("0.15.0").has("metadataAnnotations")
    assert find_release("0.15.1").has("metadataAnnotations")
    assert NEWEST.has("metadataAnnotations")
    assert since("metadataAnnotations") == find_release("0.15.1")


def test_a_typo_cannot_hide() -> None:
    for ask in (NEWEST.has, since):
        with pytest.raises(KeyError):
            ask("metadataAnnotation")


@pytest.mark.parametrize("name", list(capabilities()))
def test_every_row_is_complete(name: str) -> None:
    row = capabilities()[name]
    assert row.name == name
    assert row.kind in {"field", "flag", "attribute", "behaviour"}
    assert row.kind != "flag" or name.startswith("--")
    assert row.since in (*ALL_RELEASES, NEXT)
    assert row.since > ALL_RELEASES[0], "what every release can do has no row"
    assert row.sentence.strip() == row.sentence
    assert not row.sentence.endswith(".")
    assert list(row.evidence) == sorted(set(row.evidence))


@pytest.mark.parametrize(
    ("field", "flag"),
    [
        ("metadataHeaders", "--metadata-headers"),
        ("metadataAnnotations", "--metadata-annotations"),
        ("storage", "--log-store-path"),
        ("storage", "--log-store-format"),
        ("marshallerUrl", "--log-marshaller-url"),
        ("batchSize", "--log-batch-size"),
        ("batchInterval", "--log-batch-interval"),
        ("logAllResponses", "statuscode"),
        ("metadataHeaders", "metadata"),
        ("metadataAnnotations", "annotations"),
        ("disallowed-model-format", "model-format-annotation"),
        ("probe-environment", "transformer-container"),
        ("tls-settings", "--logger-ca-cert-file"),
        ("tls-settings", "--logger-tls-skip-verify"),
    ],
)
def test_a_field_has_the_same_first_release_as_its_flag(field: str, flag: str) -> None:
    assert since(field) == since(flag)


def test_importing_the_module_does_not_read_the_table() -> None:
    code = "import sys, isvclog.kserve.apis.releases; sys.exit('json' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_table_is_what_its_source_says() -> None:
    table = Path(releases.__file__).with_name("releases.json")
    source = tomllib.loads(table.with_suffix(".toml").read_text(encoding="utf-8"))
    read = json.loads(table.read_text(encoding="utf-8"))
    assert read == source, "run `make generated`"
    assert [(name, [*rows]) for name, rows in read.items()] == [(name, [*rows]) for name, rows in source.items()]
