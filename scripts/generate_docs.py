"""Write the generated pages of `docs/`: of the rules, the formats, KServe's releases, and the external links.

`--check` writes nothing and fails if a page differs.
"""

import os
import re
import sys
from collections.abc import Iterator
from importlib import import_module

from isvclog.kserve.apis.releases import ALL_RELEASES, NEXT, Capability, capabilities
from isvclog.report import formats
from isvclog.report.policies.page import exported_rules_page
from isvclog.report.rules.markdown import rules_page
from isvclog.rules.catalogue import about, groups
from scripts import ROOT
from scripts.generated import save_generated

DOCS = ROOT / "docs"

FORMATS = """\
# Formats

<!-- Written by scripts/generate_docs.py from src/isvclog/report/formats.py and the docstrings of the formats. -->

The option `-o FORMAT` (`--output FORMAT`) selects what a command prints on standard output. Notes and errors are on
standard error. `lint` and `validate` write more reports in the same run with `--output-file FORMAT=PATH`, see
[report formats](ci.md#report-formats).

JSON documents have a number `schemaVersion`, which rises when the meaning of a known member changes. A reader must
ignore members that it does not know. The schemas are JSON Schema 2020-12; they are in the folder `schemas/` of the
repository and the source distribution, and the links below lead to them. Values that look sensitive are `***`.
"""
KINDS = {
    "findings": ("Findings: `lint`, `validate`", formats.FINDINGS, "findings"),
    "audit": ("Audits: `audit`", formats.AUDIT, "audit"),
    "audit_changes": ("Changes since an audit: `audit --compare`", formats.AUDIT_CHANGES, "audit-changes"),
    "preview": ("Previews: `preview`", formats.PREVIEW, ""),
    "comparison": ("Changes of events: `preview --diff`", formats.COMPARISON, "preview-diff"),
    "events": ("Received events: `sink`, `simulate`", formats.EVENTS, ""),
    "simulation": ("Besides events: `simulate`", formats.SIMULATION, ""),
    "event_schemas": ("Schemas of events: `events schema`", formats.EVENT_SCHEMAS, ""),
    "estimate": ("Amount of events: `events estimate`", formats.ESTIMATE, "events-estimate"),
    "upgrade": ("Upgrades of KServe: `events compare`", formats.UPGRADE, "events-compare"),
    "policies": ("Admission policies: `export-policy`", formats.POLICIES, ""),
    "doctor": ("What is installed and reached: `doctor`", formats.DOCTOR, "doctor"),
    "rules": ("Rules and symptoms: `rules`, `explain`", ("text", "concise", "json", "markdown"), "rules"),
}
"""For each folder of `report`: what it prints and by which command, its formats, and the schema of the format json."""
FORMATS_END = """\
## Files

| file | schema |
|---|---|
| the baseline of `lint --write-baseline` | [`baseline.schema.json`](../schemas/baseline.schema.json) |
| the [project file](configuration.md) `.isvclog.yaml` | [`config.schema.json`](../schemas/config.schema.json) |
| an InferenceService | `isvclog schema --kserve-version`, see [editors](lint.md#schemas-for-editors) |
"""

VERSIONS = """\
# KServe's versions

<!-- Written by scripts/generate_docs.py from src/isvclog/kserve/apis/releases.toml. -->

What the logger can do depends on the release of KServe. isvclog assumes the newest one. `--kserve-version`, or
`kserveVersion` in the [project file](configuration.md), says which one you have; commands for a cluster read it there.
[`events compare`](tasks/upgrade-kserve.md) shows what an upgrade changes for your services.

A row says since which release something exists or happens. What all these releases have in common has no row. The
numbers are issues and pull requests of [kserve/kserve](https://github.com/kserve/kserve).
"""
KINDS_OF_CAPABILITY = {
    "field": "Fields of an InferenceService",
    "flag": "Arguments of the agent",
    "attribute": "Attributes of events",
    "behaviour": "Behaviour",
}

LINKS = """\
# External links

<!-- Written by scripts/generate_docs.py from README.md, CONTRIBUTING.md, docs/ and the docstrings of the rules. -->

Every address outside of this project that its pages link to, and where. No test uses the network, so a person has to
look: each address should still show what the page says about it.

| address | where |
|---|---|
"""
CODE = re.compile(r"^(```+).*?^\1$|`+[^`\n]+`+", re.MULTILINE | re.DOTALL)
ADDRESS = re.compile(r"https?://[^\s<>()|]+(?<![.,;:])")


def main() -> int:
    described = groups()
    written = {
        "rules.md": rules_page(described, {group: about(group) for group in described}),
        "exported-rules.md": exported_rules_page(),
        "formats.md": "\n".join(formats_page()),
        "kserve-versions.md": "\n".join(versions_page()),
    }
    code = save_generated({DOCS / name: text for name, text in written.items()})
    return max(code, save_generated({DOCS / "links.md": links_page()}))


def formats_page() -> Iterator[str]:
    """Yield the parts of the page with the output formats of each command."""
    yield FORMATS
    for kind, (title, names, schema) in KINDS.items():
        yield f"## {title}\n\n| format | what it is |\n|---|---|"
        for name in names:
            about_format = (import_module(f"isvclog.report.{kind}.{name}").__doc__ or "").partition("\n\n")[0]
            text = re.sub(r"https://\S+(?=\.$)", r"<\g<0>>", about_format.replace("\n", " "))
            text = re.sub(r" `schemas/.*` describes it\.", "", text)
            if schema and name == "json":
                text += f" Schema: [`{schema}.schema.json`](../schemas/{schema}.schema.json)."
            yield f"| `{name}` | {text} |"
        yield ""
    yield FORMATS_END


def versions_page() -> Iterator[str]:
    """Yield the parts of the page with what KServe can do since which release."""
    yield VERSIONS
    yield f"Known releases: {', '.join(map(str, ALL_RELEASES))}.\n"
    yield from (f"* {release.name}: {release.caution}." for release in (*ALL_RELEASES, NEXT) if release.caution)
    yield ""
    for kind, title in KINDS_OF_CAPABILITY.items():
        rows = sorted((each for each in capabilities().values() if each.kind == kind), key=lambda each: each.since)
        yield f"## {title}\n\n| since | name | what it is | upstream |\n|---|---|---|---|"
        yield from map(_row, rows)
        yield ""


def _row(capability: Capability) -> str:
    numbers = ", ".join(map(_issue, capability.evidence))
    return f"| {capability.since.name} | `{capability.name}` | {capability.sentence} | {numbers} |"


def _issue(number: int) -> str:
    return f"[{number}](https://github.com/kserve/kserve/issues/{number})"


def links_page() -> str:
    """Return the page with the external links of all pages, which are written already."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
    found: dict[str, list[str]] = {}
    for page in pages:
        if page.exists() and page.name != "links.md":
            text = CODE.sub("", page.read_text(encoding="utf-8"))
            for address in dict.fromkeys(ADDRESS.findall(text)):
                found.setdefault(address, []).append(os.path.relpath(page, DOCS))
    rows = [
        (f"<{address}>", ", ".join(f"[{page}]({page})" for page in used)) for address, used in sorted(found.items())
    ]
    return LINKS + "".join(f"| {address} | {used} |\n" for address, used in rows)


if __name__ == "__main__":
    sys.exit(main())
