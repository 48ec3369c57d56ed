"""Values that something may obey, choke on or print although it is secret."""

import base64
import json
import string
from collections.abc import Callable

from .cases import Chance, Json, Secret

COMMANDS = (
    "::error file=x::fuzz",
    "::add-mask::fuzz",
    "::stop-commands::fuzz",
    "##vso[task.setvariable variable=F]x",
    "##[group]fuzz",
    "##teamcity[message text='fuzz']",
    "%0A::error::fuzz",
    "\n::warning::fuzz",
    " ::debug::fuzz",
)
"""What a CI system obeys in a log. isvclog itself never prints these."""

TEXTS = (
    *COMMANDS, "=cmd|' /C calc'!A0", "+1+cmd", "-2+3", "@SUM(1+1)", "x;=1+1", "x,=1", "\t=1+1", "＝1+1", "|pipe|",
    "\\|",
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\", "\x9b31m", "\x00", "\x07\x08\x7f", "\r",
    "a\rb", "\x0b\x0c",
    "\x85", "\u2028\u2029", "\u202egpj.exe", "\u2066x\u2069", "\u200b", "\ufeff", "\U000e0041", "\ud800", "\udcff",
    "\uffff",
    "e\u0301" * 40, "\U0001f468\u200d\U0001f469\u200d\U0001f467", "﷽", "\u0663", "ſecret", "ﬁ", "İ", "ß",
    "", " ", "  x  ", "\n", "\n\n\n", "a\nb", "a\n", "\ta", "a: b", "- a", "# c", " #c", "'", '"', "\\", "\\u0041",
    "%", "%zz", "%00",
    "{", "}", "[", "]", "{}", "[]", "[ ]", ",", "&a", "*a", "*undefined", "!", "!!str x", "|", ">", "|-", ">+", "---",
    "...", "--- ", "?",
    "? a", ":", "<<", "=", "~", "null", "yes", "No", "on", "y", "0123", "0o17", "0x1F", "0b1", "1e3", "1_000", ".inf",
    "-.INF", ".nan",
    "12:30:45", "2024-01-01", "2001-12-14t21:59:43.10-05:00", "1.", "+.5", "9" * 400, "-" + "9" * 30, "1e400",
    "0x" + "f" * 40,
    "9223372036854775808", "18446744073709551616", "x" * 300, "x" * 9000, "é" * 2000, "a," * 500, "a=" * 300,
    "(" * 200, "${" * 50,
    "{{ .Values.x }}", "{{- if .x }}", "${VAR}", "$(VAR)", "$$(VAR)", "<NAME>", "{{", "}}", "%(x)s", "{0}", "{x!r}",
    "%s%n",
    "http://", "http://h", "http://h:99999/", "http://[::1", "http://h/%zz", "//h", "http:/h", "HTTP://H",
    "http://h\n", "http://h h",
    "http://user@h", "http://h?x", "http://h#x", "s3://", "s3://b/p", "gs://b", "abfs://c@a.x/p", "kafka://h",
    "file:///etc/passwd",
    "mailto:x", "http://" + "a" * 300, "http://xn--a", "http://ünï.example", "http://0x7f.1",
    "http://h.svc.cluster.local:0",
    "a.b/c", "a.b/", "/c", "a.b/c/d", "A.B/c", "-a", "a" * 64, "a.b/" + "c" * 64, "a b", "a=b", "a,b", "a=b,c=d",
    '"a', '"a"b', '"a""b"',
    "serving.kserve.io/deploymentMode", "internal.serving.kserve.io/logger",
    "kubectl.kubernetes.io/last-applied-configuration",
    "serving.kserve.io/enable-prometheus-scraping", "sidecar.istio.io/inject", "autoscaling.knative.dev/minScale",
    "x-request-id", "X-Request-Id", "Host", "X Y", "X-\xe9", ":authority", "Content-Length", "a:b", "a: b",
    "5s", "5", "-5s", "1h1h", "1d", "0", "-1", "9999999h", "all", "ALL", "request", "json", "parquet", "Standard",
    "RawDeployment",
    "isvclog: ignore", "isvclog: ignore[missing-url]", "isvclog: ignore-file", "# isvclog: ignore[x", "]]>", "<b>",
    "&amp;", "<!--",
    "[x](javascript:x)", "`", "```", "[/red]", "[red]", "[link=http://x]y", "../../etc/passwd", "C:\\x", "CON", "a/b",
    ".", "..",
)  # fmt: skip

_OTHERS: tuple[Callable[[], Json], ...] = (
    lambda: None, lambda: True, lambda: False, lambda: 0, lambda: -1, lambda: 1.5, lambda: 2**31, lambda: 2**63,
    lambda: 2**64,
    lambda: 10**40, lambda: -(10**310), lambda: 1e308, lambda: 1e-320, lambda: [], lambda: {}, lambda: [None],
    lambda: {"": None},
    lambda: [[]], lambda: [{}], lambda: {"a": {}}, lambda: ["a", "a"], lambda: ["a", 1, None, {}],
    lambda: {"name": "x"},
    lambda: [{"name": "x"}, {"name": "x"}], lambda: [{"name": "x", "value": "y"}], lambda: {"mode": "all"},
    lambda: nested(40),
    lambda: nested(90), lambda: [f"k{n}" for n in range(300)], lambda: {f"k{n}": "v" for n in range(300)},
)  # fmt: skip

NAMES = (
    "logger", "Logger", "loger", "url", "Url", "mode", "metadataHeaders", "metadata_headers", "metadataheaders",
    "metadataAnnotations",
    "metadataAnnotation", "metadataannotations", "storage", "marshallerUrl", "batchSize", "batchInterval", "path",
    "key", "format",
    "parameters", "annotations", "labels", "name", "namespace", "generateName", "predictor", "transformer",
    "explainer", "canary",
    "batcher", "containers", "env", "args", "ports", "model", "sklearn", "runtime", "kind", "apiVersion", "items",
    "spec", "status",
    "metadata", "managedFields", "ownerReferences", "<<", "",
)  # fmt: skip

SENSITIVE_KEYS = (
    "db-password", "api-key", "apiKey", "access_token", "client-secret", "credentials", "session", "cookie",
    "private-key", "example.com/password", "API_TOKEN", "secret", "passwd", "auth-token",
)  # fmt: skip

_LOWER = string.ascii_lowercase + string.digits


def nested(depth: int) -> Json:
    """Return lists in lists."""
    value: Json = "x"
    for level in range(depth):
        value = {"a": value} if level % 3 == 2 else [value]
    return value


def value(chance: Chance) -> Json:
    """Return a hostile value, mostly a text."""
    drawn = chance.random()
    if drawn < 0.75:
        return chance.choice(TEXTS)
    if drawn < 0.8:
        return chance.choice(TEXTS) + chance.choice(TEXTS)
    return chance.choice(_OTHERS)()


def key(chance: Chance) -> str:
    """Return a key: a known one at the wrong place, or a hostile text."""
    return chance.choice(NAMES) if chance.random() < 0.6 else chance.choice(TEXTS)


# Secrets


def secret(chance: Chance) -> Secret:
    """Make up a secret of any shape."""
    return chance.choice(_SHAPES)(chance)


def bare(chance: Chance) -> Secret:
    """Make up a secret that only the name of its key shows to be one."""
    mark = marker(chance)
    return Secret("bare", mark, mark, chance.choice(SENSITIVE_KEYS))


def url_with(chance: Chance, scheme: str = "http") -> Secret:
    """Make up a URL with a secret in it."""
    mark = marker(chance)
    shape, text = chance.choice((
        ("URL password", f"{scheme}://bob:{mark}@sink.example.com/x"),
        ("URL user", f"{scheme}://ghp_{mark}{mark[:16]}@sink.example.com/x"),
        ("URL query token", f"{scheme}://sink.example.com/x?access_token={mark}"),
        ("URL query sig", f"{scheme}://sink.example.com/x?a=b&sig={mark}&c=d"),
        ("URL query", f"{scheme}://sink.example.com/x?q={mark}"),
        ("URL fragment token", f"{scheme}://sink.example.com/x#access_token={mark}"),
        ("URL path webhook", f"https://hooks.slack.com/services/T0{mark[:8].upper()}/B0{mark[8:16].upper()}/{mark}{mark[:4]}"),
        ("URL path webhook", f"https://discord.com/api/webhooks/112233445566778899/{mark}{marker(chance)}{marker(chance)}xyz12345"),
    ))  # fmt: skip
    return Secret(shape, text, mark)


def marker(chance: Chance) -> str:
    """Return 20 random letters and digits, both among the first and the last ten."""
    return "".join(
        chance.choice(string.ascii_lowercase) + "".join(chance.choices(_LOWER, k=8)) + chance.choice(string.digits)
        for _ in range(2)
    )


def _mixed(chance: Chance, length: int) -> str:
    return "".join(chance.choices(string.ascii_letters + string.digits, k=length))


def _github(chance: Chance) -> Secret:
    mark = _mixed(chance, 36)
    return Secret("GitHub token", f"ghp_{mark}", mark)


def _slack(chance: Chance) -> Secret:
    mark = _mixed(chance, 24)
    return Secret("Slack token", f"xoxb-123456789012-123456789012-{mark}", mark)


def _aws(chance: Chance) -> Secret:
    mark = "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16))
    return Secret("AWS key", f"AKIA{mark}", mark)


def _jwt(chance: Chance) -> Secret:
    mark = _mixed(chance, 43)
    payload = base64.urlsafe_b64encode(json.dumps({"sub": marker(chance)}).encode()).decode().rstrip("=")
    return Secret("JWT", f"eyJhbGciOiJIUzI1NiJ9.{payload}.{mark}", mark)


def _pem(chance: Chance) -> Secret:
    lines = [_mixed(chance, 64) for _ in range(2)]
    text = "\n".join(("-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----"))
    return Secret("private key", text, lines[1])


def _bearer(chance: Chance) -> Secret:
    mark = _mixed(chance, 32)
    return Secret("Bearer", f"Bearer {mark}", mark)


def _basic(chance: Chance) -> Secret:
    text = base64.b64encode(f"user:{marker(chance)}".encode()).decode()
    return Secret("Basic", f"Basic {text}", _end(text))


def _connection(chance: Chance) -> Secret:
    mark = marker(chance)
    return Secret("connection string", f"postgres://app:{mark}@db.example.com:5432/x", mark)


def _json(chance: Chance) -> Secret:
    mark = marker(chance)
    return Secret("JSON", json.dumps({"user": "bob", "password": mark}), mark)


def _dotenv(chance: Chance) -> Secret:
    mark = marker(chance)
    return Secret("dotenv", f"export API_TOKEN={mark}", mark)


def _pair(chance: Chance) -> Secret:
    mark = marker(chance)
    text = chance.choice(("x-api-key: {}", "password={}", "Authorization: Bearer {}", "api-key: {}", "--password={}"))
    return Secret("pair", text.format(mark), mark)


def _netrc(chance: Chance) -> Secret:
    mark = marker(chance)
    return Secret("netrc", f"machine example.com login bob password {mark}", mark)


def _docker(chance: Chance) -> Secret:
    text = base64.b64encode(f"bob:{marker(chance)}".encode()).decode()
    return Secret("Docker JSON", json.dumps({"auths": {"registry.example.com": {"auth": text}}}), _end(text))


def _encoded(chance: Chance) -> Secret:
    inner = chance.choice((_json, _dotenv, _github))(chance)
    text = base64.b64encode(inner.text.encode()).decode()
    return Secret("base64 of " + inner.shape, text, _end(text))


def _end(text: str) -> str:
    """Return the end of a text in base64: its beginning is the same for all secrets of a shape."""
    return text.rstrip("=")[-18:-2]


def _mail(chance: Chance) -> Secret:
    mark = marker(chance)
    return Secret("e-mail", f"{mark}@example-company.com", mark)


_SHAPES = (
    bare, bare, bare, _github, _slack, _aws, _jwt, _pem, _bearer, _basic, _connection, _json, _dotenv, _pair, _pair,
    _netrc, _docker, _encoded, _mail, url_with, url_with,
)  # fmt: skip
