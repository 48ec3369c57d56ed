"""`preview --expect`: predicted events, compared with expected ones."""

import json
from pathlib import Path

import pytest

from isvclog.cli.main import main

SERVICE = Path(__file__).parents[2] / "examples" / "01-multi-tenant.yaml"
REQUEST = {"type": "org.kubeflow.serving.inference.request", "annotations": {"example.com/tenant": "acme"}}
RESPONSE = {"type": {"pattern": "response$"}, "id": {"pattern": "^.{36}$"}, "subject": None}


@pytest.mark.parametrize(
    ("expected", "options", "code", "sentences"),
    [
        ([REQUEST, RESPONSE], (), 0, []),
        (REQUEST, ("--event", "request"), 0, []),
        (
            RESPONSE,
            ("--event", "request"),
            1,
            ["the request event differs: `type`", "is expected, but no event matches"],
        ),
        (REQUEST, (), 1, ["the response event differs: `type`"]),
        (
            [REQUEST | {"annotations": {"example.com/tenant": "other"}}, RESPONSE],
            (),
            1,
            [
                "the request event differs: `annotations.example.com/tenant` is 'acme', and 'other' is expected",
                "[0] is",
            ],
        ),
    ],
    ids=["as expected", "one half", "missing", "not expected", "another value"],
)
def test_events_are_compared_with_a_document(
    expected: object,
    options: tuple[str, ...],
    code: int,
    sentences: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "event.json"
    file.write_text(json.dumps(expected))
    assert main(["preview", str(SERVICE), "--expect", str(file), *options]) == code
    said = capsys.readouterr().err.splitlines()
    assert len(said) == len(sentences)
    for line, sentence in zip(said, sentences, strict=True):
        assert sentence in line


def test_events_are_compared_with_those_of_a_manifest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = tmp_path / "isvc.yaml"
    changed.write_text(SERVICE.read_text().replace("acme", "other"))
    assert main(["preview", str(SERVICE), "--expect", str(SERVICE)]) == 0
    assert main(["preview", str(SERVICE), "--expect", str(changed)]) == 1
    assert "`namespace`" in capsys.readouterr().err


def test_no_event_at_all_is_not_what_was_expected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "event.json").write_text("{}")
    silent = tmp_path / "isvc.yaml"
    silent.write_text(SERVICE.read_text().replace("mode: all", "mode: wrong"))
    assert main(["preview", str(silent), "--expect", str(tmp_path / "event.json")]) == 1
    assert "event.json is expected, but no event matches it." in capsys.readouterr().err
