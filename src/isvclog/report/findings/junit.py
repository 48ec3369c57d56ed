"""JUnit XML, as Jenkins, GitLab and others read test results: one suite per file, one case per InferenceService."""

from collections.abc import Iterator, Sequence

from isvclog.filenames import is_live, shown_name
from isvclog.findings import Finding, Severity
from isvclog.lint.results import CheckedObject, FileResult, RunResult
from isvclog.records import NamedTuple
from isvclog.report.escape import printable
from isvclog.report.findings.concise import concise_line
from isvclog.report.findings.location import in_repository
from isvclog.report.formats import FormatSettings

_UNREADABLE, _FILE = "(unreadable document)", "(file)"


class _Suite(NamedTuple):
    """The cases of one file as XML, with the number of them that failed and the number that could not be run."""

    cases: list[str]
    failures: int
    errors: int


def write(run: RunResult, settings: FormatSettings) -> Iterator[str]:
    """Yield one XML document. It begins with the totals, so it is written when everything is known.

    A case fails because of findings at `settings.fail_on` or worse. It has one failure, because many readers show only
    one: the worst finding is its message, and its text has a line for each finding. Milder findings are the output of
    the case. A file that cannot be read is a case with an error. Files without any InferenceService or finding are left
    out.
    """
    suites, tests, failures, errors = [], 0, 0, 0
    for checked in run:
        suite = _suite(checked, settings.fail_on)
        if suite.cases:
            suites.append(_element(checked.file, suite))
            tests, failures, errors = tests + len(suite.cases), failures + suite.failures, errors + suite.errors
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="isvclog" tests="{tests}" failures="{failures}" errors="{errors}">\n'
    yield from suites
    yield "</testsuites>\n"


def _element(file: str, suite: _Suite) -> str:
    counts = f'tests="{len(suite.cases)}" failures="{suite.failures}" errors="{suite.errors}" skipped="0"'
    return f'  <testsuite name="{_escaped(shown_name(file))}" {counts}>\n{"".join(suite.cases)}  </testsuite>\n'


def _suite(checked: FileResult, fail_on: Severity) -> _Suite:
    if checked.failure:
        message = _escaped(checked.failure)
        what = "unreadable object" if is_live(checked.file) else "unreadable file"
        return _Suite([_case(checked.file, CheckedObject(what), f'<error message="{message}" />')], 0, 1)
    failures, cases = 0, []
    for seen, findings in _by_object(checked):
        failing = [finding for finding in findings if finding.severity >= fail_on]
        milder = [finding for finding in findings if finding.severity < fail_on]
        failures += bool(failing)
        cases.append(_case(checked.file, seen, *_failure(failing), *_printed(milder)))
    return _Suite(cases, failures, 0)


def _by_object(checked: FileResult) -> list[tuple[CheckedObject, list[Finding]]]:
    """Group the findings by checked object. Findings about the file as a whole become a case of their own."""
    groups: dict[tuple[int, str], list[Finding]] = {}
    for finding in checked.findings:
        groups.setdefault((finding.document, finding.object), []).append(finding)
    shown = [seen._replace(object=checked.redaction.text(seen.object)) for seen in checked.objects]
    listed = [(seen, groups.pop((seen.document, seen.object), [])) for seen in shown]
    others = [
        (CheckedObject(name or _FILE, document, rest[0].span.line), rest) for (document, name), rest in groups.items()
    ]
    return [*listed, *others]


def _failure(findings: Sequence[Finding]) -> Iterator[str]:
    if findings:
        worst = max(findings, key=lambda finding: finding.severity)
        attributes = f'message="{_escaped(worst.message)}" type="{_escaped(worst.rule)}"'
        yield f"<failure {attributes}>{_lines(findings)}</failure>"


def _printed(findings: Sequence[Finding]) -> Iterator[str]:
    if findings:
        yield f"<system-out>{_lines(findings)}</system-out>"


def _lines(findings: Sequence[Finding]) -> str:
    return "\n".join(
        _escaped(f"{concise_line(finding, named=False)} {finding.remedy}".rstrip()) for finding in findings
    )


def _case(file: str, seen: CheckedObject, *children: str) -> str:
    # GitLab links `file` to the repository, from its root.
    place = "" if is_live(file) else f' file="{_escaped(in_repository(file) or file)}" line="{seen.line}"'
    name = _escaped(seen.object or _UNREADABLE)
    opening = f'    <testcase name="{name}" classname="{_escaped(shown_name(file))}"{place} time="0"'
    if not children:
        return f"{opening} />\n"
    return f"{opening}>\n" + "".join(f"      {child}\n" for child in children) + "    </testcase>\n"


def _escaped(text: str) -> str:
    """Escape text for XML. Printable text has no character that XML 1.0 forbids, so only markup needs it."""
    escaped = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace('"', "&quot;")
