"""Measure how exactly isvclog and other tools add a key to `metadataAnnotations` in real manifests, and print a table.

    PYTHONPATH=src python evaluations/edits.py FOLDER... [--beside NAME=PROGRAM] [--list]

Every InferenceService of every file gets the key: in each logger it has, or in a new one in its predictor. A row says
of how many files

* strict: lines are only added, or one line in brackets changed, the data is right and the end of the file as it was;
* data: the data is what it should be, in all documents;
* style: the new list is written like the lists of a file that has one style: how far its dashes are indented, brackets;
* comments: every comment stands where it stood, beside, above or below the same line;
* JSON: what was JSON is JSON;
* restored: removing the key gives the old bytes, where a logger was there before;
* refused: nothing was written. `lines` is how many lines that were there are gone or different, the mean of all files.

A program gets the manifest on standard input and the key as its argument, and prints the new manifest.
"""

import argparse
import io
import json
import re
import shlex
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from isvclog import edit
from isvclog.errors import IsvclogError
from isvclog.kserve.apis.admission import is_service
from isvclog.kserve.apis.constants import COMPONENTS
from isvclog.manifest import Object, Source, load

KEY = "example.com/measured"
_CONTENT = re.compile(r"[ \t]*[^\s#]")
_COMMENT = re.compile(r"([ \t]*)#")

Tool = Callable[[bytes], bytes]


class Refused(Exception):
    """A tool that does not edit a file."""


class Case(NamedTuple):
    """A file to which the key can be added; `wanted` is its data afterwards."""

    name: str
    before: bytes
    wanted: list[Any]
    has_loggers: bool
    style: int | str | None


def ours(before: bytes) -> bytes:
    """Add the key as `isvclog add-annotation` does."""
    source = Source("manifest", before)
    return edit.apply_plans(source, [edit.plan_addition(obj, {KEY: None}, source=source) for obj in services(source)])


def ours_back(after: bytes) -> bytes:
    """Remove the key as `isvclog remove-annotation` does."""
    source = Source("manifest", after)
    return edit.apply_plans(source, [edit.plan_removal(obj, [KEY], source=source) for obj in services(source)])


def round_trip(before: bytes, tuned: bool) -> bytes:
    """Add the key as most scripts do: load with ruamel.yaml, change, dump. `tuned` follows the indents of the file."""
    ruamel: Any = import_module("ruamel.yaml")
    yaml = ruamel.YAML()
    if tuned:
        style = list_style(before)
        offset = style if isinstance(style, int) else 2
        yaml.preserve_quotes, yaml.width = True, 1 << 20
        yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
        yaml.explicit_start = before.startswith(b"---")
    documents = list(yaml.load_all(before.decode("utf-8-sig")))
    for document in documents:
        add_to(document)
    text = io.StringIO(newline="\r\n" if tuned and b"\r\n" in before else "\n")
    yaml.dump_all(documents, text)
    return text.getvalue().encode()


def program(command: str) -> Tool:
    """Return a tool that runs another program."""

    def run(before: bytes) -> bytes:
        done = subprocess.run([*shlex.split(command), KEY], input=before, capture_output=True, check=False)
        if done.returncode:
            raise Refused(done.stderr.decode(errors="replace").strip())
        return done.stdout

    return run


def services(source: Source) -> list[Object]:
    """Load the InferenceServices of a file. Raises Refused if a document cannot be read."""
    found = list(load(source, (b"InferenceService",)))
    for each in found:
        if not isinstance(each, Object):
            raise Refused(f"{each.span.line}:{each.span.column}: {each.message}")
    return [each for each in found if isinstance(each, Object) and is_service(each.data)]


def add_to(data: Any) -> bool:
    """Add the key to an object or to a list of them, in place. Return True if each had a logger before."""
    if not isinstance(data, dict):
        return True
    if str(data.get("kind")).endswith("List") and isinstance(data.get("items"), list):
        return min([add_to(item) for item in data["items"]], default=True)
    if not is_service(data):
        return True
    spec = data["spec"]
    names = [name for name in COMPONENTS if isinstance(spec.get(name), dict) and spec[name].get("logger")]
    for name in names or ["predictor"]:
        logger = spec[name].get("logger") or spec[name].setdefault("logger", {"mode": "all"})
        if logger.get("metadataAnnotations"):
            logger["metadataAnnotations"].append(KEY)
        else:
            logger["metadataAnnotations"] = [KEY]
    return bool(names)


def data_of(text: bytes) -> list[Any]:
    """Load the data of all objects of a file."""
    return [each.data if isinstance(each, Object) else None for each in load(Source("manifest", text), ())]


def list_style(text: bytes) -> int | str | None:
    """Return how far the dashes of all lists are to the right of their keys, or `flow`; None if the lists differ."""
    found = {style for style, _ in list_styles(text)}
    blocks = found - {"flow"}
    return next(iter(blocks or found)) if len(blocks or found) == 1 else None


def list_styles(text: bytes) -> Iterator[tuple[int | str, bool]]:
    """Yield the style of each list that is not empty, and whether the key is in it."""
    ruamel: Any = import_module("ruamel.yaml")
    waiting: list[Any] = list(ruamel.YAML(typ="safe", pure=True).compose_all(text.decode("utf-8-sig")))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ruamel.SequenceNode):
            waiting += node.value
        elif isinstance(node, ruamel.MappingNode):
            for key, value in node.value:
                waiting.append(value)
                if isinstance(value, ruamel.SequenceNode) and value.value:
                    offset = value.start_mark.column - key.start_mark.column
                    style = ("flow" if not node.flow_style else "inner") if value.flow_style else offset
                    if style != "inner":
                        yield style, any(item.value == KEY for item in value.value)


def comments(text: bytes) -> Counter[tuple[str, str]]:
    """Count each comment with the line that it belongs to: its own, the next one, or the one above if it is deeper."""
    lines = text.decode("utf-8-sig").splitlines()
    found: Counter[tuple[str, str]] = Counter()
    for index, line in enumerate(lines):
        if not (match := _COMMENT.match(line)):
            found[line.rstrip(), ""] += " #" in line
            continue
        below = next((other for other in lines[index:] if _CONTENT.match(other)), "")
        above = next((other for other in reversed(lines[:index]) if _CONTENT.match(other)), "")
        if below and _indent(below) >= len(match[1]):
            found[line, "below " + below.rstrip()] += 1
        else:
            found[line, "above " + above.rstrip() if above and len(match[1]) >= _indent(above) else ""] += 1
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def changed_lines(before: bytes, after: bytes) -> tuple[int, bool]:
    """Count the lines that were removed or changed, and check that this is what adding a key takes."""
    old, new = before.splitlines(), after.splitlines()
    gone, fine = 0, True
    for kind, start, end, other_start, other_end in SequenceMatcher(None, old, new, False).get_opcodes():
        if kind in ("replace", "delete"):
            gone += end - start
            # A line in brackets that holds the key now, or one that only got a comma.
            here, there = b"\n".join(old[start:end]), b"\n".join(new[other_start:other_end])
            fine &= end - start == 1 and (there.startswith(here.rstrip() + b",") or there.count(b"\n") == 0)
        if kind == "insert":
            fine &= all(line.strip() and not line.lstrip().startswith(b"#") for line in new[other_start:other_end])
    return gone, fine


def judge(case: Case, after: bytes, back: Tool | None) -> dict[str, bool]:
    """Return what is counted of an edit, with True for what is as it should be."""
    gone, fine = changed_lines(case.before, after)
    same_end = case.before.endswith((b"\n", b"\r")) == after.endswith((b"\n", b"\r"))
    right = data_of(after) == case.wanted
    judged = {"lines": bool(gone), "data": right, "strict": right and fine and same_end}
    judged["comments"] = not comments(case.before) - comments(after)
    if case.style is not None:
        judged["style"] = {style for style, is_new in list_styles(after) if is_new} <= {case.style}
    if _is_json(case.before):
        judged["JSON"] = _is_json(after)
    if back and case.has_loggers:
        judged["restored"] = back(after) == case.before
    return judged


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def cases(folders: list[str]) -> Iterator[Case | tuple[str, bytes]]:
    """Yield the files that the key can be added to, and name and bytes of the others."""
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*") if path.is_file()):
        before = path.read_bytes()
        try:
            if not services(Source(str(path), before)):
                continue
            wanted = data_of(before)
            has_loggers = min([add_to(data) for data in wanted])
            if any(obj.duplicates for obj in services(Source(str(path), before))):
                raise Refused("a key is written twice")
        except (Refused, KeyError, TypeError, AttributeError):
            yield str(path), before
        else:
            yield Case(str(path), before, wanted, has_loggers, list_style(before))


def main() -> None:
    """Print one row for each tool."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--beside", action="append", default=[], metavar="NAME=PROGRAM", help="another tool")
    parser.add_argument(
        "--list", action="store_true", help="list the files that isvclog does not edit as it should, or refuses"
    )
    options = parser.parse_args()
    tools: dict[str, Tool] = {
        "isvclog": ours,
        "ruamel.yaml, default": lambda before: round_trip(before, False),
        "ruamel.yaml, tuned": lambda before: round_trip(before, True),
    }
    tools |= {name: program(command) for name, _, command in (each.partition("=") for each in options.beside)}
    found = list(cases(options.folders))
    good = [case for case in found if isinstance(case, Case)]
    print(f"{len(good)} files, and {len(found) - len(good)} that are no YAML, write a key twice or have no predictor\n")
    names = ("strict", "data", "style", "comments", "JSON", "restored")
    print("| tool |", " | ".join(names), "| lines | refused | others refused |")
    print("|---|" + "---|" * (len(names) + 3))
    for tool, run in tools.items():
        print("|", " | ".join([tool, *row(tool, run, found, names, options.list)]), "|", flush=True)


def row(name: str, run: Tool, found: list[Case | tuple[str, bytes]], names: tuple[str, ...], show: bool) -> list[str]:
    """Run one tool on all files and return its cells."""
    judged: list[dict[str, bool]] = []
    gone = refused = others = 0
    for case in found:
        before = case.before if isinstance(case, Case) else case[1]
        try:
            after = run(before)
            if not isinstance(case, Case):
                continue
            judged.append(judge(case, after, ours_back if run is ours else None))
            gone += changed_lines(case.before, after)[0]
            failed = [key for key, is_good in judged[-1].items() if not is_good and key != "lines"]
        except Exception as error:  # whatever a tool ends with, it has not edited the file
            refused += isinstance(case, Case)
            others += not isinstance(case, Case)
            failed = [f"refused: {type(error).__name__} {error}".partition("\n")[0]] if run is ours else []
            if run is ours and not isinstance(error, Refused | IsvclogError):
                failed = [f"crashed: {error!r}"]
        if show and failed and run is ours:
            print(f"{name}: {case.name if isinstance(case, Case) else case[0]}: {', '.join(failed)}")
    cells = [_share([each[key] for each in judged if key in each]) for key in names]
    bad = sum(not isinstance(case, Case) for case in found)
    return [*cells, f"{gone / max(len(judged), 1):.1f}", str(refused), f"{others} of {bad}"]


def _share(values: list[bool]) -> str:
    return f"{sum(values)} of {len(values)}" if values else ""


if __name__ == "__main__":
    main()
