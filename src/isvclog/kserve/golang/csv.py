"""Go's `encoding/csv` with its default settings: comma, no comments, no lazy quotes, spaces kept."""

from collections.abc import Iterable, Sequence

from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.strings import SPACE, to_bytes
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

_SPECIAL = late_pattern(r'["\r\n]')


class CsvError(GoError):
    """The text is not a CSV record. The message names line and column (in bytes, from 1), or is `EOF` without a record.

    `position` is the offset at which the unreadable field begins, as in `Record`.
    """

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message)
        self.position = position


class Record(NamedTuple):
    """Fields with the offset at which each begins, and the offset at which the record ends.

    Offsets count in a text whose `\\r\\n` became `\\n`.
    """

    fields: list[tuple[int, str]]
    end: int


def read_record(text: str) -> list[str]:
    """Parse the first record and return its fields, as `csv.Reader.Read` does. Text after the record is not checked.

    Empty lines before it are skipped, `\\r\\n` counts as `\\n` everywhere, one `\\r` at the very end is dropped.
    """
    if text and not _SPECIAL.search(text):
        return text.split(",")
    return [field for _, field in locate_record(text).fields]


def locate_record(text: str) -> Record:
    """Parse the first record like `read_record`, and return the offsets of its fields and of its end."""
    text = text.removesuffix("\r").replace("\r\n", "\n")
    start = len(text) - len(text.lstrip("\n"))
    if start == len(text):
        raise CsvError("EOF")
    fields = []
    position = start
    while True:
        read = _read_quoted if text.startswith('"', position) else _read_plain
        try:
            field, end = read(text, start, position)
        except CsvError as error:
            error.position = position
            raise
        fields.append((position, field))
        if end == len(text) or text[end] == "\n":
            return Record(fields, end)
        position = end + 1


def _read_plain(text: str, start: int, position: int) -> tuple[str, int]:
    # The comma first: looking for the end of the line from every field would be quadratic.
    comma = text.find(",", position)
    end = len(text) if comma < 0 else comma
    newline = text.find("\n", position, end)
    if newline >= 0:
        end = newline
    mark = text.find('"', position, end)
    if mark >= 0:
        raise _error(text, start, mark, 'bare " in non-quoted-field')
    return text[position:end], end


def _read_quoted(text: str, start: int, position: int) -> tuple[str, int]:
    mark = text.find('"', position + 1)
    while mark >= 0 and text.startswith('"', mark + 1):
        mark = text.find('"', mark + 2)
    if mark < 0:
        raise _error(text, start, len(text), 'extraneous or missing " in quoted-field')
    end = mark + 1
    if end < len(text) and text[end] not in ",\n":
        raise _error(text, start, mark, 'extraneous or missing " in quoted-field')
    return text[position + 1 : mark].replace('""', '"'), end


def _error(text: str, start: int, offset: int, problem: str) -> CsvError:
    # The end of the text belongs to its last line even when that line ends with a newline.
    before = offset - 1 if offset == len(text) else offset
    first_line = start + 1
    line = text.count("\n", 0, before) + 1
    column = len(to_bytes(text[text.rfind("\n", 0, before) + 1 : offset])) + 1
    message = f"parse error on line {line}, column {column}: {problem}"
    return CsvError(message if line == first_line else f"record on line {first_line}; {message}")


def write_records(rows: Iterable[Sequence[str]]) -> str:
    """Format records as `csv.Writer.WriteAll` does.

    Only fields that need quotes get them, and each record ends with `\\n`.
    """
    return "".join(",".join(map(_written, row)) + "\n" for row in rows)


def _written(field: str) -> str:
    quoted = (
        field == r"\."  # PostgreSQL's end of data
        or any(char in field for char in ',"\r\n')
        or field.startswith(tuple(SPACE))
    )
    return '"' + field.replace('"', '""') + '"' if quoted else field
