"""Parser of a rule's documentation, which is the docstring of its module.

The form of a docstring: the defect as a noun phrase, in one line that ends with a full stop; paragraphs that say why it
happens; one paragraph that begins with `Instead: `; and an example, indented by four spaces:

    # isvclog lint --kserve-version 0.14      (only where the example needs options)
    # before
    YAML of an InferenceService, from `metadata:`, `spec:`, or `logger:` of its predictor

    # after
    the same without the defect
"""

import inspect
import re

from isvclog.records import NamedTuple

_COMMAND = "# isvclog lint "
_INDENT = "    "
_INSTEAD = "Instead: "
_PARTS = ["# before", "# after"]
_EXAMPLE = re.compile(rf"^{_INDENT}# (?:before$|isvclog lint )", re.MULTILINE)
_ITEM = re.compile(r"[-*] |\d+\. ")


class RuleText(NamedTuple):
    """The parts of a docstring, without line breaks inside of paragraphs.

    `why` are paragraphs; an item of a list is a paragraph of its own and begins with its dash. `before` and `after` are
    YAML with a line break at the end, `options` the arguments of `isvclog lint` that the example needs.
    """

    summary: str
    why: tuple[str, ...] = ()
    instead: str = ""
    before: str = ""
    after: str = ""
    options: str = ""


def parse_docstring(docstring: str, module: str) -> RuleText:
    """Parse a docstring into its parts; raise a ValueError that names the module and what is missing."""
    text = inspect.cleandoc(docstring)
    found = _EXAMPLE.search(text)
    if not found:
        raise _Malformed(module, "an example that begins with an indented `# before`")
    summary, why, instead = _prose(text[: found.start()], module)
    return RuleText(summary, why, instead, *_example(text[found.start() :], module))


def join_paragraphs(paragraphs: tuple[str, ...]) -> str:
    """Join paragraphs into one Markdown text, with the items of a list together."""
    text = ""
    for before, paragraph in zip(("", *paragraphs), paragraphs, strict=False):
        together = _ITEM.match(before) and _ITEM.match(paragraph)
        text += (("\n" if together else "\n\n") if before else "") + paragraph
    return text


def _prose(text: str, module: str) -> tuple[str, tuple[str, ...], str]:
    """Split the text above the example into summary, reasons, and what to do instead."""
    summary, *paragraphs = [paragraph for paragraph in re.split(r"\n\s*\n", text.strip()) if paragraph]
    if "\n" in summary or not summary.endswith("."):
        raise _Malformed(module, "a first line that is one sentence, with a full stop and a blank line behind it")
    if not paragraphs or not paragraphs[-1].startswith(_INSTEAD):
        raise _Malformed(module, "a paragraph right before the example that begins `Instead: `")
    *why, instead = paragraphs
    if not why:
        raise _Malformed(module, "paragraphs that say why it happens")
    lines = tuple(line for paragraph in why for line in _lines(paragraph))
    return summary, lines, _unwrapped(instead.removeprefix(_INSTEAD))


def _example(text: str, module: str) -> tuple[str, str, str]:
    """Split an example into before, after, and options."""
    if any(line.strip() and not line.startswith(_INDENT) for line in text.splitlines()):
        raise _Malformed(module, "an example, as the last thing, in which every line is indented by four spaces")
    lines = [line.removeprefix(_INDENT) for line in text.splitlines()]
    options = lines.pop(0).removeprefix(_COMMAND) if lines[0].startswith(_COMMAND) else ""
    parts = [line for line in lines if line in _PARTS]
    if parts != _PARTS or lines[0] != parts[0]:
        raise _Malformed(module, "an example of one `# before` and one `# after`")
    middle = lines.index(parts[1])
    before, after = ("\n".join(part).strip("\n") for part in (lines[1:middle], lines[middle + 1 :]))
    if not (before and after) or before == after:
        raise _Malformed(module, "something below `# before`, and something else below `# after`")
    return before + "\n", after + "\n", options


def _lines(paragraph: str) -> list[str]:
    """Join the paragraph into one line; a list has one line for each item."""
    found: list[list[str]] = []
    for line in paragraph.splitlines():
        if not found or _ITEM.match(line):
            found.append([])
        found[-1].append(line)
    return [_unwrapped("\n".join(lines)) for lines in found]


def _unwrapped(paragraph: str) -> str:
    return " ".join(paragraph.split())


class _Malformed(ValueError):
    def __init__(self, module: str, missing: str) -> None:
        super().__init__(f"the docstring of {module} lacks {missing}")
