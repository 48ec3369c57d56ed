"""Measure how many secrets `lint` finds in annotations, and how much that is harmless it takes for secret.

    python evaluations/secret_samples.py [--corpus FOLDER] [--missed]

Each line of the lists in `tests/redact` becomes the only listed annotation of an InferenceService of its own, and one
run of `isvclog lint` judges them all. An annotation counts as reported if a rule for secrets or for personal data names
it. The lists:

* `gitleaks.txt`: samples made from gitleaks' rules, see `oracles/secrets`,
* `wanted.txt` and `near_misses.txt`: what has to be found, by class, and what resembles it and must not be found,
* `harmless.txt`: identifiers, versions, paths and the like.

A line is a class (in `gitleaks.txt` a rule and a class), a key and a value, with tabs between them. In values `\\n` is
a line break and `\\\\` a backslash. Bars keep scanners from taking a value for a real secret, and are removed.

With --corpus all manifests below the folder are read, too: every annotation, name of a header and other string counts
once. `corpus_secrets.txt` has the hashes of those that are secret, checked by hand.
"""

import argparse
import io
import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from isvclog.cli.main import main as isvclog

LISTS = Path(__file__).resolve().parent.parent / "tests" / "redact"
NAMES = ("gitleaks", "wanted", "near_misses", "harmless")
RULES = ("sensitive-", "personal-")
"""How the names of the rules for secrets and personal data begin."""
SEVERITIES = ("info", "warning", "error")
NEUTRAL = "example.com/note"
HEADER = "a header"
PUBLIC = frozenset(
    """
    adobe-client-id alibaba-access-key-id asana-client-id bitbucket-client-id discord-client-id flutterwave-public-key
    linkedin-client-id lob-pub-api-key mailgun-pub-key mapbox-api-token messagebird-client-id new-relic-user-api-id
    plaid-client-id sendbird-access-id sumologic-access-id
    """.split()
)
"""Rules of gitleaks that find the public half of a credential: it says who someone is and proves nothing."""


class Sample(NamedTuple):
    """An annotation, or the name of a header: `key` is `HEADER` then."""

    name: str
    key: str
    value: str
    group: str

    @property
    def service(self) -> dict[str, Any]:
        """An InferenceService whose logger lists this annotation or header, and no other."""
        logger: dict[str, Any] = {"mode": "all", "url": "http://sink.default"}
        metadata: dict[str, Any] = {"namespace": "samples"}
        if self.key == HEADER:
            logger["metadataHeaders"] = [self.value]
        else:
            logger["metadataAnnotations"] = [self.key]
            metadata["annotations"] = {self.key: self.value}
        spec = {"predictor": {"logger": logger, "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://m"}}}
        return {
            "apiVersion": "serving.kserve.io/v1beta1",
            "kind": "InferenceService",
            "metadata": metadata,
            "spec": spec,
        }


def samples(name: str) -> list[Sample]:
    """Read a list. The name of a sample is the list, what its line begins with, and a number: `wanted/dotenv/2`."""
    numbers: dict[str, int] = {}
    found = []
    for line in (LISTS / f"{name}.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n"):
        *begin, key, value = line.split("\t")
        label = "/".join((name, *begin))
        numbers[label] = numbers.get(label, 0) + 1
        group = "public" if name == "gitleaks" and begin[0] in PUBLIC else begin[-1]
        found.append(Sample(f"{label}/{numbers[label]}", key, plain(value), group))
    return found


def plain(value: str) -> str:
    """Return the value that a line has, without bars and escapes."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value.replace("|", ""))


def severities(judged: list[Sample]) -> list[str | None]:
    """Return the worst severity at which lint reports each sample as secret or personal, None where it does not."""
    documents = []
    for number, sample in enumerate(judged):
        service = sample.service
        service["metadata"]["name"] = f"sample-{number}"
        documents.append(json.dumps(service))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "samples.yaml"
        path.write_text("\n---\n".join(documents) + "\n", encoding="utf-8")
        with redirect_stdout(io.StringIO()) as printed, redirect_stderr(io.StringIO()) as said:
            code = isvclog(["lint", "--no-config", "--exit-zero", "--output", "json", str(path)])
    if code:
        raise SystemExit(f"lint ended with {code}: {said.getvalue()}")
    worst: list[str | None] = [None] * len(judged)
    for finding in json.loads(printed.getvalue())["findings"]:
        if not finding["rule"].startswith(RULES):
            continue
        number = int(finding["object"].rpartition("-")[2])
        ranks = [SEVERITIES.index(each) for each in (worst[number], finding["severity"]) if each]
        worst[number] = SEVERITIES[max(ranks)]
    return worst


def corpus(folder: Path) -> Iterator[Sample]:
    """Yield every annotation, name of a header and other string of the manifests below a folder, each once."""
    seen = set()
    for path in sorted(folder.rglob("*.y*ml")) + sorted(folder.rglob("*.json")):
        try:
            documents = [*YAML(typ="safe").load_all(path.read_text(encoding="utf-8"))]
        except (YAMLError, UnicodeDecodeError, ValueError):
            continue
        for key, value, group in strings(documents):
            if (key, value) not in seen:
                seen.add((key, value))
                yield Sample(f"corpus/{digest(value)}", key, value, group)


def strings(data: Any, within: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield the key to judge a string with, the string and its group. `within` is the nearest key above."""
    if isinstance(data, dict):
        for key, value in data.items():
            if within == "annotations" and isinstance(key, str) and not isinstance(value, dict | list):
                yield key, str(value), "annotations"
            else:
                yield from strings(value, str(key))
    elif isinstance(data, list):
        for item in data:
            yield from strings(item, within)
    elif isinstance(data, str) and data:
        yield (HEADER, data, "headers") if within == "metadataHeaders" else (NEUTRAL, data, "other strings")


def digest(value: str) -> str:
    return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def known_secrets() -> set[str]:
    """Read the hashes of strings of the corpus that are secret."""
    lines = (LISTS / "corpus_secrets.txt").read_text(encoding="utf-8").splitlines()
    return {line.partition("\t")[0] for line in lines}


class Count(NamedTuple):
    """How many samples of a group were reported as a warning or worse, and with hints, and which were wrong."""

    group: str
    surely: int
    reported: int
    total: int
    wrong: list[str]

    def row(self) -> str:
        """Return a row of the table."""
        shares = (f"{number} of {self.total} ({share(number, self.total)})" for number in (self.surely, self.reported))
        return f"| {self.group} | {' | '.join(shares)} |"


def share(number: int, total: int) -> str:
    return f"{100 * number / total:.1f} %"


def counted(judged: Iterable[tuple[Sample, str | None]], is_secret: bool) -> Iterator[Count]:
    """Count the samples of each group, in the order of the list."""
    groups: dict[str, list[tuple[Sample, str | None]]] = {}
    for sample, severity in judged:
        groups.setdefault(sample.group, []).append((sample, severity))
    for group, pairs in groups.items():
        found = [severity for _, severity in pairs if severity]
        wrong = [sample.name for sample, severity in pairs if bool(severity) is not is_secret]
        yield Count(group, len(found) - found.count("info"), len(found), len(pairs), wrong)


def total(counts: list[Count]) -> Count:
    """Add up the counts of groups."""
    surely, reported, number = (sum(numbers) for numbers in zip(*(count[1:4] for count in counts), strict=True))
    return Count("all", surely, reported, number, [name for count in counts for name in count.wrong])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, metavar="FOLDER", help="measure with the manifests below it, too")
    parser.add_argument("--missed", action="store_true", help="list the samples that are judged wrongly")
    arguments = parser.parse_args()
    lists = {name: samples(name) for name in NAMES}
    titles = {name: (name in ("gitleaks", "wanted"), f"tests/redact/{name}.txt") for name in NAMES}
    if arguments.corpus:
        secret = known_secrets()
        read = [*corpus(arguments.corpus)]
        is_known = [sample.name.rpartition("/")[2] in secret for sample in read]
        lists["corpus"] = [sample for sample, known in zip(read, is_known, strict=True) if not known]
        lists["corpus secrets"] = [sample for sample, known in zip(read, is_known, strict=True) if known]
        titles["corpus"] = (False, "corpus, without what is secret")
        titles["corpus secrets"] = (True, "corpus, what is secret")
    results = {}
    for name, (is_secret, title) in titles.items():
        counts = [*counted(zip(lists[name], severities(lists[name]), strict=True), is_secret)]
        if not counts:
            continue
        results[name] = total(counts)
        print(f"\n| {title} | warning or worse | with hints |\n|---|---|---|")
        print(*(count.row() for count in (*counts, results[name])), sep="\n")
        if arguments.missed:
            print(
                f"\n{'missed' if is_secret else 'wrong'}:", *(f"    {each}" for each in results[name].wrong), sep="\n"
            )
    print()
    print_summary(results)


def print_summary(results: dict[str, Count]) -> None:
    """Print the figures that the documentation quotes."""
    recall = results["gitleaks"]
    print(f"Recall on samples of gitleaks' rules: {share(recall.reported, recall.total)} of {recall.total}.")
    for name, title in (("harmless", "harmless values"), ("corpus", "strings of public manifests")):
        if count := results.get(name):
            right = count.total - count.reported
            print(f"Not reported, of {count.total} {title}: {right} ({share(right, count.total)}).")
    true = recall.reported + results["corpus secrets"].reported if "corpus secrets" in results else recall.reported
    false = sum(results[name].reported for name in ("harmless", "corpus") if name in results)
    print(f"Precision: of {true + false} reported values {true} are secret ({share(true, true + false)}).")


if __name__ == "__main__":
    main()
