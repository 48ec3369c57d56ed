"""The syntax of JSON as Go's `encoding/json` scans it, with its messages."""

from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.strconv import quote_rune
from isvclog.kserve.golang.strings import to_bytes
from isvclog.records import NamedTuple

_SPACE = " \t\r\n"
_DIGITS = "0123456789"
_HEX = "0123456789abcdefABCDEF"
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "\\": "\\", "/": "/", '"': '"'}
_LITERALS = {"true": True, "false": False, "null": None}
_CLOSING = {"object": "}", "array": "]"}
_AFTER = {"object": "after object key:value pair", "array": "after array element", "document": "after top-level value"}
_INVALID_BYTES = dict.fromkeys(range(0xDC80, 0xDD00), "\ufffd")
_MAX_DEPTH = 10_000


class JsonError(GoError):
    """`json.Unmarshal` rejected the text."""


class Node(NamedTuple):
    """One JSON value.

    `kind` is `string`, `number`, `bool`, `null`, `object` or `array`; a number keeps its text as `value`. `members` are
    the name and value pairs of an object in order, duplicates included; the items of an array have empty names.
    """

    kind: str
    value: str | bool | None
    members: list[tuple[str, "Node"]]


def parse(text: str) -> Node:
    """Parse a document; a syntax error raises JsonError with the message of `json.Unmarshal`."""
    scanner = _Scanner(text)
    root = Node("document", None, [])
    parents = [root]
    while parents:
        parent = parents[-1]
        name = scanner.name() if parent.kind == "object" else ""
        node = scanner.value()
        parent.members.append((name, node))
        if node.kind in _CLOSING:
            parents.append(node)
            if len(parents) - 1 > _MAX_DEPTH:
                raise scanner.error("exceeded max depth", -1)
            if not scanner.skip(_CLOSING[node.kind]):
                continue
            parents.pop()
        while parents and scanner.closes(parents[-1].kind):
            parents.pop()
    return root.members[0][1]


class _Scanner:
    """A position in a text, with methods that read what comes next. Every method except `error` moves the position."""

    def __init__(self, text: str) -> None:
        # Go feeds its scanner one space at the end of the input, and complains about it where no space may be.
        self._text = text + " "
        self._at = 0

    def error(self, context: str, offset: int = 0) -> JsonError:
        """Build the error for the character at the position plus `offset`.

        Go sees bytes: if the character is not ASCII, the message names its first byte as if it were Latin-1.
        """
        byte = to_bytes(self._text[self._at + offset])[0]
        return JsonError(f"invalid character {quote_rune(chr(byte))} {context}")

    def skip(self, token: str) -> bool:
        """Skip white space, and `token` if it comes next; return True if it did."""
        found = self._peek() == token
        self._at += found
        return found

    def closes(self, kind: str) -> bool:
        """Read what follows a value; return True if its parent ends here, False after a comma before another member."""
        if kind == "document":
            self._at = len(self._text) - len(self._text[self._at :].lstrip(_SPACE))
            if self._at < len(self._text):
                raise self.error(_AFTER[kind])
            return True
        if self.skip(_CLOSING[kind]):
            return True
        if not self.skip(","):
            raise self.error(_AFTER[kind])
        return False

    def name(self) -> str:
        """Read the name of an object's member and the colon after it."""
        if self._peek() != '"':
            raise self.error("looking for beginning of object key string")
        name = self._string()
        if not self.skip(":"):
            raise self.error("after object key")
        return name

    def value(self) -> Node:
        """Read a value; of an object or array, only the opening bracket."""
        char = self._peek()
        if char == '"':
            return Node("string", self._string(), [])
        if char in "-" + _DIGITS:
            return Node("number", self._number(), [])
        for literal, value in _LITERALS.items():
            if char == literal[0]:
                self._literal(literal)
                return Node("null" if value is None else "bool", value, [])
        if char not in "{[":
            raise self.error("looking for beginning of value")
        self._at += 1
        return Node("object" if char == "{" else "array", None, [])

    def _peek(self) -> str:
        while self._at < len(self._text) and self._text[self._at] in _SPACE:
            self._at += 1
        return self._here()

    def _here(self) -> str:
        if self._at >= len(self._text):
            raise JsonError("unexpected end of JSON input")
        return self._text[self._at]

    def _literal(self, literal: str) -> None:
        for char in literal[1:]:
            self._at += 1
            if self._here() != char:
                raise self.error(f"in literal {literal} (expecting '{char}')")
        self._at += 1

    def _number(self) -> str:
        start = self._at
        if self._here() == "-":
            self._at += 1
            self._expect(_DIGITS, "in numeric literal")
        if self._here() == "0":
            self._at += 1
        else:
            self._digits()
        if self._here() == ".":
            self._at += 1
            self._expect(_DIGITS, "after decimal point in numeric literal")
            self._digits()
        if self._here() in "eE":
            self._at += 1
            if self._here() in "+-":
                self._at += 1
            self._expect(_DIGITS, "in exponent of numeric literal")
            self._digits()
        return self._text[start : self._at]

    def _expect(self, chars: str, context: str) -> None:
        if self._here() not in chars:
            raise self.error(context)

    def _digits(self) -> None:
        while self._here() in _DIGITS:
            self._at += 1

    def _string(self) -> str:
        self._at += 1
        chars = []
        while (char := self._here()) != '"':
            if char < " ":
                raise self.error("in string literal")
            chars.append(self._escape() if char == "\\" else char.translate(_INVALID_BYTES))
            self._at += 1
        self._at += 1
        return "".join(chars).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _escape(self) -> str:
        """Decode an escaped character, and stop on its last character. Half of a surrogate pair stays alone for now."""
        self._at += 1
        char = self._here()
        if char != "u":
            self._expect("".join(_ESCAPED), "in string escape code")
            return _ESCAPED[char]
        for _ in range(4):
            self._at += 1
            self._expect(_HEX, "in \\u hexadecimal character escape")
        return chr(int(self._text[self._at - 3 : self._at + 1], 16))
