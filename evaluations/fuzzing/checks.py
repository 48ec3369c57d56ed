"""What must hold after each command, whatever it was given."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from . import editing
from .cases import Case, Failure, Json, Result, Secret, Step
from .reading import Reader, Unreadable, UnreadableDocument

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
REPORT_FILES = ("baseline.json", "one.out", "other.out")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_COMMAND = re.compile(
    r"^\s*::(?:add-mask|stop-commands|debug|error::|error file=x::fuzz|warning::fuzz)"
    r"|##(?:vso)?\[(?=task|group)|##teamcity\[",
    re.M,
)
_UNSAFE = {
    "terminal escape": re.compile("[\x1b\x9b]"),
    "control character": re.compile("[\x00-\x09\x0b-\x1a\x1c-\x1f\x7f-\x9a\x9c-\x9f]"),
    "line separator": re.compile("[\u2028\u2029]"),
    "bidirectional control": re.compile("[\u202a-\u202e\u2066-\u2069]"),
    "invisible character": re.compile("[\u200b-\u200f\ufeff\U000e0000-\U000e007f]"),
    "surrogate": re.compile("[\ud800-\udfff]"),
}
_FORMULA = re.compile(r"""\s*[=+\-@\uff1d\uff0b\uff0d\uff20]""")


class Checker:
    """Checks what the commands of an input did. `slow` is the processor time that a command may take."""

    def __init__(self, reader: Reader, slow: float) -> None:
        self.reader = reader
        self.slow = slow
        self.validators = _validators()

    def check(self, case: Case, results: list[Result]) -> list[Failure]:
        """Return all that is wrong, each kind once."""
        found: dict[str, Failure] = {}
        before: dict[str, bytes] = dict(case.files)
        planted = self._planted(case)
        for index, (step, result) in enumerate(zip(case.steps, results, strict=True)):
            checks: tuple[Iterator[tuple[str, str]], ...] = (
                self._ending(step, result),
                self._characters(step, result),
                self._formats(step, result),
                self._leaks(step, result, planted),
                self._live_edit(case, step, result) if case.is_live else self._files(case, index, before, results),
            )
            for each in checks:
                for kind, detail in each:
                    found.setdefault(kind, Failure(kind, index, detail))
            before = result.files
        return list(found.values())

    # How a command ends

    def _ending(self, step: Step, result: Result) -> Iterator[tuple[str, str]]:
        name = step.arguments[0]
        if result.crash:
            yield f"crash: {result.crash.partition(chr(10))[0]}", result.crash
        elif result.code == "too long":
            yield f"too long: {name}", f"no end after {result.seconds:.1f} s"
        elif result.code not in (0, 1, 2, 3):
            yield f"exit code {result.code}: {name}", result.err[-500:]
        elif result.seconds > self.slow:
            yield f"slow: {name}", f"{result.seconds:.1f} s"
        if "Traceback (most" in result.out + result.err or "Exception ignored" in result.err:
            yield f"traceback: {name}", result.err[-3000:]

    # What a terminal, a log or a program would obey

    def _characters(self, step: Step, result: Result) -> Iterator[tuple[str, str]]:
        for output, text in _outputs(step, result):
            plain = _COLOUR.sub("", text) if "always" in step.arguments else text
            plain = plain.replace("\r\n", "\n") if "http" in step.arguments else plain
            plain = plain.replace("\t", " ") if "--diff" in step.arguments else plain
            for what, pattern in _UNSAFE.items():
                if not plain.isascii() or what in ("terminal escape", "control character"):
                    match = pattern.search(plain)
                    if match:
                        yield f"{what}: {output}", _around(plain, match.start())
            match = _COMMAND.search(plain)
            if match:
                yield f"CI command: {output}", _around(plain, match.start())

    # Formats

    def _formats(self, step: Step, result: Result) -> Iterator[tuple[str, str]]:
        for output, text in _outputs(step, result):
            name = output.rpartition("-o ")[2].partition(" ")[0]
            if not text or output.endswith("stderr"):
                continue
            check = _FORMATS.get(name)
            if check and result.code in (0, 1, 3):
                for detail in check(text, self):
                    yield f"format: {output}: {detail}", text[:2000]

    def valid(self, schema: str, data: Json) -> Iterator[str]:
        """Yield what a published schema says against the data."""
        for error in self.validators[schema].iter_errors(data):
            path = "/".join(part for part in error.absolute_path if isinstance(part, str))
            yield f"schema: {path}: {error.validator}"

    # Secrets

    def _planted(self, case: Case) -> list[tuple[Secret, str]]:
        """Return the secrets that are in the input as secrets, with the kind of place where each is."""
        found: list[tuple[Secret, str]] = []
        raw = b"".join(case.files.values()).decode(errors="replace")
        for secret in case.secrets:
            where = set()
            if case.is_live:
                for item in case.objects:
                    kind = item.get("kind") if isinstance(item, dict) else None
                    prefix = f"{kind} " if isinstance(kind, str) and kind in ("Pod", "ConfigMap") else ""
                    where |= {prefix + place for place in places_of(secret, item)}
                if any(
                    secret.text in text
                    for text in (*(json_text(answer.body) for answer in case.answers), *case.warnings)
                ):
                    where.add("API message")
            else:
                where = self._places_in_files(case, secret, raw)
            found += [(secret, place) for place in sorted(where)]
        return found

    def _places_in_files(self, case: Case, secret: Secret, raw: str) -> set[str]:
        where: set[str] = set()
        readable = True
        for content in case.files.values():
            try:
                for document in self.reader.documents(content):
                    readable = readable and not isinstance(document, UnreadableDocument)
                    where |= places_of(secret, document)
            except Unreadable:
                readable = False
        if not where and not secret.is_bare and "\n" not in secret.text and secret.text in raw:
            where.add("comment or duplicate" if readable else "unreadable file")
        return where

    def _leaks(self, step: Step, result: Result, planted: list[tuple[Secret, str]]) -> Iterator[tuple[str, str]]:
        if "--reveal" in step.arguments or not planted:
            return
        for output, text in _outputs(step, result):
            plain = text.lower()
            joined = "".join(plain.split())
            for secret, place in planted:
                if secret.text in step.arguments:  # a name that the user has typed
                    continue
                half = len(secret.needle) // 2
                for part in (secret.needle[:half].lower(), secret.needle[-half:].lower()):
                    at = plain.find(part)
                    if at >= 0 or part in joined:
                        yield f"leak: {place}: {output}: {secret.shape}", _around(text, max(at, 0))
                        break

    # Files

    def _files(
        self, case: Case, index: int, before: dict[str, bytes], results: list[Result]
    ) -> Iterator[tuple[str, str]]:
        step, result = case.steps[index], results[index]
        name = step.arguments[0]
        for other in sorted(result.files.keys() - before.keys() - set(REPORT_FILES)):
            yield f"new file: {name}", other
        for other, content in before.items():
            if other not in result.files:
                yield f"file is gone: {name}", other
            elif result.files[other] != content and other != case.manifest and other not in REPORT_FILES:
                yield f"other file changed: {name}", other
        old, new = before.get(case.manifest, b""), result.files.get(case.manifest, b"")
        if old != new:
            if step.edit in ("", "before-fix") or result.code not in (0, 1):
                yield f"changed without being asked: {name} ({result.code})", _difference(old, new)
            elif step.edit == "again":
                yield "fix: fixes again", _difference(old, new)
            elif step.edit == "fix":
                yield from self._fixed(old, new, results[index - 1])
            elif result.code == 1:
                yield f"edit: changed although refused: {name}", _difference(old, new)
            else:
                yield from self._edited(step, old, new)
        elif step.edit in ("edit", "remove", "undo") and result.code == 0:
            yield from self._unedited(step, new)
        if step.edit == "undo":
            yield from self._undone(case, results, new)

    def _read(self, data: bytes) -> list[Json]:
        return self.reader.documents(data)

    def _opened(self, documents: list[Json]) -> list[Json]:
        return [editing.opened(each, lambda text: self.reader.documents(text.encode())) for each in documents]

    def _edited(self, step: Step, old: bytes, new: bytes) -> Iterator[tuple[str, str]]:
        edit, name = editing.edit_of(step.arguments), step.arguments[0]
        try:
            before, after = self._read(old), self._read(new)
        except Unreadable as error:
            yield f"edit: of or into a file that is no text: {name}", f"{error}\n{_difference(old, new)}"
            return
        yield from self._unreadable("edit", name, before, after)
        for detail in editing.unintended(self._opened(before), self._opened(after), edit):
            yield f"edit: unintended: {name}: {_generic(detail)}", f"{detail}\n{_difference(old, new)}"
        for detail in editing.undone(after, edit):
            yield f"edit: not done: {name}", f"{detail}\n{_difference(old, new)}"
        if not {"--unshare", "--overwrite"} & set(step.arguments):
            lost = editing.lost_text(_text(old), _text(new), edit)
            if lost:
                yield f"edit: text lost: {name}", f"{lost}\n{_difference(old, new)}"

    def _unreadable(self, what: str, name: str, before: list[Json], after: list[Json]) -> Iterator[tuple[str, str]]:
        """Yield documents that a Kubernetes tool would refuse, before the edit or only after it; they become None."""
        for index, (old, new) in enumerate(zip(before, after, strict=False)):
            if isinstance(old, UnreadableDocument):
                where = "beside" if old == new else "of"
                yield f"{what}: {where} a document that {self.reader.name} cannot read: {name}", old.error
            elif isinstance(new, UnreadableDocument):
                yield f"{what}: makes a document that {self.reader.name} cannot read: {name}", new.error
            if isinstance(old, UnreadableDocument) or isinstance(new, UnreadableDocument):
                before[index] = after[index] = None

    def _unedited(self, step: Step, data: bytes) -> Iterator[tuple[str, str]]:
        with suppress(Unreadable):
            for detail in editing.undone(self._read(data), editing.edit_of(step.arguments)):
                yield f"edit: not done, exit code 0: {step.arguments[0]}", detail

    def _undone(self, case: Case, results: list[Result], new: bytes) -> Iterator[tuple[str, str]]:
        """Compare with the file before the edit, which must come back if the edit did not have to create lists."""
        original = case.files[case.manifest]
        arguments = case.steps[1].arguments
        if (
            new == original
            or results[1].code != 0
            or results[2].code != 0
            or {"--unshare", "--overwrite"} & set(arguments)
        ):
            return
        with suppress(Unreadable):
            key, value = editing.edit_of(arguments).key, editing.edit_of(arguments).value
            known = list(editing.editable(self._read(original)))
            if not known:
                return
            for _, service in known:
                lists = [logger.get("metadataAnnotations") for _, logger in editing.loggers(service)]
                metadata = service.get("metadata")
                annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
                restorable = bool(lists) and all(isinstance(each, list) and each and key not in each for each in lists)
                if value is not None:
                    keeps = isinstance(annotations, dict) and bool(annotations) and key not in annotations
                    restorable = restorable and keeps and "--with-value" in case.steps[2].arguments
                if not restorable:
                    return
            yield "edit: undoing does not restore the file", _difference(original, new)

    def _fixed(self, old: bytes, new: bytes, report: Result) -> Iterator[tuple[str, str]]:
        try:
            before, after = self._read(old), self._read(new)
        except Unreadable as error:
            yield "fix: of or into a file that is no text", f"{error}\n{_difference(old, new)}"
            return
        yield from self._unreadable("fix", "lint", before, after)
        pointers: set[editing.Path] = set()
        with suppress(ValueError, KeyError):
            pointers = {
                tuple(part.replace("~1", "/").replace("~0", "~") for part in finding["pointer"].split("/")[1:])
                for finding in json.loads(report.out)["findings"]
                if finding["fix"]
            }
        for detail in editing.unfixed(self._opened(before), self._opened(after), pointers):
            yield f"fix: unintended: {_generic(detail)}", f"{detail}\n{_difference(old, new)}"

    # Clusters

    def _live_edit(self, case: Case, step: Step, result: Result) -> Iterator[tuple[str, str]]:
        name = step.arguments[0]
        if name not in ("add-annotation", "remove-annotation"):
            if result.files.get("patches", b"0") != b"0" and not any(
                s.arguments[0] in ("add-annotation", "remove-annotation") for s in case.steps
            ):
                yield f"patch sent: {name}", ""
            return
        alone = sum(s.arguments[0].endswith("-annotation") for s in case.steps) == 1
        if alone and "--dry-run=client" in step.arguments and result.files.get("patches") != b"0":
            yield f"patch sent although it is a dry run: {name}", ""
        if alone and step.edit != "live" and result.files.get("kept patches") != b"0":
            yield f"cluster changed without being asked: {name}", ""
        if alone and step.edit == "live":
            edit = editing.edit_of(step.arguments)
            last: dict[str, Json] = {}  # of several with a name, the cluster has the last one
            for item in case.objects:
                metadata = item.get("metadata") if isinstance(item, dict) else None
                if isinstance(metadata, dict) and item.get("kind") == "InferenceService":
                    last[f"{metadata.get('namespace', 'default')}/{metadata.get('name')}"] = item
            for key, item in last.items():
                if key in result.files:
                    yield from self._live_difference(name, item, result.files[key], edit)

    def _live_difference(self, name: str, item: Json, stored: bytes, edit: editing.Edit) -> Iterator[tuple[str, str]]:
        new = json.loads(stored)
        metadata = new.get("metadata")
        if isinstance(metadata, dict) and isinstance(item["metadata"], dict):
            for key in ("uid", "resourceVersion", "generation", "namespace"):
                metadata.pop(key, None)
        old = json.loads(json.dumps(item))
        for key in ("uid", "resourceVersion", "generation", "namespace"):
            old["metadata"].pop(key, None)
        if old.get("apiVersion") == new.get("apiVersion"):
            old["apiVersion"] = new["apiVersion"] = editing.API_VERSION  # a server has services only
        for detail in editing.unintended([old], [new], edit):
            yield f"live edit: unintended: {name}: {_generic(detail)}", detail


def json_text(text: str) -> str:
    """Return a text of JSON without the escapes in it."""
    return text.replace('\\"', '"').replace("\\n", "\n")


def places_of(secret: Secret, data: Json) -> set[str]:
    """Return the kinds of places where data has a secret as a whole value, or as a key."""
    found: set[str] = set()
    waiting: list[tuple[tuple[str, ...], Json, Json]] = [((), data, None)]
    for _ in range(200_000):
        if not waiting:
            break
        path, value, holder = waiting.pop()
        if isinstance(value, dict):
            if secret.text in value and not secret.is_bare:
                found.add(place((*path, "<key>")))
            waiting += [((*path, str(key)), inner, value) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, "[]"), inner, path) for inner in value]
        elif value == secret.text:
            named = (
                holder.get("name") if isinstance(holder, dict) and path[-1:] == ("value",) else path[-1] if path else ""
            )
            if not secret.is_bare or str(named).lower().replace("_", "-") == secret.key.lower().replace("_", "-"):
                found.add(place(path))
        elif isinstance(value, str) and secret.needle in value and value[:1] == "{":
            with suppress(ValueError, RecursionError):
                waiting.append(((*path, "JSON"), json.loads(value), None))
    return found


def place(path: tuple[str, ...]) -> str:
    """Return the kind of a place: components and names that people choose are all the same."""
    path = tuple("component" if part in editing.COMPONENTS else part for part in path)
    while path[:2] == ("items", "[]"):
        path = path[2:]
    if path[:2] == ("metadata", "annotations") and len(path) > 2:
        return "metadata.annotations." + (path[2] if path[2] == "<key>" else "*, JSON in it" if path[3:] else "*")
    if path[:3] == ("spec", "component", "logger"):
        known = (
            "url",
            "mode",
            "marshallerUrl",
            "batchSize",
            "batchInterval",
            "metadataHeaders",
            "metadataAnnotations",
            "storage",
        )
        inner = path[3:4]
        return ".".join(
            ("logger", *(inner if inner and inner[0] in known else ("unknown field",)), *("*" for _ in path[4:5]))
        )
    if path[:2] == ("spec", "component"):
        return (
            f"component.{path[2]}"
            if path[2:3] and path[2] in ("annotations", "labels", "containers")
            else "component, elsewhere"
        )
    if path[:1] == ("metadata",):
        return (
            f"metadata.{path[1]}" if path[1:2] and path[1] in ("name", "namespace", "labels") else "metadata, elsewhere"
        )
    return ".".join(path[:2]) if path[:1] == ("data",) else "elsewhere"


def _outputs(step: Step, result: Result) -> Iterator[tuple[str, str]]:
    """Yield the outputs of a command, each with its name; not those that are the edited document itself."""
    arguments = step.arguments
    name = arguments[0] + (" --live" if "--live" in arguments else "")
    shown = next((option for option in ("--diff", "--check") if option in arguments), "")
    name += f" {shown}" if shown else ""
    if "-o" in arguments:
        name += " -o " + arguments[arguments.index("-o") + 1]
    writes = "--stdout" in arguments or (
        step.use_stdin and (arguments[0].endswith("annotation") or "--unsafe-fixes" in arguments)
    )
    if result.out and not writes:
        yield name, result.out
    if result.err:
        yield (
            name.partition(" -o ")[0] + " stderr" if not writes or "-o" not in arguments else f"{name} stderr",
            result.err,
        )
    if "--output-file" in arguments:
        for report, file in (option.split("=") for option in arguments if option.endswith(".out")):
            if file in result.files:
                yield f"lint -o {report}", result.files[file].decode(errors="surrogateescape")
    if "--write-baseline" in arguments and "baseline.json" in result.files:
        yield "lint -o baseline", result.files["baseline.json"].decode(errors="surrogateescape")


# Formats


def _validators() -> dict[str, Any]:
    """Load the published schemas of reports; they refer to each other by their file names."""
    jsonschema: Any = import_module("jsonschema")
    referencing: Any = import_module("referencing")
    loaded = {
        name: json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
        for name in ("findings", "audit", "baseline")
    }
    resources = [(f"{name}.schema.json", referencing.Resource.from_contents(schema)) for name, schema in loaded.items()]
    registry = referencing.Registry().with_resources(resources)
    return {name: jsonschema.Draft202012Validator(schema, registry=registry) for name, schema in loaded.items()}


def _json(text: str, checker: Checker) -> Iterator[str]:
    try:
        data = json.loads(text)
    except ValueError:
        yield "no JSON"
        return
    if isinstance(data, dict) and "findings" in data:
        yield from checker.valid("findings", data)
    elif isinstance(data, dict) and "rows" in data:
        yield from checker.valid("audit", data)


def _baseline(text: str, checker: Checker) -> Iterator[str]:
    try:
        yield from checker.valid("baseline", json.loads(text))
    except ValueError:
        yield "no JSON"


def _sarif(text: str, _: Checker) -> Iterator[str]:
    try:
        data = json.loads(text)
    except ValueError:
        yield "no JSON"
        return
    waiting = [data]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            for key in ("startLine", "startColumn", "endLine", "endColumn"):
                if key in each and (not isinstance(each[key], int) or each[key] < 1):
                    yield f"{key} below 1"
            if each.get("snippet") == {"text": ""}:
                yield "empty snippet"
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each


def _array(text: str, _: Checker) -> Iterator[str]:
    try:
        if not isinstance(json.loads(text), list):
            yield "no array"
    except ValueError:
        yield "no JSON"


def _events(text: str, _: Checker) -> Iterator[str]:
    decoder, place = json.JSONDecoder(), 0
    try:
        while place < len(text.rstrip()):
            _value, place = decoder.raw_decode(text, place)
            while text[place : place + 1].isspace():
                place += 1
    except ValueError:
        yield "no JSON"


def _junit(text: str, _: Checker) -> Iterator[str]:
    try:
        ElementTree.fromstring(text)
    except ElementTree.ParseError:
        yield "no XML"


def _csv(text: str, _: Checker) -> Iterator[str]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        yield "no CSV"
        return
    if len({len(row) for row in rows}) > 1:
        yield "rows of different length"
    for row in rows:
        for cell in row:
            if _FORMULA.match(cell):
                yield "formula"
            elif any(_FORMULA.match(part) for part in re.split("[;,\t]", cell)[1:]):
                yield "formula behind a separator"


def _markdown(text: str, _: Checker) -> Iterator[str]:
    rows = [line for line in text.splitlines() if line.startswith("|")]
    if len({len(re.findall(r"(?<!\\)\|", line)) for line in rows}) > 1:
        yield "rows of different length"


def _yaml(text: str, checker: Checker) -> Iterator[str]:
    try:
        checker.reader.documents(text.encode("utf-8", "surrogateescape"))
    except Unreadable as error:
        yield f"no YAML ({str(error).partition(':')[0][:40]})"


def _html(text: str, _: Checker) -> Iterator[str]:
    elements = _Elements()
    elements.feed(text)
    if elements.open:
        yield "open elements"
    if elements.mistakes:
        yield "elements that are closed in another order"
    if elements.scripts != 1:
        yield "another script"


class _Elements(HTMLParser):
    """Counts what is wrong with the elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.mistakes = self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.mistakes += any(name.startswith("on") for name, _ in attrs)
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.mistakes += not self.open or self.open.pop() != tag


def _openmetrics(text: str, _: Checker) -> Iterator[str]:
    parser: Any = import_module("prometheus_client.openmetrics.parser")
    try:
        list(parser.text_string_to_metric_families(text))
    except ValueError:
        yield "no OpenMetrics"


def _reports(text: str, _: Checker) -> Iterator[str]:
    try:
        items = json.loads(text)["items"]
    except (ValueError, KeyError):
        yield "no List"
        return
    names = [item["metadata"]["name"] for item in items]
    if len(set(names)) < len(names):
        yield "two reports of one name"
    if not all(re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", name) for name in names):
        yield "a name that a report cannot have"


_FORMATS: dict[str, Callable[[str, Checker], Iterator[str]]] = {
    "json": _json,
    "baseline": _baseline,
    "sarif": _sarif,
    "gitlab": _array,
    "cloudevent": _events,
    "junit": _junit,
    "rdjson": _json,
    "csv": _csv,
    "markdown": _markdown,
    "yaml": _yaml,
    "html": _html,
    "openmetrics": _openmetrics,
    "openreports": _reports,
    "policyreport": _reports,
}


def _text(data: bytes) -> str:
    return data.decode(errors="replace")


def _around(text: str, at: int) -> str:
    return repr(text[max(0, at - 60) : at + 60])


def _generic(detail: str) -> str:
    """Cut a detail down to what is the same for all inputs: the path without numbers and names people choose."""
    path = detail.partition(": ")[0] if ": " in detail else detail
    parts = ["component" if part in editing.COMPONENTS else part for part in path.split("/") if not part.isdigit()]
    return "/".join(part if re.fullmatch("[A-Za-z0-9 ]+", part) else "*" for part in parts)[:60]


def _difference(old: bytes, new: bytes) -> str:
    removed, added = editing.changed_text(_text(old), _text(new))
    return f"removed: {removed[:600]!r}\nadded: {added[:600]!r}"
