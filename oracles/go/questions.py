"""Random questions for Go: for each function a generator of arguments, biased to the characters that matter to it."""

import random
import re
import string
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

Arguments = list[Any]
Random = random.Random

# Characters that somebody treats specially: controls, Latin-1, spaces, letters with odd case, astral ones, bad bytes.
ODD = (
    "\x00\x01\t\n\v\f\r\x1b\x1f\x7f\x80\x85\xa0\xad\xe9\xff\u0130\u0131\u017f\u0378\u03bc\u1680\u200b\u2009\u2028\u2029"
    "\u202f\u212a\u3000\ufeff\ufffd\uffff\U0001f600\U0010ffff\udc80\udcc3\udca9\udce2\udcff"
)


def canonical(joined: str) -> str:
    """Replace bad bytes that happen to be valid UTF-8 together by that character."""
    return joined.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def text(source: Random, alphabet: Sequence[str], longest: int) -> str:
    return canonical("".join(source.choices(alphabet, k=source.randint(0, longest))))


def one_of(source: Random, *choices: Any) -> Any:
    """Pick a choice, and call it if it is callable."""
    chosen = source.choice(choices)
    return chosen() if callable(chosen) else chosen


def damage(source: Random, original: str, alphabet: Sequence[str], chance: float = 0.5) -> str:
    """Change a place or two of the text, now and then."""
    while source.random() < chance:
        at = source.randint(0, len(original))
        original = original[:at] + text(source, alphabet, 2) + original[at + source.randint(0, 2) :]
        chance /= 2
    return canonical(original)


def csv_read(source: Random) -> Arguments:
    return [text(source, [*'""",,,\n\n\r a=', "\r\n", '""', "\xe9", "\U0001f600", "\udcff", "\u2028"], 16)]


def csv_write(source: Random) -> Arguments:
    field = partial(one_of, source, r"\.", "", partial(text, source, [*'",\n\r a=\\.', *ODD], 5))
    return [[[field() for _ in range(source.randint(0, 3))] for _ in range(source.randint(0, 3))]]


def json_marshal(source: Random) -> Arguments:
    return [json_any(source, 0)]


def json_any(source: Random, depth: int) -> Any:
    word = partial(text, source, [*"<>&\"\\/'\b ab\u2027\u202a\ufffc", *ODD], 6)
    if depth < 3 and source.random() < 0.3:
        items = [json_any(source, depth + 1) for _ in range(source.randint(0, 4))]
        return items if source.random() < 0.5 else {word(): item for item in items}
    return one_of(source, word, word, None, True, False, partial(source.randint, -(10**18), 10**18))


JSON_STRINGS = ["", "a", "\\n", "\\u00e9", "\\ud83d\\ude00", "\\ud83d", "\\ude00x", "\xe9", "\udcff", "\x7f", "\\/"]
JSON_NUMBERS = "0 1 -1 -0 1e2 1.5 1E-2 0.0 9223372036854775807 9223372036854775808 -9223372036854775808".split()
JSON_DAMAGE = [*'{}[]"",,::\\u0019eE+-.tfnrual\'x \n\t', "\x01", "\xe9", "\udcff", "null", "\\u00", "  "]
JSON_KINDS = {
    "image": "string", "path": "string", "serviceAccountName": "string", "tlsSkipVerify": "bool", "on": "bool",
    "batchSize": "number", "limit": "number", "names": "list", "storage": "object", "inline": "object",
    "parameters": "map", "labels": "map", "other": "any", "Base": "any",
}  # fmt: skip


def json_unmarshal(source: Random) -> Arguments:
    document = json_value(source, 0, "object" if source.random() < 0.9 else "any")
    space = one_of(source, "", "", " ", "\n\t\r")
    return [damage(source, space + document + space, JSON_DAMAGE)]


def json_value(source: Random, depth: int, kind: str) -> str:
    if source.random() > 0.9:
        kind = source.choice([*JSON_KINDS.values(), "null", "null"])
    if kind == "string":
        return f'"{source.choice(JSON_STRINGS)}"'
    if kind == "list":
        return "[" + ",".join(f'"{source.choice(JSON_STRINGS)}"' for _ in range(source.randint(0, 3))) + "]"
    if kind == "map":
        names = source.choices(("a", "b", "format", ""), k=source.randint(0, 3))
        return "{" + ",".join(f"{json_name(source, name)}:{json_value(source, 4, 'string')}" for name in names) + "}"
    if kind == "object" and depth < 4:
        names = source.choices(list(JSON_KINDS), k=source.randint(0, 5))
        members = (f"{json_name(source, name)}:{json_value(source, depth + 1, JSON_KINDS[name])}" for name in names)
        return "{" + source.choice((",", " , ")).join(members) + "}"
    scalars = {"bool": ["true", "false"], "number": JSON_NUMBERS}
    return source.choice(scalars.get(kind, ["null", "[]", "{}", "1"]))


def json_name(source: Random, name: str) -> str:
    changed = source.choice((name, name, name.upper(), name.swapcase(), name + " "))
    if source.random() < 0.2:
        changed = changed.replace("s", "\u017f").replace("k", "\u212a").replace("i", "\u0131")
    return '"' + (changed.replace("a", "\\u0061") if source.random() < 0.1 else changed) + '"'


URL_DAMAGE = [*"/:?#[]@!$&'()*+,;=%%%-._~ \"<>\\^`{|}aZ09", "%25", "%2F", "%c3%a9", "%zz", "//", "\xe9", *ODD]
HOSTS = (
    "h", "h.example", "h.example.", "10.0.0.1", "[::1]", "[fe80::1%25eth0]", "[fe80::1%25%41]", "", "b\xfccher.example",
    "B\xdcCHER", "xn--bcher-kva", "xn--bcher-kva.\xe9", "%c3%bc", "[1.2.3.4]", "[::ffff:1.2.3.4]", "[1:2:3:4:5:6:7:8]",
)  # fmt: skip
PORTS = ("", "", ":80", ":", ":99999", ":http", ":-1")
USERS = ("", "", "", "u@", "u:p@", ":@", "u:@", "u%40:p%3a@", "a:b:c@", "\xe9@", "u@v@", "u:p%zz@")


def url_parse(source: Random) -> Arguments:
    if source.random() < 0.1:
        return [text(source, URL_DAMAGE, 12)]
    start = one_of(source, "http:", "http:", "HTTPS:", "s3:", "a+b.c-1:", "1a:", ":", "", "")
    start += one_of(source, "//", "//", "//", "/", "", "///") + source.choice(USERS) + url_host(source)
    path = one_of(source, "", "/", "/a b", "/a%2fb", "/%e9", "/a/../b", "*", partial(text, source, URL_DAMAGE, 8))
    query = one_of(source, "", "", "?", "?q=a b&c=%zz", "??", "?" + text(source, URL_DAMAGE, 4))
    fragment = one_of(source, "", "", "#", "#f%20g", "#a!b'", "#" + text(source, URL_DAMAGE, 4))
    return [damage(source, start + source.choice(PORTS) + path + query + fragment, URL_DAMAGE)]


def url_host(source: Random) -> str:
    if source.random() < 0.2:
        parts = [*"0129afAF:::.%", "::", "%25", "1.2.3.4", "00", "256", "eth0", "\xe9"]
        return f"[{text(source, parts, 12)}]"
    return damage(source, source.choice(HOSTS), URL_DAMAGE, 0.2)


def http_send(source: Random) -> Arguments:
    parts = [*"aAb-1_..", "b-", "xn--", "xn--a", "xn--bcher-kva", "\xfc", "\xe9", "\u0431", "\u65e5", "%c3%bc"]
    name = one_of(source, text(source, parts, 6), text(source, parts, 6), url_host(source))
    scheme = one_of(source, "http", "http", "http", "https", "ftp", "")
    rest = source.choice(PORTS) + one_of(source, "", "/x", "/a b?c d", "?", "//")
    header = {text(source, [*"aA-1 ", "\xe9"], 3): text(source, [*"a \t\x7f\n", "\xe9"], 4)}
    url = f"{scheme}://{source.choice(USERS)}{name}{rest}"
    return [damage(source, url, [*'a"<>[]%:@\xe9'], 0.2), header if source.random() < 0.2 else {}]


def idna_to_ascii(source: Random) -> Arguments:
    parts = [*"aZ09-..", "xn--", "xn--bcher-kva", "\xfc", "\xdf", "\u0431", "\u65e5", "\U0001f600", "\udcff", "\u0130"]
    encoded = [*string.ascii_letters, *string.digits, "-", "\xe9"]
    return [one_of(source, text(source, parts, 10), "xn--" + text(source, encoded, 9))]


DURATION_DAMAGE = [*"0123456789..+- 5eE_", "ns", "us", "\xb5s", "\u03bcs", "ms", "s", "m", "h", "d", '"', "\\", *ODD]


def parse_duration(source: Random) -> Arguments:
    if source.random() < 0.3:
        return [text(source, DURATION_DAMAGE, 8)]
    duration = one_of(source, "", "", "-", "+")
    for _ in range(source.randint(1, 3)):
        whole, fraction = (text(source, string.digits, source.choice((2, 4, 21))) for _ in range(2))
        duration += whole + one_of(source, "", "." + fraction)
        duration += one_of(source, "ns", "us", "\xb5s", "\u03bcs", "ms", "s", "m", "h")
    return [damage(source, duration, DURATION_DAMAGE, 0.2)]


def time_format(source: Random) -> Arguments:
    zeros = 10 ** source.randint(0, 12)
    return [source.randint(-(1 << 63), (1 << 63) - 1) // zeros * zeros]


def parse_int(source: Random) -> Arguments:
    digits = [*"0000123456789__xXoObBaAfFzZ+-", " ", "\xe9", "\udcff", "0x", "9223372036854775807", "\u0661"]
    return [text(source, digits, source.choice((4, 20, 66))), source.choice((0, 0, 0, 10)), source.choice((64, 64, 32))]


def parse_bool(source: Random) -> Arguments:
    other = text(source, [*"tTrue0 ", "\xe9"], 5)
    return [one_of(source, *"1tT0fF", "true", "TRUE", "True", "tRUE", "false", "False", "no", other, other, other)]


def any_text(source: Random) -> Arguments:
    # Nothing has been assigned here since Unicode 14.0, so all versions of Python agree.
    blocks = (range(0x378), range(0x400, 0x530), range(0x2000, 0x2070), range(0x3041, 0x3097), range(0x4E00, 0xA000))
    return [text(source, [*"aZ09\"\\'` ", *ODD, *(chr(source.choice(block)) for block in blocks)], 8)]


def header_name(source: Random) -> Arguments:
    alphabet = one_of(source, [*"abcXYZ--1_"], [*"abXYZ--19_!|~^'{}(): ", "\xe9", "\x7f", "\udcff"])
    return [text(source, alphabet, 12)]


def header_value(source: Random) -> Arguments:
    return [text(source, [*"a  \t\n\r", *ODD], 6)]


def media_type(source: Random) -> Arguments:
    token = partial(one_of, source, "text", "json", "a", "*", "APPLICATION", "\u212a", "\u0130", "")
    written = token() + one_of(source, "/", "/", "/", "", " / ", ",") + token()
    for _ in range(source.randint(0, 4)):
        written += one_of(source, ";", "; ", " ; ", ";;", "") + media_parameter(source)
    written += one_of(source, "", "", ";", " ")
    return [damage(source, written, [*";=/\"\\ *%'\r\n\taA0", "\xe9", "\udcff", "\xa0"], 0.3)]


def media_parameter(source: Random) -> str:
    name = one_of(source, "a", "A", "b", "charset")
    name += one_of(source, "", "", "*", "*0", "*0*", "*1", "*1*", "*2*", "*01")
    value = one_of(
        source, "x", "X", "utf-8", "utf-8''%c3%a9", "us-ascii'en'a%2", "UTF-8'x", "''a", "latin1''a", "%41", "%c3",
        "%a9", '"q"', '""', '"a\\"b"', '"a\\b"', '"', "",
    )  # fmt: skip
    return f"{name}{one_of(source, '=', '=', '=', ' = ', '')}{value}"


def path(source: Random) -> str:
    return text(source, [*"//..ab", "..", "/../", "\xe9", "\udcff"], 10)


def quantity(source: Random) -> Arguments:
    number = one_of(source, "", "0", "00", "1", "1.5", ".5", "1.", ".", "+", "-1", "+.", "123456789012345678901")
    exponent = one_of(source, "e", "E") + one_of(source, "", "+", "-") + text(source, string.digits, 2)
    suffix = one_of(source, "", *"numkKMGTPE", "Ki", "Mi", "Ti", "Pi", "Ei", "ki", exponent, exponent)
    other = text(source, [*"0123456789..+-eEinumkKMGTP \n", "\xe9", "Gi"], 8)
    tried = one_of(source, other, damage(source, number + suffix, [*".+-eEi "], 0.2))
    return [re.sub("([eE][+-]?[0-9]{3})[0-9]+", r"\1", tried)]  # ParseQuantity computes 1e100000000, for hours


FLAGS = "log-url log-mode log-batch-size log-batch-interval tls headers names".split()
FLAG_VALUES = (
    "", "a", "true", "false", "F", "no", "5", "0x10", "5s", "-1", 'a"b', "a,b", '"a,b",c', "a\nb", "\n", "http://x",
    "\xe9",
)  # fmt: skip
FLAG_ODDITIES = (
    "--", "-", "", "-h", "-v", "-test.v", "--=", "--=a", "---", "--help", "--unknown", "-\xe9", "-'", '-"', "-\x01",
    "-\udca9x",
)  # fmt: skip


def flags(source: Random) -> Arguments:
    fitting = {"log-batch-size": "5", "log-batch-interval": "5s", "tls": "true"}
    arguments = []
    for _ in range(source.randint(0, 5)):
        name, value = source.choice(FLAGS), source.choice(FLAG_VALUES)
        arguments += source.choice(
            ([f"--{name}", fitting.get(name, "a,b")],) * 4
            + ([f"--{name}={value}"], [f"--{name}", value], [f"--{name}"], [value], [source.choice(FLAG_ODDITIES)])
        )
    return [arguments]


GENERATORS: dict[str, Callable[[Random], Arguments]] = {
    "csv.read": csv_read,
    "csv.write": csv_write,
    "flag.parse": flags,
    "http.canonical_header": header_name,
    "http.send": http_send,
    "http.valid_name": header_name,
    "http.valid_value": header_value,
    "http.written_value": header_value,
    "idna.to_ascii": idna_to_ascii,
    "json.marshal": json_marshal,
    "json.unmarshal": json_unmarshal,
    "mime.parse_media_type": media_type,
    "paths.clean": lambda source: [path(source)],
    "paths.join": lambda source: [[path(source) for _ in range(source.randint(0, 4))]],
    "quantity.check": quantity,
    "strconv.parse_bool": parse_bool,
    "strconv.parse_int": parse_int,
    "strconv.quote": any_text,
    "strings.trim_space": header_value,
    "time.format": time_format,
    "time.parse_duration": parse_duration,
    "url.parse": url_parse,
}
