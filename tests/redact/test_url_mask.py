import pytest

from isvclog.changes import Change, Insert, Remove, Rename, Replace
from isvclog.findings import Edit, Fix, Span
from isvclog.keypath import KeyPath
from isvclog.redact.url_mask import edit_text, is_harmless

LOGGER: KeyPath = ("spec", "predictor", "logger")
SPAN = Span(1, 1, 1, 1)


@pytest.mark.parametrize(
    ("path", "harmless"),
    [
        (("apiVersion",), True),
        (("kind",), True),
        ((*LOGGER, "url"), True),
        ((*LOGGER, "metadataAnnotations", 0), True),
        (("metadata", "annotations", "logger"), False),
        ((*LOGGER, "annotations", "a"), False),
        (("metadata", "labels", "kind"), False),
        (("spec", "predictor", "model", "env", 0, "value"), False),
        ((), False),
    ],
)
def test_a_loggers_own_fields_are_no_secret(path: KeyPath, harmless: bool) -> None:
    assert is_harmless(path) is harmless


@pytest.mark.parametrize(
    ("changes", "text", "shown"),
    [
        ((Replace((*LOGGER, "metadataHeaders", 0), "X-A"),), "X-A", "X-A"),
        ((Rename((*LOGGER, "metadataAnnotation"), "metadataAnnotations"),), "a\n", "a\n"),
        ((Replace(("metadata", "annotations", "a"), "s"),), '"s"', None),
        ((Insert((*LOGGER, "mode"), "all"), Replace(("metadata", "annotations", "a"), "s")), "all", None),
        ((Remove(("metadata", "annotations", "a")),), "", ""),
        ((Replace((*LOGGER, "url"), "http://u:p@sink"),), "http://u:p@sink", None),
        ((), "what nobody knows the place of", None),
    ],
)
def test_the_text_of_an_edit_is_shown_if_it_repeats_no_secret(
    changes: tuple[Change, ...], text: str, shown: str | None
) -> None:
    edit = Edit(SPAN, text)
    assert edit_text(Fix("Do it.", changes, edits=(edit,)), edit) == shown
