"""The form of a rule's docstring: what is read from it, and what is said of one that lacks something."""

import pytest

from isvclog.rules.docstring import join_paragraphs, parse_docstring

WHOLE = """A defect in `this`.

    The first line of a paragraph
    goes on here.

    Two things:

    - one, which
      goes on
    - two

    Instead: Do something
    else.

        # isvclog lint --kserve-version 0.14
        # before
        logger:
          mode: all

          # a comment
          url: a

        # after
        logger: {}
    """


def test_every_part_is_read() -> None:
    prose = parse_docstring(WHOLE, "some.rule")
    assert prose.summary == "A defect in `this`."
    assert prose.why == (
        "The first line of a paragraph goes on here.",
        "Two things:",
        "- one, which goes on",
        "- two",
    )
    assert prose.instead == "Do something else."
    assert prose.options == "--kserve-version 0.14"
    assert prose.before == "logger:\n  mode: all\n\n  # a comment\n  url: a\n"
    assert prose.after == "logger: {}\n"
    assert join_paragraphs(prose.why) == (
        "The first line of a paragraph goes on here.\n\nTwo things:\n\n- one, which goes on\n- two"
    )


def test_options_are_rare() -> None:
    prose = parse_docstring(WHOLE.replace("        # isvclog lint --kserve-version 0.14\n", "", 1), "some.rule")
    assert (prose.options, prose.after) == ("", "logger: {}\n")


@pytest.mark.parametrize(
    ("part", "instead", "lacking"),
    [
        ("A defect in `this`.\n", "A defect in `this`\n", "a first line that is one sentence"),
        ("A defect in `this`.\n\n", "A defect in `this`.\n", "a first line that is one sentence"),
        ("Instead: ", "In place of it: ", "a paragraph right before the example that begins `Instead: `"),
        ("else.\n", "else.\n\n    More.\n", "a paragraph right before the example that begins `Instead: `"),
        ("# before", "# bevor", "an example of one `# before` and one `# after`"),
        ("# after", "# afterwards", "an example of one `# before` and one `# after`"),
        ("logger: {}", "# after\n        logger: {}", "an example of one `# before` and one `# after`"),
        ("logger: {}\n", "\n", "something below `# before`, and something else below `# after`"),
        ("logger: {}\n", "logger: {}\n\n    More.\n", "every line is indented by four spaces"),
    ],
)
def test_what_is_missing_is_named(part: str, instead: str, lacking: str) -> None:
    assert part in WHOLE
    with pytest.raises(ValueError, match=r"^the docstring of some\.rule lacks ") as error:
        parse_docstring(WHOLE.replace(part, instead, 1), "some.rule")
    assert lacking in str(error.value)


@pytest.mark.parametrize("text", ["", "A defect.", "A defect.\n\nWhy.\n\nInstead: No.\n"])
def test_an_example_is_required(text: str) -> None:
    with pytest.raises(ValueError, match="lacks an example that begins with an indented `# before`"):
        parse_docstring(text, "some.rule")


def test_a_reason_is_required() -> None:
    with pytest.raises(ValueError, match="lacks paragraphs that say why it happens"):
        parse_docstring("A defect.\n\nInstead: No.\n\n    # before\n    a: b\n\n    # after\n    a: c\n", "some.rule")


def test_the_same_before_and_after_is_no_example() -> None:
    with pytest.raises(ValueError, match="something else below `# after`"):
        parse_docstring(
            "A defect.\n\nWhy.\n\nInstead: No.\n\n    # before\n    a: b\n\n    # after\n    a: b\n", "some.rule"
        )
