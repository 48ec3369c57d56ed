"""Print what to measure for a release of KServe, what is known of the release before it, and where each answer goes.

    python -m scripts.release_facts VERSION

The list is made from the facts themselves, so that it is as long as they are.
"""

import json
import re
import sys
from collections.abc import Iterator
from typing import Any

from isvclog.kserve.apis.distributions import NAMES
from isvclog.kserve.apis.installation import SHIPPED
from isvclog.kserve.apis.releases import ALL_RELEASES, NEXT, Capability, Release, capabilities
from isvclog.kserve.apis.schema import logger_schema
from scripts import ROOT
from scripts.generate_docs import KINDS_OF_CAPABILITY

APIS = "src/isvclog/kserve/apis"
CASES = "tests/conformance"
TABLE = f"{APIS}/releases.toml"
WRITTEN = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")

QUESTIONS = {
    "field": "Does the CustomResourceDefinition of the release still have it, with this meaning?",
    "flag": "Does `agent --help` of the release still list it?",
    "attribute": "Do the events of the release still have it?",
    "behaviour": "Is the sentence still true?",
}
"""What to find out about each kind of capability."""
PROGRAMS = {
    "startup": "oracles/conformance/agent.py",
    "startup_long": "oracles/conformance/agent.py",
    "events": "oracles/conformance/agent.py",
    "inject": "oracles/conformance/inject.go",
}
"""The programs that run the cases of a file against a build of KServe; the README says how others were measured."""


def main() -> int:
    written = WRITTEN.fullmatch(sys.argv[1]) if len(sys.argv) == 2 else None
    if written is None:
        print("Name one release with three numbers: make release-facts VERSION=0.22.0", file=sys.stderr)
        return 2
    release = Release(*map(int, written.groups()))
    older = [known for known in ALL_RELEASES if known < release]
    if not older:
        print(f"Nothing is known of a release before {release}: choose a newer one.", file=sys.stderr)
        return 2
    print("\n".join(facts(release, older[-1])))
    return 0


def facts(release: Release, before: Release) -> Iterator[str]:
    """Yield the lines of the list, in Markdown."""
    yield f"# What to measure for KServe {release}"
    yield ""
    yield f"Each item says what is known of {before}{f': {before.caution}' if before.caution else ''}."
    if release in ALL_RELEASES:
        yield f"KServe {release} is in the table already: check what the list says of it."
    yield from section("The release itself")
    yield item(f'"{release}" among `releases` of `{TABLE}`; then `make generated`, which writes `schemas/`')
    yield item(
        f"a `caution` there while something below is not measured: it is printed with each prediction for {release}"
    )
    yield from fields(before)
    yield from rows(before)
    yield from others()
    yield from cases()
    yield from section("At the end")
    yield item(
        "the cases that differ from older releases get `release` in `tests/conformance/deployment_releases.json`"
    )
    yield item(
        "a fact that changed is a new row with `since`, and code asks `release.has(...)` instead of comparing versions"
    )
    yield item("`make lint`, `make test`, and a line in `CHANGELOG.md`")


def fields(before: Release) -> Iterator[str]:
    known = json.loads((ROOT / APIS / "fields.json").read_text(encoding="utf-8"))["releases"]
    yield from section("Its CustomResourceDefinition")
    properties = ", ".join(logger_schema(before)["properties"])
    yield item(
        f"all fields: `python -m scripts.generate_fields FOLDER` writes `{APIS}/fields.json` ({len(known)} releases)"
    )
    yield item(f"the fields of a logger, which had {properties}: a new one is a row `[field]` of `{TABLE}`,")
    yield f"      a member of `{APIS}/spec.py`, and a description in `{APIS}/schema.py`"


def rows(before: Release) -> Iterator[str]:
    open_rows = [row for row in capabilities().values() if row.since == NEXT]
    if open_rows:
        yield from section("Merged at last?")
        yield f"A row whose change is in the release gets its number as `since` in `{TABLE}`."
        yield ""
        yield from (item(shown(row)) for row in open_rows)
    for kind, question in QUESTIONS.items():
        yield from section(KINDS_OF_CAPABILITY[kind])
        yield f"{question} If not, the row of `{TABLE}` needs another that ends it."
        yield ""
        yield from (item(shown(row)) for row in capabilities().values() if row.kind == kind and row.since <= before)


def others() -> Iterator[str]:
    yield from section("What it ships")
    yield item(
        f"its ConfigMap inferenceservice-config, of which {', '.join(SHIPPED)} are assumed: `{APIS}/installation.py`"
    )
    runtimes = json.loads((ROOT / APIS / "shipped_runtimes.json").read_text(encoding="utf-8"))
    names = ", ".join(runtime["metadata"]["name"] for runtime in runtimes["runtimes"])
    yield item(f"its ClusterServingRuntimes, of {runtimes['release']} {names}:")
    yield f"      `shipped_runtimes` of `{CASES}/deployment.json`, from which"
    yield f"      `make generated` writes `{APIS}/shipped_runtimes.json`"
    yield item(f"distributions with changes of their own ({', '.join(NAMES)}): `{APIS}/distributions.py`")
    yield item("the versions of Go and of its libraries: `oracles/go/` measures them for `src/isvclog/kserve/golang/`")
    yield item(
        "the agent's proxy: the version in `oracles/agent/go.mod`, then `python -m oracles.agent.measure --compare`"
    )


def cases() -> Iterator[str]:
    yield from section("Measured cases")
    yield f"`{CASES}/README.md` says what they are, and how they were measured."
    yield ""
    for file in sorted((ROOT / CASES).glob("*.json")):
        if file.name != "versions.json":
            data = json.loads(file.read_text(encoding="ascii"))
            found = data["cases"] if isinstance(data, dict) else data
            program = PROGRAMS.get(file.stem)
            how = f"run by `{program}`" if program else "measured anew as its README says"
            yield item(f"`{CASES}/{file.name}`: {len(found)} cases{_releases(found)}, {how}")
    yield item(f"`{CASES}/versions.json`: what was built, and with which libraries")


def _releases(found: list[dict[str, Any]]) -> str:
    names = sorted(
        {case["release"] for case in found if "release" in case}, key=lambda name: [*map(int, name.split("."))]
    )
    return f" of {', '.join(names)}" if names else ""


def section(title: str) -> Iterator[str]:
    yield from ("", f"## {title}", "")


def item(text: str) -> str:
    return f"- [ ] {text}"


def shown(row: Capability) -> str:
    evidence = "".join(f", kserve/kserve#{number}" for number in row.evidence)
    since = "not released" if row.since == NEXT else f"since {row.since}"
    return f"`{row.name}`: {row.sentence} ({since}{evidence})"


if __name__ == "__main__":
    sys.exit(main())
