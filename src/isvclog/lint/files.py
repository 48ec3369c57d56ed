"""The files of a run, checked one after the other so that memory use does not grow with their number."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from isvclog.errors import IsvclogError
from isvclog.findings import Finding
from isvclog.lint.results import CheckedObject, FileResult, position
from isvclog.manifest import Object, Source, find_files, load, read_file
from isvclog.manifest.syntax.files import STDIN
from isvclog.redact.gate import SecretRedaction

Check = Callable[[Object], Sequence[Finding]]

KEYWORDS = (b"InferenceService",)
"""A document without this word is none of ours, and is not even parsed."""
_SECRET = b"Secret\n"  # a diff shows lines of the documents beside ours


def check_files(paths: Iterable[str], check: Check) -> Iterator[FileResult]:
    """Check every InferenceService in files and folders (`-` is standard input), file by file.

    A file that cannot be read is yielded as failed, and a document that cannot be parsed is a finding; the rest is
    checked anyway.
    """
    for source in read_files(paths):
        yield source if isinstance(source, FileResult) else check_source(source, check)


def read_files(paths: Iterable[str]) -> Iterator[Source | FileResult]:
    """Read each file once; for a file that cannot be read, yield a failed result instead."""
    seen: set[str] = set()
    for path in paths:
        try:
            for name in find_files([path]):
                place = name if name == STDIN else os.path.abspath(name)
                if place not in seen:
                    seen.add(place)
                    yield _read(name)
        except IsvclogError as error:
            yield failed_file(path, error)


def check_source(source: Source, check: Check) -> FileResult:
    """Check every InferenceService in the bytes of a file."""
    findings: list[Finding] = []
    objects: list[CheckedObject] = []
    parsed: list[Any] = []
    incomplete = False
    for item in load(source, KEYWORDS):
        if isinstance(item, Finding):
            objects.append(CheckedObject("", item.document, item.span.line))
            findings.append(item)
            incomplete = True
        elif item.kind == "InferenceService":
            parsed.append(item.data)
            incomplete = incomplete or bool(item.source.repeated)
            objects.append(CheckedObject(item.label, item.document, item.span(()).line))
            findings += check(item)
    # The objects do not have what is in comments and in other documents.
    needed = incomplete or _SECRET in source.data or b"#" in source.data
    texts = [source.data.decode(errors="replace")] if needed else []
    redaction = SecretRedaction(chain(parsed, data_beside(source)), texts)
    return FileResult(
        source.name, sorted(findings, key=position), len(parsed), source.data, objects=objects, redaction=redaction
    )


def data_beside(source: Source) -> Iterator[Any]:
    """Yield the data of the Secrets and ConfigMaps of a file, whose secrets a service or a diff may repeat."""
    for item in load(source, (b"Secret", b"ConfigMap")):
        if isinstance(item, Object) and item.kind in ("Secret", "ConfigMap"):
            yield item.data


def _read(name: str) -> Source | FileResult:
    try:
        return read_file(name, KEYWORDS)
    except IsvclogError as error:
        return failed_file(name, error)


def failed_file(name: str, error: IsvclogError) -> FileResult:
    """Build the result for a file that could not be read or written."""
    return FileResult(name, failure=str(error))
