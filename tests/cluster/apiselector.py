"""Label selectors: `a=b`, `a==b`, `a!=b`, `a in (b, c)`, `a notin (b, c)`, `a`, `!a`, with commas in between."""

import re
from collections.abc import Callable

_TERM = re.compile(
    r"\s*(?:(?P<key>[\w./-]+)\s*(?:(?P<op>==?|!=)\s*(?P<value>[\w.-]*)|\s(?P<set>in|notin)\s*\((?P<values>[^()]*)\))?"
    r"|!\s*(?P<absent>[\w./-]+))\s*(?:,|$)"
)


def matcher(selector: str) -> Callable[[dict[str, str]], bool]:
    """Whether labels match. Raises ValueError for what is no selector."""
    terms, place = [], 0
    while place < len(selector):
        match = _TERM.match(selector, place)
        if not match:
            raise ValueError(f"unable to parse requirement: {selector[place:]}")
        terms.append(match)
        place = match.end()
    return lambda labels: all(_matches(term, labels) for term in terms)


def _matches(term: re.Match[str], labels: dict[str, str]) -> bool:
    if term["absent"]:
        return term["absent"] not in labels
    value = labels.get(term["key"])
    if term["op"]:
        return (value == term["value"]) != (term["op"] == "!=")
    if term["set"]:
        values = [part.strip() for part in term["values"].split(",")]
        return (value in values) == (term["set"] == "in")
    return value is not None
