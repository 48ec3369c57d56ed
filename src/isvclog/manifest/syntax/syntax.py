"""Messages for syntax errors: where the error really is, and what usually fixes it."""

from ruamel.yaml.error import MarkedYAMLError

from isvclog.manifest.syntax.parse_error import UNPARSABLE, ParseError, unparsable

# The words of libyaml, then those of ruamel.yaml's Python parser where they differ: the first that match count.
_REMEDIES = (
    ("cannot start any token", "Quote the value: nothing in YAML starts with this character."),
    ("mapping values are not allowed", "Quote the value if its colon is part of the text, or correct the indentation."),
    ("could not find expected ':'", "Write this line as `key: value`, or indent it under the key it belongs to."),
    ("expected key", "Align this line with the keys around it, or quote the value that ends here."),
    ("<block end>", "Align this line with the lines around it, or quote the value that ends here."),
    ("expected '-' indicator", "Align the items of the list, and indent what belongs to an item."),
    ("',' or '", "Add the missing comma or close the bracket."),
    ("expected node content", "Write the missing value, or quote it if it starts with a special character."),
    ("unexpected end of stream", "Close the quote that starts here."),
    ("unexpected document indicator", "Close the quote that starts here."),
    ("alphabetic or numeric", "Quote the value: a star starts an alias, and an ampersand an anchor."),
    ("escape", "Double the backslash, or use single quotes, if it is part of the text."),
    ("unexpected ':'", "Quote the value: inside brackets a colon ends a key."),
)


def syntax_problem(error: MarkedYAMLError, text: str) -> ParseError:
    """Convert the parser's error to a ParseError."""
    reason = error.problem or "it is not YAML"
    offset = _offset(error, text)
    if "<document start>" in reason:
        # go.yaml.in/yaml/v2 parses one document and never looks at what follows.
        message = "kubectl reads this document only up to here and ignores the rest."
        remedy = "Align this line with the first one, or start a new document with a line `---`."
        return ParseError(UNPARSABLE, message, remedy, offset)
    if "tab character" in reason or ("cannot start any token" in reason and text.startswith("\t", offset)):
        return unparsable("a tab is used for indentation", "Indent with spaces.", offset)
    remedy = next((remedy for words, remedy in _REMEDIES if words in reason), "Correct the YAML at this place.")
    return unparsable(reason, remedy, offset)


def _offset(error: MarkedYAMLError, text: str) -> int:
    """Locate the mistake. Something that was not finished is reported where it starts, not where the parser gave up."""
    problem, context = error.problem_mark, error.context_mark
    if problem is None:
        return int(context.index) if context is not None else 0
    unfinished = problem.index >= len(text.rstrip()) or "simple key" in (error.context or "")
    mark = context if context is not None and unfinished else problem
    return int(mark.index)
