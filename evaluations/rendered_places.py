"""Measure how exactly findings of rendered charts and overlays are placed in their sources, and print a table.

    python evaluations/rendered_places.py TREES [--list] [--quick] [--edits]

TREES is a folder of folders with real charts and overlays. In copies of them, a logger with traps is put into each
InferenceService that helm or kustomize renders: in its own file in several styles, from values, from a helper, and in
patches that are added to its overlay. Charts without an InferenceService get one. Each trap is a finding of `lint`, and
the place in its SARIF report is compared with the line that was written:

* exact: the finding is in that line of that file;
* first line: it is in the first line of the file, because the line is made by an action or by a patch of another kind;
* wrong: it is somewhere else;
* outside: the place is in no file of the tree;
* silent: `lint` has no such finding, as a rule knows nothing of annotations of a runtime that is not in the tree.

`real` counts traps in files of the trees, `patches` those in patches that were added to real overlays, `own` those in
charts that had no InferenceService. `--list` names every place that is not exact, `--quick` tries one style only.

With `--edits`, `lint --fix` and `add-annotation` change each copy, too. A change is made if nothing but the header of
the trap is spelled anew, or if at most a line is added and `remove-annotation` restores the old bytes. It is refused if
no file changes, and wrong otherwise.

Exits with 1 if a place is wrong or outside, or a change is wrong.
"""

import argparse
import json
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_SERVICE = re.compile(r"^kind: InferenceService\b", re.MULTILINE)
_URL = "http://sink.example.com"
_KINDS = ("real", "patches", "own")
_CHANGES = ("made", "refused", "wrong")
_RESULTS = ("exact", "first line", "wrong", "outside", "silent")

OWN_SERVICE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: {{ .Release.Name }}
spec:
  predictor:
    model:
      modelFormat:
        name: sklearn
      storageUri: gs://models/fraud
"""


class Target(NamedTuple):
    """A chart or overlay with an InferenceService: folders and the service's file are relative to the tree.

    `number` counts the InferenceServices of the file.
    """

    tree: Path
    folder: str
    file: str
    number: int
    is_chart: bool
    kind: str = "real"


class Trap(NamedTuple):
    """A finding to expect: its message has `token`, and its place is a line of a file; None where no line has it."""

    rule: str
    token: str
    file: str
    line: int | None


class Line(NamedTuple):
    """A line to write, with the rule and the token of the trap in it."""

    text: str
    rule: str = ""
    token: str = ""


Write = Callable[[Path, Target, int], list[Trap]]
"""A function that puts traps with a number into a copy of a tree."""


def logger_lines(number: int, indent: str = "", *, style: str = "block") -> list[Line]:
    """Build a logger with traps in one of the styles `block`, `flow`, `quoted` and `values`."""
    mode, field, header = f"sometimes{number}", f"trapField{number}", f"x-trap-{number}"
    absent, listed = f"trap.example.com/absent-{number}", f"trap.example.com/team-{number}"
    if style == "flow":
        text = f"logger: {{mode: {mode}, url: '{_URL}', {field}: x, metadataHeaders: [{header}], "
        text += f"metadataAnnotations: [{listed}, {absent}]}}"
        rules = (("invalid-mode", mode), ("unknown-field", field), ("non-canonical-header", header))
        found = [Line(text, rule, token) for rule, token in (*rules, ("missing-annotation", absent))]
        return [found[0], *(each._replace(text="") for each in found[1:])]
    quote = '"' if style == "quoted" else ""
    dash = "  - " if style == "quoted" else "- "
    written = mode, field, header
    if style == "values":
        mode, header = (f"{{{{ $.Values.trap{number}.{name} }}}}" for name in ("mode", "header"))
    lines = [
        Line("logger:"),
        Line(f"  {quote}mode{quote}: {quote}{mode}{quote}  # a comment", "invalid-mode", written[0]),
        Line(f"  url: {_URL}"),
        Line(f"  {field}: x", "unknown-field", written[1]),
        Line("  metadataHeaders:", *(("non-canonical-header", written[2]) if style == "values" else ())),
        Line("  # mode: all"),
        Line(f"  {dash}{quote}{header}{quote}", *(() if style == "values" else ("non-canonical-header", written[2]))),
        Line("  metadataAnnotations:"),
        Line(f"  {dash}{quote}{listed}{quote}"),
        Line(f"  {dash}{absent}", "missing-annotation", absent),
    ]
    return [line._replace(text=indent + line.text) for line in lines]


def write_lines(path: Path, at: int, lines: Sequence[Line], tree: Path) -> list[Trap]:
    """Insert lines at an index of a file, and return the traps in them. A line without text is a part of the last."""
    old = path.read_text().split("\n")
    traps, number = [], at
    for line in lines:
        number += bool(line.text)
        if line.rule:
            traps.append(Trap(line.rule, line.token, str(path.relative_to(tree)), number))
    old[at:at] = [line.text for line in lines if line.text]
    path.write_text("\n".join(old))
    return traps


def _find(lines: Sequence[str], start: int, pattern: str) -> int:
    return next(index for index in range(start, len(lines)) if re.match(pattern, lines[index]))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def service_start(lines: Sequence[str], number: int) -> int:
    """Find the line with the kind of one of the InferenceServices of a file."""
    return [index for index, line in enumerate(lines) if _SERVICE.match(line)][number]


def write_annotation(path: Path, target: Target, number: int, tree: Path) -> list[Trap]:
    """Add an annotation with a comma to the service, if its annotations are written literally or absent."""
    lines = path.read_text().split("\n")
    metadata = _find(lines, service_start(lines, target.number), r"metadata:\s*$")
    spec = _find(lines, metadata, r"spec:")
    token = f"trap.example.com/team-{number}"
    if not any(re.match(r"\s*annotations:", line) for line in lines[metadata:spec]):
        added = [Line("  annotations:"), Line(f"    {token}: a,b", "crashing-annotation", token)]
        return write_lines(path, metadata + 1, added, tree)
    at = _find(lines, metadata, r"\s*annotations:")
    if not re.match(r"  annotations:\s*$", lines[at]) or "{{" in lines[at - 1] + lines[at + 1]:
        return []
    indent = " " * _indent(lines[at + 1])
    return write_lines(path, at + 1, [Line(f"{indent}{token}: a,b", "crashing-annotation", token)], tree)


def predictor_place(path: Path, target: Target, *, at_end: bool = False) -> tuple[int, str]:
    """Find the line below `predictor`, or the end of it, and the indentation of its keys."""
    lines = path.read_text().split("\n")
    start = _find(lines, service_start(lines, target.number), r"\s+predictor:\s*(#.*)?$")
    first = _find(lines, start + 1, r"\s*[^\s#{]")
    if not at_end:
        return start + 1, " " * _indent(lines[first])
    end = start + 1
    while end < len(lines) and lines[end].strip() and _indent(lines[end]) > _indent(lines[start]):
        end += 1
    return end, " " * _indent(lines[first])


def in_file(style: str, *, at_end: bool = False) -> Write:
    """Create a function that writes a logger into the service's own file."""

    def write(copy: Path, target: Target, number: int) -> list[Trap]:
        path = copy / target.file
        traps = write_annotation(path, target, number, copy)
        at, indent = predictor_place(path, target, at_end=at_end)
        lines = logger_lines(number, indent, style=style)
        if style == "flow":
            lines[0] = lines[0]._replace(text=indent + lines[0].text)
        if style == "values":
            add_values(
                copy / target.folder, {f"trap{number}": {"mode": f"sometimes{number}", "header": f"x-trap-{number}"}}
            )
        return traps + write_lines(path, at, lines, copy)

    return write


def add_values(chart: Path, values: dict[str, object]) -> None:
    """Add keys to the values of a chart."""
    path = chart / "values.yaml"
    before = path.read_text() if path.exists() else ""
    path.write_text(
        before.rstrip("\n") + "\n" + "".join(f"{key}: {json.dumps(value)}\n" for key, value in values.items())
    )


def from_values(copy: Path, target: Target, number: int) -> list[Trap]:
    """Let the template print a whole logger of the values: there is no line of it in the template."""
    at, indent = predictor_place(copy / target.file, target)
    logger = {"mode": f"sometimes{number}", "url": _URL, "metadataHeaders": [f"x-trap-{number}"]}
    add_values(copy / target.folder, {f"trap{number}": logger})
    action = f"{indent}  {{{{- toYaml $.Values.trap{number} | nindent {len(indent) + 2} }}}}"
    write_lines(copy / target.file, at, [Line(f"{indent}logger:"), Line(action)], copy)
    rules = (("invalid-mode", f"sometimes{number}"), ("non-canonical-header", f"x-trap-{number}"))
    return [Trap(rule, token, target.file, None) for rule, token in rules]


def from_helper(copy: Path, target: Target, number: int) -> list[Trap]:
    """Include a helper that has the logger."""
    path = copy / target.file
    at, indent = predictor_place(path, target)
    write_lines(path, at, [Line(f'{indent}{{{{- include "trap{number}" $ | nindent {len(indent)} }}}}')], copy)
    helper = path.parent / f"_trap{number}.tpl"
    while helper.parent.name != "templates":
        helper = helper.parent.parent / helper.name
    helper.write_text("")
    lines = [Line(f'{{{{- define "trap{number}" }}}}'), *logger_lines(number), Line("{{- end }}")]
    return write_lines(helper, 0, lines, copy)


def patch_lines(copy: Path, target: Target, number: int) -> list[Line]:
    """Build a strategic merge patch of a service with a logger."""
    lines = (copy / target.file).read_text().split("\n")
    metadata = _find(lines, service_start(lines, target.number), r"metadata:\s*$")
    spec = _find(lines, metadata, r"spec:")
    names = [Line(line) for line in lines[metadata:spec] if re.match(r"  name(space)?: ", line)]
    head = [Line("apiVersion: serving.kserve.io/v1beta1"), Line("kind: InferenceService"), Line("metadata:"), *names]
    return [*head, Line("spec:"), Line("  predictor:"), *logger_lines(number, "    ")]


def operation_lines(number: int) -> list[Line]:
    """Build a JSON patch with an operation for each key of a logger."""
    values = {
        "mode": (f"sometimes{number}", "invalid-mode"),
        "url": (_URL, ""),
        f"trapField{number}": ("x", "unknown-field"),
    }
    found = [Line("- op: add"), Line("  path: /spec/predictor/logger"), Line("  value: {}")]
    for key, (value, rule) in values.items():
        token = value if key == "mode" else key
        path = Line(f"  path: /spec/predictor/logger/{key}", rule, token if rule else "")
        found += [Line("- op: add"), path, Line(f"  value: {value}")]
    return found


def in_patch(*, operations: bool, inline: bool) -> Write:
    """Create a function that adds a patch to the overlay: a file, or a text of its kustomization."""

    def write(copy: Path, target: Target, number: int) -> list[Trap]:
        kustomization = next(path for path in (copy / target.folder).iterdir() if path.stem.lower() == "kustomization")
        lines = operation_lines(number) if operations else patch_lines(copy, target, number)
        to = [Line("  target: {kind: InferenceService}")] if operations else []
        if inline:
            text = [line._replace(text=f"    {line.text}") for line in lines]
            return add_patch(kustomization, [*to, Line("  patch: |-"), *text], copy)
        path = kustomization.with_name(f"trap-{number}.yaml")
        path.write_text("")
        add_patch(kustomization, [*to, Line(f"  path: {path.name}")], copy)
        return write_lines(path, 0, lines, copy)

    return write


def add_patch(kustomization: Path, entry: list[Line], tree: Path) -> list[Trap]:
    """Add an entry to the patches of a kustomization."""
    lines = kustomization.read_text().rstrip("\n").split("\n")
    kustomization.write_text("\n".join((*lines, "")))
    first = entry[0]._replace(text="-" + entry[0].text[1:])
    patches = next((index for index, line in enumerate(lines) if re.match(r"patches:\s*$", line)), None)
    if patches is None:
        return write_lines(kustomization, len(lines), [Line("patches:"), first, *entry[1:]], tree)
    indent = " " * _indent(lines[patches + 1])
    added = [line._replace(text=indent + line.text) for line in (first, *entry[1:])]
    return write_lines(kustomization, patches + 1, added, tree)


IN_FILES: dict[str, Write] = {
    "block": in_file("block"),
    "flow": in_file("flow"),
    "quoted": in_file("quoted"),
    "at the end": in_file("block", at_end=True),
}
IN_CHARTS: dict[str, Write] = {"values": in_file("values"), "all from values": from_values, "helper": from_helper}
IN_PATCHES: dict[str, Write] = {
    "patch": in_patch(operations=False, inline=False),
    "inline patch": in_patch(operations=False, inline=True),
    "JSON patch": in_patch(operations=True, inline=False),
    "inline JSON patch": in_patch(operations=True, inline=True),
}


def prepare_tree(tree: Path) -> None:
    """Make a copy renderable: a repository, whose charts ask for no other chart and no version of Kubernetes."""
    (tree / ".git").mkdir(exist_ok=True)
    for path in tree.rglob("*"):
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
    for chart in tree.rglob("Chart.yaml"):
        text = re.sub(r"^kubeVersion:.*\n", "", chart.read_text(), flags=re.MULTILINE)
        chart.write_text(re.sub(r"^dependencies:\n(?:[ -].*\n?)*", "", text, flags=re.MULTILINE))


def render(command: Sequence[str]) -> str:
    """Run a renderer; return what it writes, or nothing if it fails."""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def targets_of(tree: Path) -> Iterator[Target]:
    """Find the charts and overlays of a prepared copy that render an InferenceService, and charts that render none."""
    for chart in sorted(tree.rglob("Chart.yaml")):
        yield from _chart_targets(tree, chart.parent)
    files = [path for path in sorted(tree.rglob("*.yaml")) if _is_plain_service(path)]
    for kustomization in sorted(path for path in tree.rglob("*") if path.stem.lower() == "kustomization"):
        folder = kustomization.parent
        names = set(
            re.findall(
                r"^kind: InferenceService\nmetadata:\n(?:  .*\n)*?  name: (\S+)",
                render(["kustomize", "build", str(folder)]),
                re.MULTILINE,
            )
        )
        for path in files:
            for number, name in enumerate(_names(path.read_text())):
                if name in names:
                    yield Target(tree, str(folder.relative_to(tree)), str(path.relative_to(tree)), number, False)


def _chart_targets(tree: Path, chart: Path) -> Iterator[Target]:
    folder = str(chart.relative_to(tree))
    rendered = render(["helm", "template", str(chart)])
    found = False
    for path in sorted((chart / "templates").rglob("*.yaml")):
        if _SERVICE.search(path.read_text()) and re.search(
            rf"# Source: \S*{re.escape(str(path.relative_to(chart)))}\n", rendered
        ):
            found = True
            for number in range(len(_SERVICE.findall(path.read_text()))):
                yield Target(tree, folder, str(path.relative_to(tree)), number, True)
    if not found and rendered:
        yield Target(tree, folder, f"{folder}/templates/own-isvc.yaml", 0, True, "own")


def _is_plain_service(path: Path) -> bool:
    text = path.read_text(errors="replace")
    return bool(_SERVICE.search(text)) and "{{" not in text and "logger:" not in text


def _names(text: str) -> list[str]:
    return re.findall(r"^kind: InferenceService\s*\nmetadata:\n(?:  .*\n)*?  name: (\S+)", text, re.MULTILINE)


def places(copy: Path, target: Target) -> list[tuple[str, str, str, int]]:
    """Return rule, message, file and line of the findings of `lint` for a chart or an overlay."""
    option = "--helm" if target.is_chart else "-k"
    command = [sys.executable, "-m", "isvclog", "lint", option, target.folder, "-o", "sarif", "--exit-zero"]
    ended = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    if ended.returncode:
        print(f"{copy.name}/{target.folder}: {ended.stderr.strip()}", file=sys.stderr)
        return []
    found = []
    for result in json.loads(ended.stdout)["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        found.append(
            (
                result["ruleId"],
                result["message"]["text"],
                place["artifactLocation"]["uri"],
                place["region"]["startLine"],
            )
        )
    return found


def judge(trap: Trap, found: Sequence[tuple[str, str, str, int]], copy: Path) -> str:
    """Compare the places of the findings about a trap with where it was written; the worst of them counts."""
    own = [(file, line) for rule, message, file, line in found if rule == trap.rule and f"`{trap.token}`" in message]
    results = {_judge(trap, file, line, copy) for file, line in own} or {"silent"}
    return max(results, key=_RESULTS.index)


def _judge(trap: Trap, file: str, line: int, copy: Path) -> str:
    if not (copy / file).is_file():
        return "outside"
    if (file, line) == (trap.file, trap.line):
        return "exact"
    return "first line" if line == 1 else "wrong"


def run_isvclog(copy: Path, target: Target, command: str, *arguments: str) -> None:
    """Run a command of isvclog on what is rendered."""
    option = "--helm" if target.is_chart else "-k"
    words = [sys.executable, "-m", "isvclog", command, option, target.folder, *arguments]
    subprocess.run(words, cwd=copy, capture_output=True, check=False)


def contents(tree: Path) -> dict[str, str]:
    """Read all files of a tree."""
    files = (path for path in tree.rglob("*") if path.is_file())
    return {str(path.relative_to(tree)): path.read_bytes().decode("latin-1") for path in files}


def judge_fix(copy: Path, target: Target, number: int) -> str:
    """Fix the header of a trap, and compare all files."""
    before = contents(copy)
    run_isvclog(copy, target, "lint", "--fix", "--select", "non-canonical-header")
    after = contents(copy)
    if after == before:
        return "refused"
    old, new = f"x-trap-{number}", f"X-Trap-{number}"
    changed = [file for file in after if after[file] != before.get(file)]
    return "made" if all(after[file] == before[file].replace(old, new) for file in changed) else "wrong"


def judge_addition(copy: Path, target: Target, number: int) -> str:
    """Add an annotation to a service and remove it again, and compare all files."""
    before = contents(copy)
    name = () if target.is_chart else ("--name", _names(before[target.file])[target.number])
    edit = (f"trap.example.com/added-{number}", "--force", *name)
    run_isvclog(copy, target, "add-annotation", *edit)
    added = contents(copy)
    if added == before:
        return "refused"
    run_isvclog(copy, target, "remove-annotation", *edit)
    lines = sum(len(text.split("\n")) - len(before[file].split("\n")) for file, text in added.items())
    return "made" if contents(copy) == before and lines in (0, 1) else "wrong"


def measure(
    target: Target, name: str, write: Write, number: int, options: argparse.Namespace
) -> Counter[tuple[str, str]]:
    """Try one way to write traps into a copy of the target's tree, and count the results."""
    kind = "patches" if name in IN_PATCHES else target.kind
    with tempfile.TemporaryDirectory() as outer:
        copy = Path(outer) / target.tree.name
        shutil.copytree(target.tree, copy)
        if target.kind == "own":
            (copy / target.file).write_text(OWN_SERVICE)
        traps = write(copy, target, number)
        found = places(copy, target)
        results = [(trap, judge(trap, found, copy)) for trap in traps]
        changes: Counter[tuple[str, str]] = Counter()
        if options.edits:
            changes["add-annotation", judge_addition(copy, target, number)] += 1
            if any(trap.rule == "non-canonical-header" for trap in traps):
                changes["lint --fix", judge_fix(copy, target, number)] += 1
            if options.list:
                print(*(f"{what}: {result}" for what, result in changes), f"{target.tree.name}/{target.folder}, {name}")
    for trap, result in results:
        if options.list and result != "exact":
            print(f"{result}: {target.tree.name}/{target.folder}, {name}: {trap.rule} in {trap.file}:{trap.line}")
    return Counter((kind, result) for _, result in results) + changes


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure all trees and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", type=Path)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--edits", action="store_true")
    options = parser.parse_args(arguments)
    for program in ("helm", "kustomize"):
        if shutil.which(program) is None:
            print(f"{program} is not installed, so nothing is measured.")
            return 0
    total: Counter[tuple[str, str]] = Counter()
    number = tried = 0
    with tempfile.TemporaryDirectory() as outer:
        for tree in sorted(path for path in options.trees.iterdir() if path.is_dir()):
            prepared = Path(shutil.copytree(tree, Path(outer) / tree.name))
            prepare_tree(prepared)
            for target in targets_of(prepared):
                tried += 1
                for name, write in ways(target, tried, quick=options.quick):
                    number += 1
                    total += measure(target, name, write, number, options)
    _print_table(total, tried)
    return int(any(count for (_, result), count in total.items() if result in ("wrong", "outside")))


def ways(target: Target, number: int, *, quick: bool) -> list[tuple[str, Write]]:
    """Choose the ways to write traps: all that are possible in files, and one of the patches for each overlay."""
    if quick:
        return [("block", IN_FILES["block"])]
    patches = list(IN_PATCHES.items())
    others = IN_CHARTS.items() if target.is_chart else [patches[number % len(patches)]]
    return [*IN_FILES.items(), *others]


def _print_table(total: Counter[tuple[str, str]], tried: int) -> None:
    print(f"{'':8}{''.join(f'{result:>12}' for result in _RESULTS)}{'traps':>8}")
    for kind in _KINDS:
        counts = [total[kind, result] for result in _RESULTS]
        print(f"{kind:8}{''.join(f'{count:>12}' for count in counts)}{sum(counts):>8}")
    traps = sum(count for (kind, _), count in total.items() if kind in _KINDS)
    share = 1 - sum(total["real", result] for result in _RESULTS) / max(1, traps)
    where = f"{tried} InferenceServices of charts and overlays"
    print(f"{traps} traps in {where}; {share:.0%} are in own charts and patches.")
    for command in sorted({name for name, _ in total} - set(_KINDS)):
        print(f"{command}: {', '.join(f'{total[command, result]} {result}' for result in _CHANGES)}")


if __name__ == "__main__":
    sys.exit(main())
