"""Reading of a YAML file that is not a manifest: one document, which is a mapping, with positions."""

from isvclog.findings import Finding, Severity
from isvclog.manifest.syntax.convert import convert
from isvclog.manifest.syntax.decode import check_document, check_file, to_utf8
from isvclog.manifest.syntax.files import Source
from isvclog.manifest.syntax.load import read_nodes
from isvclog.manifest.syntax.nodes import Scalar, resolved
from isvclog.manifest.syntax.objects import Document, Object
from isvclog.manifest.syntax.parse_error import UNPARSABLE, ParseError
from isvclog.manifest.syntax.positions import Positions


def load_mapping(source: Source) -> Object | Finding | None:
    """Read the only document of a file. Return None if the file is empty.

    Return a Finding if the document cannot be read, is not a mapping, or is one of several. Scalars have the same types
    as in a manifest.
    """
    data = to_utf8(source.data)
    positions = Positions(data.decode(errors="replace"), 1)
    try:
        check_file(source.data, data)
        check_document(data)
        return _only(source.name, positions)
    except ParseError as problem:
        # The messages are about manifests, which kubectl reads.
        message = problem.message.replace("kubectl", "isvclog")
        span = positions.span(problem.start, problem.end)
        return Finding(source.name, span, Severity.ERROR, problem.rule, message, problem.remedy)


def _only(name: str, positions: Positions) -> Object | None:
    roots = read_nodes(positions.text)
    if len(roots) > 1:
        message = "A second document starts here, and this file may have only one."
        raise ParseError(UNPARSABLE, message, "Put everything into one document.", roots[1].start)
    root = resolved(roots[0]) if roots else None
    if root is None or (isinstance(root, Scalar) and root.value is None):
        return None
    data, repeated = convert(root)
    if not isinstance(data, dict):
        message = "This is not a mapping, and this file must be one."
        raise ParseError(UNPARSABLE, message, "Write `key: value` lines.", root.start)
    return Object(Document(name, 1, positions, repeated), (), root, data, "", "")
