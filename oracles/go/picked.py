"""Hand-picked inputs: what people write, and the corner cases of each format."""

from typing import Any

Arguments = list[Any]


def each(*values: Any) -> list[Arguments]:
    return [[value] for value in values]


CSV = each(
    "", "\n", "\r", "\r\n", "\n\n\r\n", "\n\r", "\r\r\n", "a", "a,b", ",", ",,", "a,", ",a", " a , b ", "\ta", "#a",
    "'a,b'",
    "team=risk,owner=a", 'a="b"', '"a"', '""', '"', '"a', '"a"b', '"a",b', 'a,"b"', 'a, "b"', 'a,"b" ', '"a""b"',
    '"a""', '"""', '""""',
    '"a\nb",c', '"a\r\nb"', '"a\rb"', '"a\n', '"a\n\n', '"a\r', '"a\r\n', '"a\n"b', '"a\nb"c', '"a\nb",c"d', "\n\"a",
    "\n\"a\nb\"c",
    "a\nb", "a\r\nb", "a\rb", "a\r", "a\r\r", "a\r\n\r", "a,b\n\"", "\xe9\"", "\U0001f600\"", "\udcff\"", "\"\xe9\"x",
    "\"\xe9\nA\xe9\"x", "\ufeffa",
    "\x00", "a\x00\"", "\u2028,\x85", "x" * 5000 + '"', '"' + "x\n" * 200 + '"', '"' + "x\n" * 200,
)  # fmt: skip

JSON_TEXTS = each(
    "", " ", "{}", " {} ", "[]", "null", "true", "1", '"x"', "tru", "truE", "nul", "fals", "nulll", "-", "-a", "01",
    "1.", "1.x", "1e", "1e+", "1ex", "0x1",
    "+1", ".5", "NaN", "Infinity", "'a'", '"', '"a', '"\\', '"\\u', '"\\u00g0"', '"\\x"', "\"\\'\"", '"\x01"', '"\x7f"',
    "\xe9", "\udcff", "\ufeff{}",
    "{", "{ ", '{"', '{"a', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', "{,}", "{a:1}", "{'a':1}", '{"a" 1}',
    '{"a":1 "b":2}', '{"a"::1}', '{"a":}', "{1:2}",
    "[1", "[1,", "[1,]", "[,]", "[1 2]", "[}", "{]", "{}x", "{}{}", "{} {", "{}\x00", "// c\n{}",
    '{"image": "x", # c\n}', '{"image": "x"\n"on": true}',
    "[" * 10001,
    '{"image":1}', '{"image":true}', '{"image":null}', '{"image":{}}', '{"image":[]}', '{"image":"\xe9\udcff\\ud800"}',
    '{"image":"<&>\u2028"}',
    '{"tlsSkipVerify":"true"}', '{"tlsSkipVerify":1}', '{"tlsSkipVerify":null}', '{"batchSize":"10"}',
    '{"batchSize":1e2}', '{"batchSize":1.0}', '{"batchSize":-0}',
    '{"batchSize":9223372036854775807}', '{"batchSize":9223372036854775808}', '{"batchSize":-9223372036854775808}',
    '{"batchSize":' + "9" * 5000 + "}",
    '{"limit":null}', '{"limit":1,"limit":null}', '{"limit":1.5}', '{"on":"x"}', '{"on":false}', '{"names":["a",1]}',
    '{"names":"a"}', '{"names":null}',
    '{"names":["a","b"],"names":[null,"c",null]}', '{"names":["a"],"names":[]}',
    '{"storage":null}', '{"storage":"x"}', '{"storage":[]}', '{"storage":{}}', '{"storage":{"path":1}}',
    '{"storage":{"path":"a"},"storage":{"parameters":{"b":"c"}}}',
    '{"storage":{"path":"a"},"storage":null}',
    '{"storage":{"parameters":{"a":"1","format":"x"},"parameters":{"format":"y"}}}',
    '{"storage":{"parameters":{"a":1}}}',
    '{"storage":{"parameters":"x"}}', '{"storage":{"parameters":{"a":null}}}', '{"storage":{"parameters":null}}',
    '{"storage":{"labels":{"a":[]}}}',
    '{"storage":{"labels":{"a":"b"},"labels":null}}', '{"storage":{"serviceAccountName":1}}',
    '{"storage":{"Base":{"path":"x"}}}', '{"inline":null}', '{"inline":{"path":"x"}}',
    '{"inline":{"path":"x"},"inline":{"serviceAccountName":"y"}}', '{"inline":{"labels":1}}', '{"inline":7}',
    '{"IMAGE":"x"}', '{"\u0131mage":"x"}', '{"name\u017f":["x"]}',
    '{"tl\u017f\u017f\u212aipVerify":true}', '{"tlsS\u212aipVerify":true}', '{"im\\u0061ge":"x"}',
    '{"image":"x","IMAGE":"y"}', '{"IMAGE":1,"image":"y"}', '{"image ":1}', '{"":1}',
    '{"other":{"deep":[1,{"x":null}]},"image":"x"}', '{"batchSize":"x","image":1}', '{"image":1,"batchSize":}',
)  # fmt: skip

URLS = [
    "", "?", "#", "*", "/", ".", "//", "///", "////", ":", "::", "a:b", "a:", "a:/", "a://", "http:", "http:/",
    "http://", "http:///", "http:///logs", "http:?q", "http://?q", "http://#f",
    "http://message-dumper.default/", "HTTP://H/", "h", "h.default", "h:8080", "10.0.0.1:8080", "//h/logs", "/a:b",
    "a b:c", "a/b:c", "./a:b", "1:2", "+a:b", "a+b-c.1://h",
    "http://h/%zz", "http://h/%", "http://h/%4", "http://h/%\xe9", "http://h/%a\u20ac", "http://h%zz/", "http://h%41/",
    "http://h%c3%bc/", "http://h%c3/", "http://h%25/", "http://h%2/",
    "http://h:http/", "http://h:99999/", "http://h:/", "http://h:-80/", "http://h:80:90/", "http://a:b:80/",
    "http://:80/", "http://h:8 0/", "http://h:\u0661/",
    "http://[::1", "http://[::1]", "http://[::1]:8080/", "http://[::1]x/", "http://[::1]:x/", "http://::1]/",
    "http://]a[/", "http://][/", "http://x[::1]/", "http://[[::1]]/", "http://[]/",
    "http://[fe80::1%25eth0]:80/", "http://[fe80::1%eth0]/", "http://[fe80::1%25]/", "http://[fe80::1%25%41%20]/",
    "http://[fe80::1%25a b]/", "http://[fe80::1%25%c3%a9]/", "http://[%25a]/",
    "http://[1.2.3.4]/", "http://[::ffff:1.2.3.4]/", "http://[::ffff:01.2.3.4]/", "http://[1:2:3:4:5:6:7:8:9]/",
    "http://[1::2::3]/", "http://[12345::]/", "http://[1:2:3:4:5:6:7::8]/",
    "http://[1:2:3]/", "http://[1:]/", "http://[1:2:3:4:5:6:7:8]/", "http://[g::]/", "http://[::1%25a]%zz/",
    "http://[v1.x]/", "http://[::1]:80%31/", "http://[::1.2.3]/", "http://[::1.2.3.256]/",
    "http://h/\n", "http://h/\tx", "http://h/\x7f", "http://h/#\n", " http://h/", "http://h/ ", "http://h/a b",
    "http://h/?q=a b", "http://h/#a b", "http://h h/", '"http://h/"', "http://h\"/", "http://<h>/",
    "http://b\xfccher.example/", "http://h/\xe9", "http://h/%c3%a9", "http://h/\udcff", "http://h/%ff",
    "http://\udcff/", "http://h/?\udcff#\udcff",
    "http://user:pass@h/", "http://user@h/", "http://user:@h/", "http://:pass@h/", "http://:@h/", "http://@h/",
    "http://us er@h/", "http://u%40:p%2f%zz@h/", "http://a@b@c/", "http://u:p#x@h/", "http://\xe9@h/",
    "http://u@/", "http://u@/x", "//u@", "http:\\\\h\\logs", "http+unix://h/", "s3://bucket/a//b/../c", "s3:///prefix",
    "gs://b//a", "abfs://c@acct.dfs.core.windows.net/p",
    "http://h/a:b;c,d!$&'()*+=@[]|{}^`\"<>\\", "http://h/a!b'c(d)*", "http://h/%21", "http://h/%2f", "http://h/%2F/a",
    "http://h//a/./../b", "http://h/*", "http:*", "/*", "http://h?", "http://h??", "http://h?a?",
    "http://h/#", "http://h/##", "http://h/#%zz", "http://h/#a!b'c(d)*%21", "http://h/#%20", "http://h/?#",
    "javascript:alert(1)", "mailto:a@b?x=y#z", "http:a/b", "a:b:c", "http:%zz", "http:////h", "?a:b", "#a:b",
    "http://h/" + "a" * 3000 + "%",
]  # fmt: skip

SENDS = [
    "http://h", "http://h/", "https://h/x", "http://h:8080/x?y#z", "http://h:/", "http:///x", "http://:80/", "h",
    "h:80", "ftp://h/", "//h/", "http:h", "HTTP://H/", "http://h?", "http://h/a b?c d", "http://h/*",
    "http://u:p@h/", "http://u@h/", "http://:@h/", "http://@h/", "http://u%40x:p%3ay@h/", "http://u:\xe9@h/",
    "http://b\xfccher.example/x", "http://B\xdcCHER.Example:80/x", "http://b\xfccher:/x", "http://stra\xdfe.de/",
    "http://\u65e5\u672c\u3002jp/", "http://xn--bcher-kva.\xe9/", "http://xn--.\xe9/", "http://xn--a.\xe9/",
    "http://xn--\xe9/", "http://a_b.\xe9/", "http://-a.\xe9/", "http://\xe9-/", "http://\u05d0.a/",
    "http://\u05d01.\xe9/",
    "http://a\u05d0/", "http://\u0301a/", "http://a\u200db/", "http://\u0915\u094d\u200d/", "http://\U0001f600/",
    "http://\xe9\xe9\xe9." * 1 + "example/", "http://%c3%bc/", "http://%ff/", "http://a\xad\xe9/", "http://\u1e9e/",
    "http://[::1]/", "http://[::1]:80/", "http://[fe80::1%25eth0]/", "http://[fe80::1%25eth0]:80/", "http://a\"b/",
    "http://a<b>/", "http://a%25b/", "http://h!$&'()*+,;=/", "http://h/!'()*", "http://h/%21", "http://h/\xe9",
    "http://h/%e9",
    "http://u:p@[fe80::1%25a]:8/", "http://u:p@b\xfccher/\"", "http://h/" + "a" * 2000, "http://" + "\xfc" * 3000 + "/",
    "http://" + "a\U0010ffff" * 1500 + "/",
]  # fmt: skip

MEDIA_TYPES = each(
    "", " ", ";", "json", "JSON", "application/json", " application/json ", "Application/JSON; Charset=UTF-8",
    "application/json;", "application/json; ", "application/json;;", "application/json; ;", "application/",
    "/", "/json", "application//json", "application/json/x", "application /json", "application/ json", "a/b, c/d",
    "*/*", "a/b; charset", "a/b; charset=", "a/b; charset=\"", "a/b; charset=\"\"", "a/b; charset=\"utf-8\"",
    "a/b; charset = utf-8", "a/b;charset=utf-8;charset=utf-8", "a/b;charset=utf-8;CHARSET=utf-8",
    "a/b;charset=utf-8;charset=x", "a/b; x=\"a\\\"b\"", "a/b; x=\"a\\b\"", "a/b; x=\"a\nb\"", "a/b; x=\"a", "a/b; =x",
    "a/b; x=y z=w",
    "a/b; x=y; z", "a/b x=y", "a/b\xa0;\u2003x=y", "a/b;\tx=y", "a/b; x=\xe9", "a/b; x=\"\xe9\"", "a/\xe9", "\u212a/b",
    "appl\u0130cation/json", "multipart/form-data; boundary=---x", "a/b; x*=utf-8''%c3%a9", "a/b; x*=utf-8'en'%zz",
    "a/b; x*=latin1''a", "a/b; x*=us-asc\u0130i''a", "a/b; x*=''a", "a/b; x*=a", "a/b; x*0=a; x*1=b",
    "a/b; x*1=b; x*0=a", "a/b; x*0*=utf-8''%c3; x*1*=%a9", "a/b; x*0*=zz; x*1*=%zz; x*2=c", "a/b; x*1=b",
    "a/b; x*0=a; x*2=c",
    "a/b; x=1; x*=utf-8''2", "a/b; x=1; x*0=2", "a/b; *=utf-8''a", "a/b; *0=a", "a/b; x**=utf-8''a",
    "a/b; x*0=a; x*0=b", "a/b; x*00=a", "a/b; x*0=\"q;r\"; x*1*=%41", "a/b\x00", "a/b; x=y\x00", "a/b; x={}",
    "a/b; x=a|b",
)  # fmt: skip

DURATIONS = each(
    "", "0", "+0", "-0", "-", "+", "0s", "5", "5s", "5 s", " 5s", "5s ", "1d", "1w", "5m0s", "1h30m", "1.5h", "-1.5h",
    "+5s", "--5s", ".5s", "5.s", ".s", ".", "1.s", "1e3s", "5S", "5sec", "PT5S", "1_000s", "10\xb5s", "10\u03bcs",
    "10us",
    "1ns", "0.1ns", "0.9ns", "1.9ns", "9223372036854775807ns", "9223372036854775808ns", "-9223372036854775808ns",
    "-9223372036854775809ns", "9223372036854775809ns", "9223372036.854775807s", "9223372036.854775808s",
    "-9223372036.854775808s",
    "2562047h47m16.854775807s", "2562047h47m16.854775808s", "9999999h", "9999999999999999999s",
    "0.3333333333333333333h", "0.830103483285477580700h", "0.100000000000000000000h", "0.9223372036854775807s",
    "0.9223372036854775808s",
    "0.9999999999999999999999h", "1" + "0" * 5000 + "s", "0" * 5000 + "1s", "1." + "9" * 5000 + "s", "\xe9", "5\xe9",
    "5\"s", "5\\s", "5s\n", "5\x7f", "5\udcff", "5\ufffd", "5\udce2", "\u0665s", "1s1", "1s-1s", "1s.", "5s5s5s",
    "9223372036854775808ns9223372036854775808ns", "9223372036854775808ns1ns",
    "9223372036854775808ns9223372036854775808ns5s",
)  # fmt: skip

QUANTITIES = each(
    "", "0", "1", "100m", "1Gi", "1 Gi", "1gi", "1GI", "1Ki", "1ki", "1k", "1K", "1Mi", "1m", "1u", "1n", "1Ti", "1Pi",
    "1Ei", "1Zi", "1T", "1P", "1E", "1e", "1e3", "1E3", "1e+3", "1e-3", "1e3Mi", "1e1.5", "e3", "Ei", ".Ei", "-.Ei",
    "1.Ei", ".Pi", ".Ti",
    ".", "..", "+", "-", "+-1", "-1", "+1", "1.5", "1.5Gi", "1.5.5", ".5", "5.", ".e-9", ".e-10", ".1e-10", "0.e-10",
    "+.e-10", "1e9223372036854775807", "1e9223372036854775808", ".e4294967286", ".e4294967295", "1x", "1,5", "1Gi\n",
    "\n1", "1\xe9", "\u0661", "auto", "1iG", "1mm",
    "1+5", "1-", "1i", "1--5", "12345678901234567890", "12345678901234567890Gi", "0000", "-0",
    "1000000000000000000000000m", "1Gib", "1GB", "1m1", "0x10",
)  # fmt: skip

FLAGS = each(
    [], [""], ["-"], ["--"], ["a", "b"], ["--log-url", "http://x"], ["--log-url=http://x"], ["--log-url="],
    ["--log-url", ""], ["--log-url", "--log-mode"], ["--log-url"], ["--log-url", "a", "--log-url", "b"],
    ["--log-url=a=b"],
    ["--tls"], ["--tls", "false"], ["--tls=false"], ["--tls=no"], ["--tls="], ["--tls=F"], ["--tls", "--",
    "--tls=false"], ["a", "--tls", "b"], ["--", "--log-url", "x"], ["x", "--", "y", "--", "z"],
    ["--log-batch-size", "10"], ["--log-batch-size", "0x10"], ["--log-batch-size", "010"], ["--log-batch-size", "08"],
    ["--log-batch-size", "1_000"], ["--log-batch-size", "+8"], ["--log-batch-size", "-1"], ["--log-batch-size", ""],
    ["--log-batch-size", "1.5"], ["--log-batch-size", "ten"], ["--log-batch-size", "9223372036854775808"],
    ["--log-batch-interval", "5s"], ["--log-batch-interval", "5 s"], ["--log-batch-interval", "5"],
    ["--log-batch-interval", "-5s"],
    ["--headers", ""], ["--headers="], ["--headers", "a,b"], ["--headers", "a", "--headers", "b"], ["--headers", "",
    "--headers", ""], ["--headers", 'a"b'], ["--headers", '"a,b",c'], ["--headers", "\n"], ["--headers", "a\nb"],
    ["--headers", 'x\xe9"'],
    ["--names", "c"], ["--names", ""], ["--names", "c", "--names", "d,e"], ["--names", "c", "--names", ""], ["--names",
    'a"\xe9\x00\udcff\u2028'],
    ["--unknown"], ["--unknown=1"], ["--unknown", "x"], ["--log-ur", "x"], ["--LOG-URL", "x"], ["--help"], ["--help=x"],
    ["-h"], ["-help"], ["-hx"], ["-v"], ["-log-url", "x"], ["-test.v"], ["-test"], ["-="], ["-1"], ["- "], ["-\xe9"],
    ["-\u20ac"], ["-\udcff"],
    ["-'"], ['-"'], ["-\\"], ["-\n"], ["-\x7f"], ["--="], ["--=x"], ["---"], ["---x"], ["-- "], ["--log-url", "x",
    "--unknown"], ["--unknown", "--log-batch-size", "x"], ["--log-batch-size", "x", "--unknown"], ["--\xe9"], ["--a b"],
    ["--log-url\n", "x"],
)  # fmt: skip

HEADERS = each(
    "", "a", "x-request-id", "X-REQUEST-ID", "X-Request-Id", "x-b3-traceid", "etag", "www-authenticate", "te",
    "x_under", "x--y", "-", "--a", "a-", "1a", "a b", "a:b", " a", "a ", "x-\xe9", "\xe9", "a\x00", "a\udcff", "!a-b",
    "content-md5", "a{", "x-\u212a", "grpc-status",
)  # fmt: skip

VALUES = each(
    "", "a", " a ", "\ta\t", "a\nb", "\na\r\n", "\r", "a\x00b", "a\x1fb", "a\x7fb", "a\x80b", "\xe9", "\udcff",
    "\xa0a\xa0", "\x0ba\x0c", "\u2003a", "{\"a\":\"b\"}", " \x85a\x85 ", "a\x1c", "\x1ca", "\u3000", "\ufeffa",
    "\u200ba", "\u180ea", "\u1680a", "\u202fa\u205f",
)  # fmt: skip

NUMBERS = [
    [text, 0, 64]
    for text in (
        "", "0", "1", "-1", "+1", "-", "+", "--1", " 1", "1 ", "08", "010", "0o10", "0O10", "0x10", "0X1f", "0xg", "0x",
        "0b11", "0b2", "0b", "1_000", "_1", "1_", "1__0", "0_7", "0x_1", "0x1_", "_0x1", "0_x1", "1.5", "1e3", "ten",
        "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616",
        "18446744073709551616x", "9223372036854775808x", "0x7fffffffffffffff", "0x8000000000000000",
        "-0x8000000000000000", "99999999999999999999_", "\u0661", "\xe9", "1\udcff", "\"", "1\n", "0" * 5000,
        "0" * 5000 + "7", "9" * 5000,
    )
]  # fmt: skip

PATHS = ["", ".", "..", "/", "//", "/.", "/..", "a", "a/", "/a/", "a//b", "a/./b", "a/../b", "a/../..", "../a",
"../../a", "/../a", "a/b/../../..", "/a/b/../../..", "./a", "...", "a/...", "..a", "a..", ".a/b", "a/..b", "\xe9/../a",
"a/.. ", "logs//x/", "\udcff/.."]  # fmt: skip

PICKED: dict[str, list[Arguments]] = {
    "csv.read": CSV,
    "csv.write": each(
        [], [[]], [[""]], [["", ""]], [["a", "b"], ["c"]], [["a b"]], [[" a"]], [["a "]], [["\ta"]], [["\x85a"]],
        [["\xa0a"]], [["\u2028a"]], [["\u200ba"]], [["\x1ca"]], [["\\."]], [["\\.a"]], [['a"b']], [["a,b"]], [["a\nb"]],
        [["a\rb"]], [["a\r\nb"]], [["#a"]], [["\udcffa"]], [["\ufeffa"]],
    ),
    "flag.parse": FLAGS,
    "http.canonical_header": HEADERS,
    "http.send": [
        *([url, {}] for url in SENDS),
        *(["http://u:p@h/", {name: value}] for name, value in (("Ce-Annotations", "a\x7fb"), ("Ce Id", "x"), ("X",
        "\n"), ("\xe9", ""), ("", "x"), ("Ce-Id", "\xe9\t"), ("A\"", ""))),
        ["ftp://h", {"X": "\n"}], ["http://", {"X": "\n"}],
    ],
    "http.valid_name": HEADERS,
    "http.valid_value": VALUES,
    "http.written_value": VALUES,
    "idna.to_ascii": each(
        "", ".", "a", "a.", "..", "b\xfccher.example", "B\xdcCHER", "\xfc", "\xfc.", ".\xfc", "xn--bcher-kva",
        "XN--bcher-kva", "xn--", "xn---", "xn--a-", "xn--a", "xn--\xe9", "xn--\xe9-", "xn--a-\xe9", "xn--99999999",
        "xn--" + "a" * 2000, "\u65e5\u672c\u8a9e", "a" * 80 + "\xe9", "\udcff", "\U0001f600",
        "xn--a-\udcff", "\xfc xn--", "xn--0", "xn--zzzzzz", "\xfc" * 3000, "a\U0010ffff" * 1500, "-\xfc-",
    ),
    "json.marshal": each(
        "", "a", "<a href=\"x\">&'/", "\\", "\x00\x08\x0c\n\r\t\x1f\x7f\x80", "\u2027\u2028\u2029\u202a",
        "\xe9\u2603\U0001f600\ufffd\ufeff", "\udcff\udc80a\udcc3", True, False, None, 0, -1, 2**63 - 1, -(2**63), [],
        [[]], {}, {"": ""}, {"b": 1, "a": 2, "B": 3, "a/b": 4, "a-b": 5, "a.b": 6, "aa": 7},
        {"\xe9": 1, "z": 2, "\uffff": 3, "\U0001f600": 4, "\udcff": 5, "\ud7ff": 6}, {"<": [None, True, {"x": []}]},
    ),
    "json.unmarshal": JSON_TEXTS,
    "mime.parse_media_type": MEDIA_TYPES,
    "paths.clean": each(*PATHS),
    "paths.join": each([], [""], ["", ""], ["a"], ["a", ""], ["", "a"], ["a", "b"], ["a/", "/b"], ["/", "a"], ["a",
    "..", "b"], ["..", "a"], ["a", "/.."], ["/a", "../.."], ["", "/"], ["logs", "ns", "isvc", "predictor", "//x"], [".",
    "."], ["\xe9", "\udcff"]),
    "quantity.check": QUANTITIES,
    "strconv.parse_bool": each("", "1", "t", "T", "true", "TRUE", "True", "tRUE", "0", "f", "F", "false", "FALSE",
    "False", "no", "yes", " true", "true\n", "\xe9\"", "\udcff"),
    "strconv.parse_int": [*NUMBERS, *([text, 10, 64] for text in ("0x10", "010", "1_0", "-5", "1e2", "9" * 19,
    "9" * 20)), *([text, 0, 32] for text in ("2147483647", "2147483648", "-2147483648", "4294967296x", "4294967295x"))],
    "strconv.quote": each("", "a", '"', "'", "\\", "`", "\a\b\f\n\r\t\v", "\x00\x1f\x7f", "\x80\xa0\xad\xa1\xff",
    "\xe9\u2603\U0001f600", "\ufffd", "\udcff\udc80", "\u200b\u2028\ufeff\u3000", "\u0378\ue000\U0010ffff\U000e0001"),
    "strings.trim_space": VALUES,
    "time.format": each(0, 1, -1, 10**9, 120_000_000, 123_456_789, -(1 << 63), (1 << 63) - 1, 1767323045000000678,
    1767323045100000000, 951782400000000000),
    "time.parse_duration": DURATIONS,
    "url.parse": each(*URLS),
}  # fmt: skip
