"""Make samples of secrets from gitleaks' rules, and keep those that the rules find in an annotation.

Needs Go, a copy of gitleaks' config (`config/gitleaks.toml` of its module) and, from the root of the repository:

    python -m oracles.secrets.measure gitleaks.toml           # rewrite tests/redact/gitleaks.txt
    python -m oracles.secrets.measure gitleaks.toml --check   # ask about the samples that are recorded

The config is not in the repository: only what was made from it is. `main.go` reads the rules as gitleaks documents
them. It is no copy of gitleaks' detector, and the two may differ: it decodes nothing, and looks at no commits.

A line of the table is the rule, the class, the key and the value of an annotation, with tabs between them. In the value
`\\n` is a line break, and bars, which keep scanners of repositories from taking it for a real secret, are to be removed.
The class is `shape` if the value is found whatever the key is, `named` if the key has to say whose it is and says what
it is, too, and `vendor` if the key says no more than whose it is.
"""

import argparse
import json
import random
import subprocess
import tomllib
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from string import ascii_letters, digits
from typing import Any, NamedTuple

from oracles.secrets.expressions import Reader

HERE = Path(__file__).parent
TABLE = HERE.parents[1] / "tests" / "redact" / "gitleaks.txt"
NEUTRAL = "example.com/note"
TRIES = 8
KEPT = {"shape": 3, "named": 2, "vendor": 2}
CHUNK = 9
"""The longest part of a value between two bars: no rule of gitleaks, nor of others, finds a secret that short."""
SEPARATOR = "(?:=|>"
"""How the part of an expression begins that separates the name of a secret from its value."""


class Sample(NamedTuple):
    """An annotation with a secret that a rule finds."""

    rule: str
    kind: str
    key: str
    value: str

    @property
    def manifest(self) -> str:
        """The lines of a manifest that have the annotation."""
        if "\n" not in self.value:
            return f"{self.key}: {self.value}"
        return f"{self.key}: |\n  " + self.value.replace("\n", "\n  ")

    @property
    def line(self) -> str:
        """The line of the table."""
        value = self.value.replace("\n", "\\n")
        parted = "|".join(value[start : start + CHUNK] for start in range(0, len(value), CHUNK))
        # A break may have fallen between the characters of a line break.
        return "\t".join([*self[:3], parted.replace("\\|n", "|\\n")])

    @classmethod
    def read(cls, line: str) -> "Sample":
        """Read a line of the table."""
        rule, kind, key, value = line.split("\t")
        return cls(rule, kind, key, value.replace("|", "").replace("\\n", "\n"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path, metavar="CONFIG", help="gitleaks' config, a TOML file")
    parser.add_argument("--check", action="store_true", help="ask about the recorded samples instead of making them")
    arguments = parser.parse_args()
    config = tomllib.loads(arguments.config.read_text(encoding="utf-8"))
    if arguments.check:
        check(config, [Sample.read(line) for line in TABLE.read_text(encoding="utf-8").splitlines()])
        return
    made = [sample for rule in config["rules"] if "regex" in rule for sample in candidates(rule)]
    kept = [*chosen(made, ask(config, [sample.manifest for sample in made]))]
    lines = [sample.line for sample in kept]
    for line, rules in zip(lines, ask(config, lines), strict=True):
        if rules:
            raise SystemExit(f"scanners would take this line for a secret of {rules}: {line}")
    TABLE.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    without = {rule["id"] for rule in config["rules"]} - {sample.rule for sample in kept}
    print(f"{len(kept)} samples of {len({sample.rule for sample in kept})} rules; none of {sorted(without)}")


def check(config: dict[str, Any], samples: list[Sample]) -> None:
    """Print the samples that their rule does not find."""
    wrong = 0
    for sample, rules in zip(samples, ask(config, [sample.manifest for sample in samples]), strict=True):
        if sample.rule not in rules:
            wrong += 1
            print(f"  {sample.line}: found by {rules}")
    print(f"{len(samples)} samples, {wrong} not found")


def candidates(rule: dict[str, Any]) -> Iterator[Sample]:
    """Make annotations that the rule may find, the same ones each time."""
    name, expression = rule["id"], rule["regex"]
    source = random.Random(name)
    before, separator, _ = expression.partition(SEPARATOR)
    reader = Reader(expression)
    # Groups before the separator are a part of the name.
    groups = reader.groups[len(Reader(before).groups) if separator else 0 :]
    # The whole match may have a character more than the secret, so it is only used where no group is found.
    makers = [PICKED[name]] if name in PICKED else groups if separator else [*groups, reader.make]
    for make in makers:
        for value in (make(source) for _ in range(TRIES)):
            if not value or "|" in value:
                continue
            yield Sample(name, "shape", NEUTRAL, value)
            for kind, key in keys(rule):
                yield Sample(name, kind, f"example.com/{key}", value)


def keys(rule: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield kinds and names of keys: what the secret is and whose it is, or only whose."""
    words = rule["id"].split("-")
    owners = [word for word in rule.get("keywords", []) if word.strip("_-.").replace("_", "").isalnum()]
    yield from (("named", name) for name in (rule["id"], rule["id"].replace("-", "_")))
    for owner in owners:
        yield from (("named", f"{owner}-{'-'.join(words[-count:])}") for count in (2, 1))
    yield from (("vendor", "-".join(words[:count])) for count in (1, 2) if count < len(words))
    yield from (("vendor", owner) for owner in owners)


def chosen(made: list[Sample], answers: Iterator[list[str]]) -> Iterator[Sample]:
    """Yield the first few samples of each rule and kind that the rule finds, each value once."""
    kinds: dict[str, set[str]] = {}
    kept: dict[tuple[str, str], list[Sample]] = {}
    for sample, rules in zip(made, answers, strict=True):
        of_rule = kinds.setdefault(sample.rule, set())
        if sample.rule not in rules or (sample.kind != "shape" and "shape" in of_rule):
            continue
        of_rule.add(sample.kind)
        known = kept.setdefault((sample.rule, sample.kind), [])
        is_new = sample.value not in {other.value for other in known}
        if is_new and len(known) < KEPT[sample.kind] and is_annotation(sample.key):
            known.append(sample)
    for samples in kept.values():
        yield from samples


def is_annotation(key: str) -> bool:
    """Return True if Kubernetes accepts the name of the key."""
    name = key.partition("/")[2]
    return name[0].isalnum() and name[-1].isalnum() and len(name) <= 63


def ask(config: dict[str, Any], texts: list[str]) -> Iterator[list[str]]:
    """Find out which rules find something in each text."""
    lines = "".join(json.dumps(part) + "\n" for part in (config, *texts))
    run = subprocess.run(["go", "run", "."], cwd=HERE, input=lines, capture_output=True, check=True, encoding="utf-8")
    return map(json.loads, run.stdout.splitlines())


def text(source: random.Random, length: int, alphabet: str = ascii_letters + digits) -> str:
    return "".join(source.choices(alphabet, k=length))


def kubernetes_secret(source: random.Random) -> str:
    value = b64encode(text(source, 15).encode()).decode()
    return f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: models\ndata:\n  password: {value}\n"


def private_key(source: random.Random) -> str:
    kind = source.choice(("", "RSA ", "EC ", "OPENSSH "))
    body = "\n".join(text(source, 64) for _ in range(3))
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{body}\n-----END {kind}PRIVATE KEY-----\n"


def curl_header(source: random.Random) -> str:
    header = source.choice(("Authorization: Bearer ", "X-Api-Key: ", "Authorization: Token "))
    return f'curl -s -H "{header}{text(source, 32)}" https://models.example.com/v1'


def generic(source: random.Random) -> str:
    """Make a random text without words, as gitleaks leaves out what has one of its 1,400 stop words."""
    return "".join(text(source, 2, ascii_letters) + text(source, 1, digits) for _ in range(source.randint(6, 12)))


PICKED = {
    "curl-auth-header": curl_header,
    "curl-auth-user": lambda source: f"curl -u models:{text(source, 16)} https://models.example.com/v1",
    "database-password": lambda source: text(source, 14),
    "generic-api-key": generic,
    "kubernetes-secret-yaml": kubernetes_secret,
    "private-key": private_key,
}
"""Values for rules whose expressions say little about the secret, or repeat anything around it."""


if __name__ == "__main__":
    main()
