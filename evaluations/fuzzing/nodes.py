"""YAML as trees that can hold what data cannot: anchors, merges, tags, duplicate keys; written in random styles."""

import json
import re
from typing import NamedTuple

from .cases import Chance, Json
from .hostile import COMMANDS, TEXTS

_PLAIN = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[A-Za-z/][A-Za-z0-9./_=+-]*", re.IGNORECASE)
_SIMPLE = re.compile(r"[ -~]+")
_ESCAPES = {
    "\n": "\\n",
    "\t": "\\t",
    '"': '\\"',
    "\\": "\\\\",
    "\0": "\\0",
    "\x1b": "\\e",
    "\x85": "\\N",
    "\u2028": "\\L",
}
_RAW = re.compile("[ -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class Scalar(NamedTuple):
    """A text, or with `typed` a number, a boolean or null as JSON writes it."""

    text: str
    typed: bool = False
    head: str = ""


class Alias(NamedTuple):
    """A reference to an anchor."""

    name: str


class Collection(NamedTuple):
    """A sequence, whose keys are empty texts, or a mapping. `head` is its anchor or tag."""

    pairs: list[tuple["Node", "Node"]]
    is_mapping: bool
    head: str = ""


Node = Scalar | Alias | Collection


def node_of(data: Json) -> Node:
    """Convert data to a tree."""
    if isinstance(data, dict):
        return Collection([(Scalar(str(key)), node_of(value)) for key, value in data.items()], True)
    if isinstance(data, list):
        return Collection([(Scalar(""), node_of(value)) for value in data], False)
    return Scalar(data) if isinstance(data, str) else Scalar(json.dumps(data), True)


def collections(node: Node) -> list[Collection]:
    """Return all mappings and sequences of a tree, the outer ones first."""
    found: list[Collection] = []
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Collection):
            found.append(each)
            waiting += [value for _, value in each.pairs]
    return found


# Changes of the tree that data cannot have


def disturb(root: Collection, chance: Chance) -> None:
    """Add anchors with aliases, merge keys, tags, duplicate keys or deep nesting, in place."""
    for _ in range(chance.choice((0, 0, 1, 1, 2))):
        chance.choice((_share, _share, _merge, _merge, _tag, _tag, _duplicate, _duplicate, _deepen, _bomb))(
            root, chance
        )


def _pick(root: Collection, chance: Chance) -> tuple[Collection, int] | None:
    found = [each for each in collections(root) if each.pairs]
    if not found:
        return None
    holder = chance.choice(found)
    return holder, chance.randrange(len(holder.pairs))


def _share(root: Collection, chance: Chance) -> None:
    """Anchor a value, and repeat it by an alias somewhere: mostly behind it, as it must be."""
    one, other = _pick(root, chance), _pick(root, chance)
    if not one or not other:
        return
    (holder, index), (place, position) = one, other
    name = chance.choice(("a", "shared", "x-1", "ünï"))
    name_of, value = holder.pairs[index]
    if not isinstance(value, Alias):
        holder.pairs[index] = name_of, value._replace(head=f"&{name}")
        target = name_of if chance.random() < 0.1 and holder.is_mapping else place.pairs[position][0]
        if chance.random() < 0.6:
            place.pairs.append(
                (Scalar(chance.choice(("copy", "logger", "metadataAnnotations", "annotations"))), Alias(name))
            )
        else:
            place.pairs[position] = target, Alias(name)


def _merge(root: Collection, chance: Chance) -> None:
    """Move some pairs of a mapping to the top of the document, and merge them from there."""
    found = [each for each in collections(root) if each.is_mapping and each.pairs and each is not root]
    if not found:
        return
    holder = chance.choice(found)
    count = chance.randint(1, len(holder.pairs))
    moved = Collection(holder.pairs[:count], True, "&merged")
    if chance.random() < 0.7:
        del holder.pairs[:count]
    merged: Node = Alias("merged")
    if chance.random() < 0.3:
        merged = Collection([(Scalar(""), merged), (Scalar(""), node_of({"mode": "all"}))], False)
    holder.pairs.insert(chance.choice((0, len(holder.pairs))), (Scalar("<<", True), merged))
    root.pairs.insert(0, (Scalar("x-common"), moved))


def _tag(root: Collection, chance: Chance) -> None:
    place = _pick(root, chance)
    tags = ("!!str", "!!int", "!!binary", "!!null", "!!set", "!!omap", "!!map", "!!seq", "!custom", "!", "!<x>",
    "!!python/object:os.system",
            "!!timestamp", "!!merge", "!!float")  # fmt: skip
    if place:
        holder, index = place
        name, value = holder.pairs[index]
        if not isinstance(value, Alias):
            holder.pairs[index] = name, value._replace(head=chance.choice(tags))


def _duplicate(root: Collection, chance: Chance) -> None:
    found = [each for each in collections(root) if each.is_mapping and each.pairs]
    if found:
        holder = chance.choice(found)
        name, value = chance.choice(holder.pairs)
        other = value if chance.random() < 0.3 else chance.choice(holder.pairs)[1]
        holder.pairs.insert(chance.randint(0, len(holder.pairs)), (name, other))


def _deepen(root: Collection, chance: Chance) -> None:
    place = _pick(root, chance)
    if place:
        holder, index = place
        depth = chance.choice((20, 100, 100, 300, 1000, 20_000))
        opening, closing = chance.choice((("[", "]"), ("{a: ", "}"), ("[{a: ", "}]"), ("- ", "")))
        holder.pairs[index] = holder.pairs[index][0], Scalar(opening * depth + "x" + closing * depth, True)


def _bomb(root: Collection, chance: Chance) -> None:
    """Add aliases of aliases: a few lines that stand for thousands of values."""
    depth = chance.choice((3, 4, 8, 20))
    root.pairs.append((Scalar("b0"), Scalar("x" * 9, head="&b0")))
    for level in range(1, depth):
        items: list[tuple[Node, Node]] = [(Scalar(""), Alias(f"b{level - 1}")) for _ in range(9)]
        root.pairs.append((Scalar(f"b{level}"), Collection(items, False, f"&b{level}")))


# Writing


class Writer:
    """Writes trees. Some habits last for a document, the rest is drawn at each node."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.indent = chance.choice((2, 2, 2, 2, 3, 4, 1, 7))
        self.flush = chance.random() < 0.4
        self.flow = chance.choice((0.0, 0.05, 0.05, 0.3, 0.9))
        self.odd = chance.choice((0.0, 0.0, 0.1, 0.4))
        self.comments = chance.choice((0.0, 0.05, 0.3))
        self.notes: list[str] = [
            "",
            "note",
            *chance.sample(COMMANDS, 2),
            chance.choice(TEXTS),
            "isvclog: ignore[missing-url] x",
        ]

    def write(self, node: Node) -> str:
        """Return the document as text."""
        if isinstance(node, Collection) and node.pairs and self.chance.random() >= self.flow / 4:
            return "\n".join(self._block(node, 0)) + "\n"
        return self._flow(node, 0) + "\n"

    def _odd(self) -> bool:
        return self.chance.random() < self.odd

    def _note(self) -> str:
        if self.chance.random() >= self.comments:
            return ""
        return " #" + self.chance.choice(("", " ")) + _one_line(self.chance.choice(self.notes))

    def _block(self, node: Collection, column: int) -> list[str]:
        pad = " " * column
        lines: list[str] = []
        for key, value in node.pairs:
            if self.chance.random() < self.comments:
                lines.append(self.chance.choice(("", pad, " ")) + "#" + self._note())
            if self._odd():
                lines.append(self.chance.choice(("", "  ", "\t", pad)))
            lines += self._pair(key, value, node.is_mapping, column)
        return lines

    def _pair(self, key: Node, value: Node, is_mapping: bool, column: int) -> list[str]:
        pad = " " * column
        head = "-"
        if is_mapping:
            text = self._flow(key, column)
            head = text + (" :" if isinstance(key, Alias) or self._odd() else ":")
            if self._odd():
                head = f"? {text}\n{pad}:"
        block = isinstance(value, Collection) and bool(value.pairs) and self.chance.random() >= self.flow
        if isinstance(value, Collection) and block:
            inner = column + (
                self.indent if is_mapping and (value.is_mapping or not self.flush) else 0 if is_mapping else 2
            )
            lines = self._block(value, inner)
            if (
                not is_mapping
                and not value.head
                and lines
                and not lines[0].lstrip().startswith("#")
                and lines[0].strip()
            ):
                return [f"{pad}- {lines[0][inner:]}", *lines[1:]]
            return [f"{pad}{head}{value.head and ' ' + value.head}{self._note()}", *lines]
        if isinstance(value, Scalar) and not value.typed and self._literal(value.text):
            return [f"{pad}{head} {value.head and value.head + ' '}{self._literal_text(value.text, column)}"]
        return [f"{pad}{head} {self._flow(value, column + self.indent)}{self._note()}"]

    def _literal(self, text: str) -> bool:
        return (
            bool(text.strip())
            and "\n" in text
            and all(map(_SIMPLE.fullmatch, filter(None, text.split("\n"))))
            and not self._odd()
        )

    def _literal_text(self, text: str, column: int) -> str:
        body = text.rstrip("\n")
        ends = len(text) - len(body)
        mark = "-" if not ends else "" if ends == 1 else "+"
        hint = "2" if body[:1] in " \n" else ""
        pad = " " * (column + 2)
        # The numbers are relative to the parent's column, which is not known where sequences are in sequences.
        return (
            f"|{hint}{mark}\n"
            + "\n".join(pad + line if line else "" for line in body.split("\n"))
            + "\n" * max(0, ends - 1)
        )

    def _flow(self, node: Node, column: int) -> str:
        if isinstance(node, Alias):
            return f"*{node.name} "
        head = node.head and node.head + " "
        if isinstance(node, Scalar):
            return head + (self._typed(node.text) if node.typed else self._text(node.text))
        opening, closing = "{}" if node.is_mapping else "[]"
        items = [
            (f"{self._flow(key, column)}: " if node.is_mapping else "") + self._flow(value, column + 2)
            for key, value in node.pairs
        ]
        if not items or not self._odd():
            return head + opening + ", ".join(items) + ("," if items and self._odd() else "") + closing
        pad = "\n" + " " * (column + 2)
        comma = self.chance.choice((",", " ,", ", # c", ","))
        return head + opening + pad + (comma + pad).join(items) + pad + closing

    def _typed(self, text: str) -> str:
        if self._odd():
            others = {"null": ("~", "", "Null"), "true": ("yes", "True", "on"), "false": ("no", "False", "off")}
            return self.chance.choice(
                others.get(text, (text, "+" + text.lstrip("-"), text + ".0", "0o17", "0x1f", "1_0"))
            )
        return text

    def _text(self, text: str) -> str:
        if self._odd():
            return (
                '"'
                + "".join(f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}" for char in text)
                + '"'
            )
        if _PLAIN.fullmatch(text) and self.chance.random() < 0.8:
            return text
        if _SIMPLE.fullmatch(text) and self.chance.random() < 0.5:
            return "'" + text.replace("'", "''") + "'"
        return '"' + "".join(char if _RAW.match(char) and char not in '"\\' else _escape(char) for char in text) + '"'


def _escape(char: str) -> str:
    short = _ESCAPES.get(char)
    return short or (
        f"\\x{ord(char):02x}"
        if ord(char) < 256
        else f"\\u{ord(char):04x}"
        if ord(char) < 0x10000
        else f"\\U{ord(char):08x}"
    )


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


def encode(text: str, chance: Chance) -> bytes:
    """Encode a document with a line break, a mark or an encoding that editors and tools leave behind."""
    drawn = chance.random()
    if drawn < 0.85:
        return text.encode("utf-8", "surrogatepass")
    if drawn < 0.91:
        return text.replace("\n", "\r\n").encode("utf-8", "surrogatepass")
    if drawn < 0.94:
        return ("\ufeff" + text).encode("utf-8", "surrogatepass")
    if drawn < 0.96:
        return text.replace("\n", chance.choice(("\r", "\x85", "\u2028", "\n\r", "\r\n\n", "\n\n"))).encode(
            "utf-8", "surrogatepass"
        )
    if drawn < 0.98:
        return ("\ufeff" + text).encode(chance.choice(("utf-16-le", "utf-16-be", "utf-32-le")), "surrogatepass")
    data = text.encode("utf-8", "surrogatepass")
    place = chance.randint(0, len(data))
    junk = chance.choice(
        (
            b"\xff",
            b"\x00",
            b"\xc3",
            b"\xed\xa0\x80",
            b"\xf4\x90\x80\x80",
            b"\xc0\x80",
            b"\x1b[2J",
            b"\xef\xbb\xbf",
            b"\t",
        )
    )
    return data[:place] + junk + data[place:]
