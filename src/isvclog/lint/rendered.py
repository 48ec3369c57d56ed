"""The check of what a chart or an overlay renders, also with several values files."""

from collections.abc import Callable, Hashable, Sequence

from isvclog.findings import Finding
from isvclog.lint.files import trace_to
from isvclog.lint.results import FileResult
from isvclog.manifest import Source
from isvclog.rendering.programs import Rendering


def check_renderings(renderings: Sequence[Rendering], check: Callable[[Source], FileResult]) -> list[FileResult]:
    """Check each rendering of a chart. The same finding in several of them is in the first one that has it.

    It names the values files of the renderings that have it, and a service is counted once.
    """
    results = []
    for rendering in renderings:
        trace_to(rendering.rendered)
        results.append(check(rendering.source))
    if len(renderings) < 2:
        return results
    shown_by: dict[Hashable, list[str]] = {}
    for rendering, result in zip(renderings, results, strict=True):
        for finding in result.findings:
            files = shown_by.setdefault(_identity(finding), [])
            files += [rendering.variant] if rendering.variant not in files[-1:] else []
    return list(_once(results, shown_by))


def _once(results: Sequence[FileResult], shown_by: dict[Hashable, list[str]]) -> Sequence[FileResult]:
    reported: set[Hashable] = set()
    counted: set[str] = set()
    merged = []
    for result in results:
        new = [finding for finding in result.findings if _identity(finding) not in reported]
        reported |= set(map(_identity, new))
        objects = [each for each in result.objects if each.object not in counted]
        counted |= {each.object for each in objects}
        findings = [_naming(finding, shown_by[_identity(finding)]) for finding in new]
        services = min(result.services, len(objects))
        merged.append(result._replace(findings=findings, objects=objects, services=services))
    return merged


def _naming(finding: Finding, files: Sequence[str]) -> Finding:
    return finding._replace(origin=finding.origin and finding.origin._replace(shown_by=tuple(files)))


def _identity(finding: Finding) -> Hashable:
    place = finding.origin and finding.origin[:2]
    return finding.rule, finding.object, finding.path, finding.message, finding.fingerprint, place
