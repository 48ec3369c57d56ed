"""The text of a document parsed to node trees, by kubectl's rule: JSON first if it starts with a brace, otherwise YAML.

Each reader is imported when it is needed: ruamel.yaml takes as long as two bare interpreter starts.
"""

import re

from isvclog.manifest.syntax.nodes import Node
from isvclog.manifest.syntax.parse_error import UNPARSABLE, ParseError, unparsable

_BRACE = re.compile(r"\s*\{")
_INNER_BOM = re.compile("(?:^|(?<=[\r\x85\u2028\u2029]))\ufeff", re.MULTILINE)


def read_nodes(text: str) -> list[Node]:
    """Parse the text to the root node of each document; only a stream of JSON values has more than one.

    Raise ParseError if the text cannot be read. If both readers fail, it is the error of the one that got further.
    """
    if not _BRACE.match(text):
        return _read_yaml(text)
    from isvclog.manifest.syntax.json_text import compose_json

    try:
        return compose_json(text)
    except ParseError as json_problem:
        if json_problem.rule != UNPARSABLE:
            raise
        try:
            return _read_yaml(text)
        except ParseError as yaml_problem:
            # The one that understood more of the text.
            raise max(json_problem, yaml_problem, key=lambda problem: problem.start) from None


def _read_yaml(text: str) -> list[Node]:
    if "\ufeff" in text and (mark := _INNER_BOM.search(text)):
        remedy = "Remove it: it belongs at the start of a file only."
        raise unparsable("a byte order mark is inside the file", remedy, mark.start())
    from isvclog.manifest.syntax.compose import compose

    return compose(text)
