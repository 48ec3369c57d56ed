"""Documentation of the rules as Markdown (GitHub's): one section, or the whole page `docs/rules.md`."""

import re
from collections.abc import Iterator, Mapping, Sequence

from isvclog.report.formats import FormatSettings
from isvclog.report.rules import phrases
from isvclog.rules.catalogue import Description
from isvclog.rules.docstring import join_paragraphs
from isvclog.rules.symptoms import Cause, Symptom

_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_SPECIAL = re.compile(r"[\\*\[\]~]|(?<![^\W_])_|_(?![^\W_])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_BULLET = re.compile(r"^[-*] ")

_INTRODUCTION = """\
# Rules

<!-- Written by scripts/generate_docs.py from the docstrings in src/isvclog/rules: change those. -->

What `isvclog lint` finds in manifests and `isvclog audit` in a cluster, and what to do about it. `isvclog rules` prints
the table, and `isvclog explain RULE` prints a section. An error means that the service is rejected, the agent crashes,
data is lost or leaks, or a policy of the project is broken. A warning means that something surprising happens. An info
is worth knowing.

The column *Fix* shows what `isvclog lint` can fix: `--fix` applies *safe* fixes, which do what the author intended
without doubt; `--unsafe-fixes` also applies *unsafe* fixes, which probably do. Not every finding of such a rule has a
fix. *Releases* are the releases of KServe that have the defect; for others, the rule reports nothing. An example that
begins with `logger:` is a part of `spec.predictor`.
"""


def write(pages: Sequence[Description | Symptom], settings: FormatSettings) -> Iterator[str]:
    """Yield the section of each rule or symptom."""
    for index, page in enumerate(pages):
        section = symptom_section(page) if isinstance(page, Symptom) else rule_section(page)
        yield "\n" * bool(index) + section


def symptom_section(symptom: Symptom) -> str:
    """Format the page of a symptom, below a heading of the second level with its name."""
    first = [f"- `{command}`: {escape_prose(shows)}" for command, shows in symptom.first]
    causes = [f"{number}. {_cause(cause)}" for number, cause in enumerate(symptom.causes, 1)]
    parts = [
        f"## {symptom.name}",
        escape_prose(symptom.title),
        "**Start here:**",
        "\n".join(first),
        "**Causes, the most likely first:**",
        "\n".join(causes),
    ]
    return "\n\n".join(parts) + "\n"


def _cause(cause: Cause) -> str:
    leads = [f"{label.capitalize()}: `{'`, `'.join(names)}`." for label, names in phrases.leads(cause)]
    return " ".join((escape_prose(cause.text), *leads))


def rules_page(groups: Mapping[str, Sequence[Description]], about: Mapping[str, str]) -> str:
    """Build the whole page: an index by group, then a section for each rule. `about` has one sentence on each group."""
    index = [
        f"### {_title(group)}\n\n{escape_prose(about[group])}\n\n{_table(rules)}" for group, rules in groups.items()
    ]
    sections = [rule_section(rule) for rules in groups.values() for rule in rules]
    return "\n".join([_INTRODUCTION, "## Index\n", *index, *sections])


def rule_section(description: Description) -> str:
    """Format everything known about a rule, below a heading of the second level with its name."""
    return "\n\n".join(_paragraphs(description)) + "\n"


def remedy_markdown(description: Description) -> str:
    """Format the reasons, what to do instead, and the example, for a reader who sees the title already."""
    return "\n\n".join(_advice(description))


def escape_prose(prose: str) -> str:
    """Convert the prose of a docstring, in which only code in backticks and lists have a meaning, to Markdown."""
    text, end = "", 0
    for code in _CODE.finditer(prose):
        text += _escape(prose[end : code.start()]) + code[0]
        end = code.end()
    text += _escape(prose[end:])
    return "- " + text[len(_escape(prose[:1])) + 1 :] if _BULLET.match(prose) else text


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text.translate(_ENTITIES))


def _paragraphs(rule: Description) -> Iterator[str]:
    yield f"## {rule.name}"
    yield escape_prose(rule.summary)
    facts = [
        f"severity: {rule.severity}",
        f"releases: {phrases.releases(rule)}",
        f"fix: {phrases.FIXES[rule.fix]}",
    ]
    yield "\n".join(f"- {fact}" for fact in facts)
    yield from _advice(rule)
    written, where = phrases.ignoring(rule)
    yield f"To ignore it: `{written}` {where}"


def _advice(rule: Description) -> Iterator[str]:
    if rule.before:  # else Python was started with -OO, without docstrings
        yield join_paragraphs(tuple(map(escape_prose, rule.why)))
        yield f"**Instead:** {escape_prose(rule.instead)}"
        yield f"Before:\n\n{_fenced(phrases.command(rule) + rule.before)}"
        yield f"After:\n\n{_fenced(rule.after)}"


def _fenced(text: str) -> str:
    """Put the text in a code block whose fence is longer than any run of backticks in the text."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}yaml\n{text}{fence}"


def _table(rules: Sequence[Description]) -> str:
    rows = ["| Rule | Severity | Fix | Releases | What is wrong |", "|---|---|---|---|---|"]
    for rule in rules:
        cells = (
            f"[{rule.name}](#{rule.name})",
            rule.severity,
            rule.fix,
            rule.releases.text,
            escape_prose(rule.summary),
        )
        rows.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def _title(group: str) -> str:
    return group.capitalize()
