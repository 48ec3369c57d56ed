"""What must hold for any input, where possible against a second formulation of the same thing."""

import ast
import ipaddress
import json as stdlib_json
import posixpath
import re
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from isvclog.kserve.golang import csv, flag, http, idna, json, jsonsyntax, mime, net, paths, strconv, strings, time, url
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.flag import Flag, FlagError
from isvclog.kserve.golang.jsondecode import Field, Pointer, Struct, unmarshal
from isvclog.kserve.golang.jsonsyntax import JsonError
from isvclog.kserve.golang.netip import ip_version
from isvclog.kserve.golang.punycode import decode, encode
from isvclog.kserve.golang.quantity import check_quantity

GO_STRINGS = st.binary().map(strings.from_bytes) | st.text()
"""Any Go string: mostly bad bytes, or any UTF-8."""

INT64 = st.integers(-(1 << 63), (1 << 63) - 1)


def error_of(function: Callable[..., object], *arguments: object) -> str | None:
    """The message of the GoError that the function raises; None if it raises none."""
    try:
        function(*arguments)
    except GoError as error:
        return str(error)
    return None


def like(*pieces: str) -> st.SearchStrategy[str]:
    """Texts made of these pieces, which get deeper into a parser than others do."""
    return st.lists(st.sampled_from(pieces), max_size=12).map("".join) | GO_STRINGS


@given(like('"', '""', ",", "\n", "\r", "\r\n", "a", "é"))
def test_csv_reads_a_record_or_says_why_not(text: str) -> None:
    message = error_of(csv.read_record, text)
    place = r"(record on line \d+; )?parse error on line \d+, column \d+"
    assert csv.read_record(text) if message is None else re.fullmatch(rf"EOF|{place}: .*quoted-field", message)


@given(st.lists(GO_STRINGS, min_size=1).filter(lambda row: row != [""]), GO_STRINGS)
def test_csv_reads_what_it_wrote(row: list[str], following: str) -> None:
    assert csv.read_record(csv.write_records([row]) + following) == [field.replace("\r\n", "\n") for field in row]


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.sampled_from(["ns", "us", "ms", "s", "m", "h"])), min_size=1, max_size=5
    )
)
def test_whole_durations_add_up(parts: list[tuple[int, str]]) -> None:
    nanoseconds = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
    text = "".join(f"{number}{unit}" for number, unit in parts)
    total = sum(number * nanoseconds[unit] for number, unit in parts)
    if total < 1 << 63:
        assert (time.parse_duration(text), time.parse_duration(f"-{text}")) == (total, -total)
    else:
        with pytest.raises(time.DurationError):
            time.parse_duration(text)


@given(st.integers(0, 10**6), st.text("0123456789", min_size=1, max_size=15))
def test_fractions_of_a_duration_are_off_by_a_nanosecond_at_most(whole: int, fraction: str) -> None:
    exact = (whole + Fraction(int(fraction), 10 ** len(fraction))) * 3600 * 10**9
    assert abs(time.parse_duration(f"{whole}.{fraction}h") - exact) <= 1


@given(like("1", "9", ".", "-", "ns", "s", "h", "µ", "d", " "))
def test_durations_that_are_none_are_quoted(text: str) -> None:
    message = error_of(time.parse_duration, text)
    assert message is None or (message.isascii() and message.startswith("time: "))


@given(INT64)
def test_times_keep_every_nanosecond(unix_ns: int) -> None:
    text = time.format_rfc3339_nano(unix_ns)
    date, _, fraction = text.removesuffix("Z").partition(".")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", date)
    assert int(fraction.ljust(9, "0")) == unix_ns % 10**9
    assert not fraction.endswith("0")


URL_PIECES = (
    "http",
    "s3",
    ":",
    "/",
    "//",
    "?",
    "#",
    "@",
    "[",
    "]",
    "::1",
    "%",
    "%25",
    "%2f",
    "%c3%a9",
    "h",
    ".",
    " ",
    '"',
    "80",
    "*",
)


@given(like(*URL_PIECES))
@example('[fe80::1%25a%20b]:80/a%3Ab"')
def test_urls_written_down_are_read_as_the_same(text: str) -> None:
    message = error_of(url.parse, f"http://{text}")
    if message is None:
        parsed = url.parse(f"http://{text}")
        again = url.parse(parsed.string())
        assert again.string() == parsed.string()
        assert (again.user, again.host, again.path) == (parsed.user, parsed.host, parsed.path)
    else:
        assert message.startswith('parse "http://')


@given(like(*URL_PIECES))
def test_a_path_is_sent_in_a_form_that_means_the_path(text: str) -> None:
    try:
        path = url.parse(f"http://h/{text}")
    except url.UrlError:
        return
    sent = path.request_uri().partition("?")[0]
    assert url.parse(f"http://h{sent}").path == path.path
    assert sent.isascii() or path.raw_path


@given(st.text("abcXYZ-19!|", max_size=20) | GO_STRINGS)
def test_canonical_headers_stay_canonical(name: str) -> None:
    canonical = http.canonical_header(name)
    assert http.canonical_header(canonical) == canonical
    assert canonical.lower() == name.lower()
    if http.valid_header_name(name):
        assert canonical == "-".join(part.capitalize() for part in name.split("-"))


@given(GO_STRINGS)
def test_written_header_values_fit_on_a_line(value: str) -> None:
    written = http.written_value(value)
    assert not {"\r", "\n"} & set(written)
    assert http.written_value(written) == written
    assert http.valid_header_value(written) or not http.valid_header_value(value)


@given(like("/", ".", "..", "a", "b").filter(lambda path: "\0" not in path))
def test_paths_are_cleaned_as_posix_does(path: str) -> None:
    # To POSIX two leading slashes may mean something of their own.
    assert paths.clean(path) == posixpath.normpath(re.sub("^//+", "/", path))
    assert paths.clean(paths.clean(path)) == paths.clean(path)
    assert paths.join(path, "") == (paths.clean(path) if path else "")


VALUES = st.recursive(
    st.none() | st.booleans() | INT64 | st.text(),
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text(), values, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_json_means_what_python_reads(value: json.Value) -> None:
    text = json.marshal(value)
    assert stdlib_json.loads(text) == value
    assert not set("<>&\u2028\u2029\n") & set(text)
    jsonsyntax.parse(text)


@given(st.dictionaries(st.text(), st.integers(), min_size=1))
def test_json_sorts_maps_but_not_structs(members: dict[str, int]) -> None:
    assert list(stdlib_json.loads(json.marshal(members))) == sorted(members, key=str.encode)
    assert list(stdlib_json.loads(json.marshal(json.Struct(members)))) == list(members)


JSON_PIECES = (
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"',
    "\\",
    "\\u00e9",
    "1",
    "-",
    "0",
    ".5",
    "e1",
    "true",
    "null",
    " ",
    "\n",
)


@given(like(*JSON_PIECES))
def test_json_is_accepted_where_python_accepts_it(text: str) -> None:
    try:
        stdlib_json.loads(text, parse_int=str)
        expected = not re.search("NaN|Infinity", text)
    except ValueError:
        expected = False
    assert (error_of(jsonsyntax.parse, text) is None) == expected


def test_json_may_be_nested_as_deep_as_in_go() -> None:
    struct = Struct("main.S", (Field("a", "int"),))
    deep = '{"x":' + "[" * 9_999 + "]" * 9_999 + ',"a":1}'
    assert unmarshal(deep, struct) == {"a": 1}
    with pytest.raises(JsonError, match="exceeded max depth"):
        unmarshal("[" * 10_001, struct)


@given(st.dictionaries(st.sampled_from(["name", "size", "on", "tags"]), VALUES))
def test_json_members_keep_their_type(members: dict[str, json.Value]) -> None:
    types = {"name": str, "size": int, "on": bool, "tags": list}
    struct = Struct(
        "main.S",
        (Field("name", "string"), Field("size", "int"), Field("on", Pointer("bool")), Field("tags", "[]string")),
    )
    message = error_of(unmarshal, json.marshal(members), struct)
    if message is not None:
        into = r"into Go struct field S\.\w+ of type \S+"
        assert re.fullmatch(rf"json: cannot unmarshal \w+ (\S+ )?{into}", message)
        return
    stored = unmarshal(json.marshal(members), struct)
    assert list(stored) == list(types)
    for name in members.keys() - {"tags"}:
        assert members[name] is None or stored[name] == members[name]
        assert members[name] is None or type(members[name]) is types[name]


@given(st.text())
def test_quoted_text_is_a_python_literal_too(text: str) -> None:
    quoted = strconv.quote(text)
    assert ast.literal_eval(quoted) == text
    assert all(char.isprintable() for char in quoted)


@given(INT64, st.sampled_from([str, hex, oct, bin, "{:_}".format, "{:#_x}".format]))
def test_integers_are_read_in_every_notation(number: int, notation: object) -> None:
    assert callable(notation)
    assert strconv.parse_int(notation(number)) == number


@given(like("0", "1", "9", "_", "x", "f", "-", "+"))
def test_what_go_reads_as_an_integer_python_reads_the_same(text: str) -> None:
    if error_of(strconv.parse_int, text) is None:
        in_python = re.sub("^([+-]?)0_?(?=[0-7])", r"\g<1>0o", text)
        assert strconv.parse_int(text) == int(in_python, 0)


@given(like("a", "/", ";", "=", '"', "*", "*0", "*1*", "utf-8''", "%41", "\\", " "))
def test_media_types_are_tokens(text: str) -> None:
    message = error_of(mime.parse_media_type, text)
    if message is None:
        media_type, parameters = mime.parse_media_type(text)
        assert re.fullmatch(r"[!-~]+(/[!-~]+)?", media_type)
        assert [media_type, *parameters] == [name.lower() for name in (media_type, *parameters)]
    else:
        assert message.startswith("mime: ")


TOKENS = st.text("abcXYZ019-_.", min_size=1)


@given(TOKENS, TOKENS, st.dictionaries(TOKENS.map(str.lower), st.text('abc \té"\\;=')))
def test_quoted_parameters_are_read_back(major: str, minor: str, parameters: dict[str, str]) -> None:
    quoted = {name: value.replace("\\", "\\\\").replace('"', '\\"') for name, value in parameters.items()}
    written = "".join(f'; {name}="{value}"' for name, value in quoted.items())
    assert mime.parse_media_type(f"{major}/{minor}{written}") == (f"{major}/{minor}".lower(), parameters)


FLAGS = (Flag("s", "string", ""), Flag("n", "int", 0), Flag("b", "bool", False), Flag("l", "stringSlice", None))
ARGUMENTS = st.lists(
    st.sampled_from(["--s", "--n", "--b", "--l", "--n=5", "--b=f", "--l=a,b", "--", "-", "-x", "7", "", "x"])
    | GO_STRINGS
)


@given(ARGUMENTS)
def test_flags_have_a_value_of_their_kind(arguments: list[str]) -> None:
    try:
        parsed = flag.parse(flag.by_name(FLAGS), arguments)
    except FlagError:
        return
    assert list(parsed.values) == ["s", "n", "b", "l"]
    assert [type(value) for value in parsed.values.values()][:3] == [str, int, bool]
    assert (parsed.values["l"] is None) == ("l" not in parsed.changed)
    assert [argument for argument in parsed.positionals if argument in arguments] == list(parsed.positionals)


@given(st.lists(GO_STRINGS))
def test_after_two_dashes_nothing_is_a_flag(arguments: list[str]) -> None:
    assert flag.parse(flag.by_name(FLAGS), ["--", *arguments]).positionals == tuple(arguments)


@given(st.text(min_size=1).filter(lambda label: not label.isascii()))
def test_punycode_is_pythons(label: str) -> None:
    assert encode(label) == label.encode("punycode").decode()
    assert decode(encode(label)) == label


@given(like("xn--", "-", "a", "9", "ü", "."))
def test_hosts_become_ascii(host: str) -> None:
    message = error_of(idna.to_ascii, host)
    assert idna.to_ascii(host).isascii() if message is None else message.startswith("idna: invalid label")


@given(st.text("abcäöüßéàåñøαβγабв日本", min_size=1))
def test_looked_up_names_ignore_case(label: str) -> None:
    assert idna.lookup(label) == idna.lookup(label.replace("ß", "ẞ").upper().replace("ẞ", "ß"))
    assert idna.lookup(f"{label}。example") == idna.lookup(f"{label}.example")


@given(st.text("abc:.", min_size=1), st.text("0123456789", min_size=1))
def test_host_and_port_are_split_where_they_were_joined(host: str, port: str) -> None:
    assert net.split_host_port(net.join_host_port(host, port)) == (host, port)


@given(like("1", "0", "01", "255", "256", "ffff", "12345", ".", ":", "::", "g") | st.ip_addresses().map(str))
def test_addresses_are_those_of_the_standard_library(text: str) -> None:
    try:
        version = ipaddress.ip_address(text).version
    except ValueError:
        assert error_of(ip_version, text) is not None
    else:
        assert ip_version(text) == version


@given(like("1", "0", ".", "e", "E", "Gi", "m", "-", "+"))
def test_quantities_end_with_one_suffix(text: str) -> None:
    accepted = error_of(check_quantity, text) is None
    assert not accepted or re.fullmatch(r"[+-]?[0-9.]*([eE][+-]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?", text)


@given(GO_STRINGS)
def test_go_strings_survive_as_bytes(text: str) -> None:
    assert strings.from_bytes(strings.to_bytes(text)) == text
    assert strings.trim_space(f"\u3000{text}\n") == strings.trim_space(text)


def test_every_error_is_a_go_error() -> None:
    for error in (
        csv.CsvError,
        JsonError,
        url.UrlError,
        time.DurationError,
        strconv.NumberError,
        FlagError,
        mime.MimeError,
    ):
        assert issubclass(error, GoError)
    assert issubclass(GoError, ValueError)


@given(st.from_regex(url._PLAIN.pattern, fullmatch=True))
def test_plain_urls_give_the_same_result(text: str) -> None:
    assert url.parse(text) == url._parse(text)
    assert url.parse(text).string() == text
