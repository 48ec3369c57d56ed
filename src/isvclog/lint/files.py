"""The files of a run, checked one after the other so that memory use does not grow with their number."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from isvclog.findings import Finding
from isvclog.kserve.apis.kinds import LLM_SERVICE, SERVICE, has_no_logger, kind_of_patch
from isvclog.lint.processes import check_in_processes, choose_jobs
from isvclog.lint.reading import (
    KEYWORDS,
    OTHER_WORDS,
    OTHERS,
    PATCHED,
    FileReader,
    Unread,
    names_in,
    read_source,
)
from isvclog.lint.results import COMMENT, CheckedObject, FileResult, position
from isvclog.manifest import Object, Source, load
from isvclog.redact.gate import SecretRedaction
from isvclog.validate.documents import is_foreign
from isvclog.validate.python_objects import is_dumped

if TYPE_CHECKING:
    from isvclog.rendering.trace import RenderedFrom, Tracer

Check = Callable[[Object], Sequence[Finding]]

_LOGGER = b"logger"  # a document with one of these kinds is parsed only if it may contain a logger
_RENDERED = (b"# Source: ", b"config.kubernetes.io/origin")  # Helm and kustomize name the source of an object
_SECRET = b"Secret\n"  # a diff shows lines of the documents beside ours

_rendered: "RenderedFrom | None" = None


def check_files(paths: Iterable[str], check: Check, jobs: int | None = 1) -> Iterator[FileResult]:
    """Check every InferenceService in files and folders (`-` is standard input), in that order.

    A file that cannot be read is yielded as failed, and a document that cannot be parsed is a finding; the rest is
    checked anyway. `jobs` processes share the work, by default one; with None, as many as pay off.
    """
    reader = FileReader(paths)
    names = list(names_in(reader.paths))
    if reader.has_streams:
        jobs = 1  # a stream belongs to one process
    yield from check_in_processes(names, partial(_check_file, check, reader), choose_jobs(jobs, len(names)))


def _check_file(check: Check, reader: FileReader, name: str | FileResult) -> FileResult:
    item = reader.item(name)
    if isinstance(item, Unread):
        item = read_source(item.name)
    if isinstance(item, str):
        return FileResult(item)
    return check_source(item, check) if isinstance(item, Source) else item


def read_files(paths: Iterable[str]) -> Iterator[Source | FileResult]:
    """Read each file once; for a file that cannot be read, yield a failed result instead."""
    for name in names_in(paths):
        yield name if isinstance(name, FileResult) else read_source(name)


def check_source(source: Source, check: Check) -> FileResult:
    """Check every InferenceService in the bytes of a file, and KServe's other objects for what they do not have."""
    findings: list[Finding] = []
    objects: list[CheckedObject] = []
    parsed: list[Any] = []
    origins: dict[str, bool] = {}
    incomplete = False
    services = unlogged = 0
    tracer = _tracer(source)
    if tracer:
        check = tracer.traced(check)
    for item in map(_with_kind, objects_in(source)):
        if isinstance(item, Finding):
            objects.append(CheckedObject("", item.document, item.span.line))
            findings += tracer.trace(item, [item]) if tracer else [item]
            incomplete = True
        elif item.kind == SERVICE and ((found := check(item)) or not is_foreign(item.api_version)):
            services += 1
            parsed.append(item.data)
            # The texts around an object that is not in a list are no part of its data.
            incomplete = incomplete or bool(item.source.repeated) or item.root[:1] not in ((), ("items",))
            objects.append(CheckedObject(item.label, item.document, item.span(()).line))
            findings += found
            origins |= tracer.files_with(item, COMMENT.decode()) if tracer else {}
        elif has_no_logger(item.kind, item.api_version):
            parsed.append(item.data)
            found = check(item)
            findings += found
            objects += [CheckedObject(item.label, item.document, item.span(()).line)] * bool(found)
            unlogged += item.kind == LLM_SERVICE and not found
    # The objects do not have what is in comments and in other documents.
    needs_text = incomplete or _SECRET in source.data or b"#" in source.data
    return FileResult(
        source.name,
        sorted(findings, key=position),
        services,
        source.data,
        objects=objects,
        redaction=_FileRedaction(source, parsed, needs_text),
        unlogged=unlogged,
        origins=tuple(origins.items()),
    )


def trace_to(rendered: "RenderedFrom | None") -> None:
    """Choose where sources of rendered texts are from now on, as a command does with its options."""
    global _rendered
    _rendered = rendered


def rendered_from() -> "RenderedFrom":
    """Return where sources of rendered texts are, as it was chosen with `trace_to`."""
    from isvclog.rendering.trace import RenderedFrom

    return _rendered or RenderedFrom()


def _tracer(source: Source) -> "Tracer | None":
    """Create the tracer of a rendered text; most texts are none."""
    if not (_rendered and _rendered.fallback) and not any(mark in source.data for mark in _RENDERED):
        return None
    from isvclog.rendering.trace import Tracer

    return Tracer(source, rendered_from())


class _FileRedaction(SecretRedaction):
    """The redaction of a file. For another process it is the file, which is parsed again if something is printed."""

    def __init__(self, source: Source, parsed: Iterable[Any], needs_text: bool) -> None:
        texts = [source.data.decode(errors="replace")] if needs_text else []
        super().__init__(chain(parsed, data_beside(source)), texts)
        self._source, self._needs_text = source, needs_text

    def __reduce__(self) -> tuple[Any, ...]:
        return _redaction_of, (self._source, self._needs_text)


def redaction_of(sources: Sequence[Source]) -> SecretRedaction:
    """Build the redaction of files that are printed together, which knows the secrets in all of them."""
    data = chain.from_iterable(chain(_parsed_again(source), data_beside(source)) for source in sources)
    return SecretRedaction(data, [source.data.decode(errors="replace") for source in sources])


def _redaction_of(source: Source, needs_text: bool) -> _FileRedaction:
    return _FileRedaction(source, _parsed_again(source), needs_text)


def _parsed_again(source: Source) -> Iterator[Any]:
    return (item.data for item in objects_in(source) if isinstance(item, Object))


def objects_in(source: Source) -> Iterator[Object | Finding]:
    """Yield the objects of a file that may be KServe's. Unreadable documents without an InferenceService are none."""
    seen: set[int] = set()
    kinds = (SERVICE, *OTHERS)
    for item in load(source, KEYWORDS, kinds=kinds, kind_of_patch=kind_of_patch, skip_mentions=True):
        seen.add(item.document)
        yield item
    yield from _json_patches(source, seen)
    if _LOGGER not in source.data or not any(word in source.data for word in OTHER_WORDS):
        return
    for item in load(source, OTHER_WORDS, also=_LOGGER):
        if isinstance(item, Object) and item.document not in seen:
            yield item


def _json_patches(source: Source, seen: Collection[int]) -> Iterator[Object]:
    """Yield what JSON patches of loggers write, which are documents that do not name a kind."""
    if PATCHED not in source.data:
        return
    for item in load(source, (PATCHED,), kinds=(SERVICE,), kind_of_patch=kind_of_patch, skip_mentions=True):
        if isinstance(item, Object) and item.kind == SERVICE and item.document not in seen:
            yield item


def _with_kind(item: Object | Finding) -> Object | Finding:
    """Give its kind to a service of the Python SDK that `yaml.dump` wrote, which has it under another name."""
    return item._replace(kind=SERVICE) if isinstance(item, Object) and is_dumped(item.data) else item


def data_beside(source: Source) -> Iterator[Any]:
    """Yield the data of the Secrets and ConfigMaps of a file, whose secrets a service or a diff may repeat."""
    for item in load(source, (b"Secret", b"ConfigMap")):
        if isinstance(item, Object) and item.kind in ("Secret", "ConfigMap"):
            yield item.data
