"""Ask Kubernetes' own YAML reader how it reads texts, and compare with isvclog's.

    python -m oracles.yaml.measure                        # rewrite tests/manifest/syntax/measured/*.json
    python -m oracles.yaml.measure --fuzz 50000 --seed 7

Needs Go. The tables are ASCII JSON, one case a line: `[text, data]`, or `[text]` where Kubernetes refuses. The tests read
them without Go. Fuzzing prints what differs and how often.
"""

import argparse
import json
import random
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from isvclog.manifest.syntax.convert import convert
from isvclog.manifest.syntax.load import read_nodes
from isvclog.manifest.syntax.parse_error import ParseError
from isvclog.manifest.syntax.scalars import json_value

HERE = Path(__file__).parent
MEASURED = HERE.parents[1] / "tests" / "manifest" / "syntax" / "measured"

SCALARS = """
y Y yes Yes YES yEs n N no No NO on On ON off Off OFF oN true True TRUE tRUE false False FALSE t f T F
~ null Null NULL nULL nil None
0 -0 +0 00 1 -1 +1 01 08 09 010 0123 -0123 +0123 0128 0_1 1_000 1__0 1_ -1_0 +_1 -_ 0_ 0_8
0x 0x1F 0X1f -0x1F +0x1f 0x_1 0x1_F 0xg 0x1.8p3 0x1p3 0o 0o17 0O17 -0o17 +0o17 0o18 0o_17 0b 0b101 0B101 -0b101 +0b101
0b2 0b_1 0b-1 0b+11 -0b-1 -0b+1 0B-1 0b1_0
9007199254740993 9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809 +9223372036854775808
18446744073709551615 18446744073709551616 0xFFFFFFFFFFFFFFFF 0x10000000000000000 -0x8000000000000000 0777777777777777777777
01777777777777777777777 12345678901234567890123 01819881509990842949
1.0 1. .5 -.5 +.5 . .. ._5 .5_0 .5_ .5e3 .5e400 1.5 -1.5 +1.5 1.5.2 1_0.5 1e3 1E3 1e+3 1e-3 1e 1e3.5 e3 1e21 1e20 1e22
123456789.0 1e18 1e19 9.3e18 -1e19 1e400 -1e400 1e-400 0.1 0.30000000000000004 1.7976931348623157e308 -0.0 0e0 1e0 1.0e2
.inf .Inf .INF +.inf +.INF -.inf -.Inf .iNF .nan .NaN .NAN .Nan +.nan inf nan Infinity NaN
2024-01-01 2024-1-1 2024-13-01 2001-12-14t21:59:43.10-05:00 2001-12-14T21:59:43Z 2001-12-15 12:30 12:30:45 190:20:30 1:2.5
<< = < > == a=b v1 1.2.3 1,000 10m 512Mi 1Gi 100% #a a#b a:b http://x @a-b
\u0663 \u00bd \uff11 1\u0660 \u221e caf\u00e9 x\u00a0 \U0001f600
- -- + ++ -a +a --1 +-1 1- 1+ 0-1 1a a1 _ _1 __ 0__ 1e_3 1_e3 1.e3 .e3 +.e3 +1.e3 -1_0.5_0e1_0
""".split()
TAGS = "!!str !!int !!float !!bool !!null !!binary !!timestamp !!merge !!set !!x !x !".split()
TAGGED = (
    "", "~", "null", "1", "1.5", "0x10", "18446744073709551615", "yes", "foo", "<<", ".inf", "1e3", "1e400", "2001-1-1",
    "2001-02-29", "2000-02-29", "2001-1-1T1:2:3Z", "2001-1-1t1:2:3.5+24:60", "2001-1-1T1:2:3", "2001-1-1  1:2:3,5",
    "2001-1-1T24:2:3Z", "2001-13-1", "2001-1-1T1:2:3+25:00", "aGk=", "aGk", "/////w==", "4oI=", "8J+YgPCf", "aGl=", "=",
)  # fmt: skip
DOCUMENTS = (
    "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {y: 3, <<: *a}\n",
    "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}\nd: {<<: [*b, *a]}\ne: {<<: *a, <<: *b}\n",
    "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b, z: 3}\n",
    "a: {<<: {x: 1}, y: 2}\n", "a: {<<: [{x: 1}, {x: 2, y: 2}]}\n", "a: {<<: }\n", "a: {<<: 1}\n", "a: {<<: [1]}\n",
    "a: &a [{x: 1}]\nb: {<<: *a}\n", "a: &a 1\nb: {<<: *a}\n", 'a: {"<<": {x: 1}}\n', "a: {! <<: {x: 1}}\n",
    "a: {!!merge <<: {x: 1}}\n", "a: {!!str <<: {x: 1}}\n", "a: &a <<\nb: {*a : {x: 1}}\n", "a: [<<]\nb: <<\n",
    "a: &a x\n*a : 1\n", "a: &a [1]\n*a : 1\n", "a: *a\n", "a: &a [*a]\n", "a: &a {b: *a}\n", "a: &a 1\nb: &a 2\nc: *a\n",
    "a: 1\na: 2\n", "~: 1\n", "? \n: 1\n", "[a]: 1\n", "{a: b}: 1\n", "{{ a }}: 1\n", "a: {{ b }}\n",
    "1e6: a\n", "1e300: a\n", ".nan: a\n", "1.1: a\n", "123456789.0: a\n", "1e-5: a\n", "0.0001: a\n", "1e21: 1\n",
    "18446744073709551615: a\n", "9223372036854775807: a\n", "2024-01-01: a\n", "!!binary aGk=: a\n", "yes: a\nno: b\n",
    "a: .inf\n", "a: .nan\n", "a: !!set {b, c}\n", "a: !!omap [b: 1]\n", "a: !!str {b: 1}\n", "a: !!null [1]\n",
    "a: |\n  x\n   y\n\n\nb: >-\n  x\n  y\n\n  z\nc: |+\n  x\n\n", "a: |2\n   x\n", "a: >\n\n  x\n", "a: 'it''s\n  two'\n",
    'a: "x\\\n  y\\u0041\\x41\\n"\n', 'a: "\\ud83d\\ude00"\n', '{"a": "\\ud83d\\ude00", "b": "\\/", "c": "\\ud83d"}\n',
    '{"a":1,\t"b":[true,null,1.0,1e3,-0]}\n', '{"a"\n: 1}\n', '{a: 1,}\n', '{"a": 1,}\n', "[a, b,]\n", "{a, b: , c}\n",
    "a: {url: http://sink.default:80/x, image: repo/x:tag}\n", "a: [--port=80, b:c, 12:30:45, ::1]\n", "a: [x:]\n",
    "a:\n\tb: 1\n", "a:\t1\n", "- \ta: 1\n", "a: 1\t\n", "a: b: c\n", "a: 'b' c\n", "a: [b\nc: d\n", "a: @b\n", "a: %b\n",
    "a: `b`\n", "a: -\n", "a: - b\n", "- - a\n  - b\n-\n", "a:\n- b\n-c\n", "a: !x b\n", "a: !<x> b\n", "a: &x\n", "&x a: b\n",
    "a: 1 # c\nb: 1# c\n", "# c\n", "", "\n", "a\n", "a: 1\r\nb: |\r\n  x\r\n  y\r\n", "a: 1\rb: 2\r", "a: b\u2028c: d\n",
    "a: \u0085b\n", "a: \x01\n", "a: \x7f\n", "a: \ufeffb\n", "%YAML 1.1\n---\na: 1\n", "%YAML 1.2\n---\na: yes\n", "--- a\n",
    "%YAML 2.0\n---\na: 1\n", "%X\n---\na: 1\n", "%TAG !y! tag:yaml.org,2002:\n---\na: !y!int '1'\n", "---\na: 1\n...\n", "a: ...\n",
)  # fmt: skip
ALPHABETS = ("0123456789.eE+-_", "01_bxoBXO+-", "0123456789abcdefx_", "yYnNoOtTfF~.infaN", "-:TtZ 012")
LEAVES = ("x", "1", "yes", "~", "'q'", "[a, b]", "{a: 1}", "*a", "1.5", "", "<<", "&a v", "!!str 1")
WORDS = (
    "a", "b", "c", " ", "  ", "\n", "\n", "\n  ", "\n- ", "\n  - ", ": ", ":", "- ", "? ", "# c", "{", "}", "[", "]", ",", ", ",
    "&a ", "*a", "&b", "*b ", "!!str ", "!!int ", "!foo ", "! ", "|", "|\n  x", "|-\n", ">", "> \n", '"', "'", '"x"', "'y'", "\\n",
    "\\u0041", "\\\n", "<<", "<<: *a", "<<: [*a, *b]", "\t", "1", "0x1f", "1e3", "yes", "null", "~", "%", "@", "`", "\r\n", "\r",
    "\u0085", "\u2028", "\u00e9", "key: ", "1.5", ".inf", "=", "!!binary aGk=", "''", "--", "http://a:80", "a:b", "{}", "[]", "::",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fuzz", type=int, metavar="N", help="try N texts of each kind instead of writing the tables")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    randomly = random.Random(arguments.seed)
    if arguments.fuzz:
        for kind, make in KINDS.items():
            print(kind, dict(compare({make(randomly) for _ in range(arguments.fuzz)})))
        return
    write("scalars", [f"- {text}" for text in SCALARS] + some(random_scalar, 400, randomly))
    write("keys", [f"? {text}\n: 1" for text in SCALARS] + some(random_key, 150, randomly))
    write("tags", [f'- {tag} "{text}"' for tag in TAGS for text in TAGGED])
    write("documents", [*DOCUMENTS, *some(random_document, 300, randomly), *some(random_mess, 300, randomly)])


def some(make: Callable[[random.Random], str], count: int, randomly: random.Random) -> list[str]:
    return list(dict.fromkeys(make(randomly) for _ in range(count)))


def random_scalar(randomly: random.Random) -> str:
    alphabet = randomly.choice(ALPHABETS)
    text = "".join(randomly.choices(alphabet, k=randomly.randint(1, randomly.choice((3, 6, 12, 24)))))
    return f"- {randomly.choice(('', '', '', '0x', '0b', '0o', '-0b', '1e', '.', '2024-'))}{text}"


def random_key(randomly: random.Random) -> str:
    return f"? {random_scalar(randomly)[2:]}\n: 1"


def random_document(randomly: random.Random, depth: int = 0) -> str:
    """Make nested mappings and lists with anchors, aliases and merges, now and then wrong."""
    indent = "  " * depth
    if depth > 3 or (depth and randomly.random() < 0.4):
        return randomly.choice(LEAVES)
    lines = []
    is_mapping = randomly.random() < 0.7
    for _ in range(randomly.randint(1, 3)):
        name = randomly.choice(("a", "b", "c", "1", "yes", "<<", "&a k", "1e3", "*a ")) + ": " if is_mapping else "- "
        anchor = randomly.choice(("", "", "&a ", "&b ")) if is_mapping else ""
        lines.append(f"{indent}{name}{anchor}{random_document(randomly, depth + 1)}")
    return "\n" * (depth > 0) + "\n".join(lines)


def random_mess(randomly: random.Random) -> str:
    return "".join(randomly.choices(WORDS, k=randomly.randint(1, 14)))


def random_damage(randomly: random.Random) -> str:
    text = randomly.choice(DOCUMENTS)
    place = randomly.randint(0, len(text))
    return text[:place] + randomly.choice(WORDS) + text[place + randomly.randint(0, 2) :]


KINDS = {
    "scalars": random_scalar,
    "keys": random_key,
    "documents": random_document,
    "damage": random_damage,
    "mess": random_mess,
}


def ask(texts: Iterable[str]) -> list[str | None]:
    """Convert each text to JSON as Kubernetes does; None if Kubernetes refuses it."""
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    run = subprocess.run(["go", "run", "."], cwd=HERE, input=lines, capture_output=True, check=True, encoding="utf-8")
    return [json.loads(line).get("json") for line in run.stdout.split("\n")[:-1]]


def write(name: str, texts: list[str]) -> None:
    cases = zip(texts, ask(texts), strict=True)
    lines = ",\n".join(json.dumps([text] if answer is None else [text, canonical(answer)]) for text, answer in cases)
    MEASURED.mkdir(parents=True, exist_ok=True)
    (MEASURED / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="ascii")
    print(f"{name}: {len(texts)} cases")


def canonical(answer: str) -> Any:
    """Decode the answer as the API server does: numbers that are no int64 are float64."""
    decoder = json.JSONDecoder(
        parse_int=lambda text: json_value(int(text)), parse_float=lambda text: json_value(float(text))
    )
    return decoder.decode(answer)


def compare(texts: set[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    ordered = sorted(texts)
    for text, answer in zip(ordered, ask(ordered), strict=True):
        try:
            roots = read_nodes(text)
            ours: Any = convert(roots[0])[0] if roots else None
            refused = ""
        except ParseError as problem:
            refused = problem.message
        if refused:
            state = "both refuse" if answer is None else "only we refuse"
        elif answer is None:
            state = "only Kubernetes refuses"
        else:
            state = "same" if ours == canonical(answer) else "DIFFERENT"
        counts[state] += 1
        if state == "DIFFERENT" or (state.startswith("only") and "ignores the rest" not in refused):
            print(f"  {state}: {text!r} {answer!r} {refused or ours!r}")
    return counts


if __name__ == "__main__":
    main()
