"""A run with everything that a report has to cope with, and how to print it in any format."""

from isvclog.changes import Replace
from isvclog.findings import Edit, Finding, Fix, Severity, Span
from isvclog.lint.results import CheckedObject, FileResult, RunResult
from isvclog.redact.gate import SecretRedaction
from isvclog.report.formats import FormatSettings, findings_format
from isvclog.rules.catalogue import Description, Range

FRAUD = "InferenceService/risk/fraud"
SECRET = "hunter2"
HEADER = ("spec", "predictor", "logger", "metadataHeaders", 0)
LOGGED = b"""\
metadata:
  annotations:
    example.com/tenant: hunter2
spec:
  predictor:
    logger:
      metadataHeaders: [x-request-id]
"""
HOSTILE = 'a,b:c%0A::error::\n::add-mask::*\r##[group]\x1b[31m]]>&<x y="1">\u2028\u202e\x85\udcff\ufffe'

FINDINGS = (
    Finding(
        "k8s/fraud.yaml",
        Span(3, 25, 3, 32),
        Severity.WARNING,
        "non-string-annotation",
        "The API server refuses the service: the value is no text.",
        "Quote the value.",
        ("metadata", "annotations", "example.com/tenant"),
        FRAUD,
        fix=Fix(
            "Put the value in quotes.",
            (Replace(("metadata", "annotations", "example.com/tenant"), SECRET),),
            safe=False,
            edits=(Edit(Span(3, 25, 3, 32), f'"{SECRET}"'),),
        ),
    ),
    Finding(
        "k8s/fraud.yaml",
        Span(7, 25, 7, 37),
        Severity.ERROR,
        "non-canonical-header",
        "`x-request-id` never matches a header.",
        "Write `X-Request-Id`.",
        HEADER,
        FRAUD,
        fix=Fix(
            "Write `X-Request-Id`.",
            (Replace(HEADER, "X-Request-Id"),),
            edits=(Edit(Span(7, 25, 7, 37), "X-Request-Id"),),
        ),
        fingerprint="0a1b2c3d",
    ),
)

RESULTS = (
    FileResult(
        "k8s/fraud.yaml",
        FINDINGS,
        2,
        LOGGED,
        "",
        (CheckedObject(FRAUD), CheckedObject("InferenceService/risk/clean", 2, 9)),
        redaction=SecretRedaction([{"password": SECRET}]),
    ),
    FileResult(
        f"k8s/{HOSTILE}.yaml",
        [
            Finding(
                f"k8s/{HOSTILE}.yaml",
                Span(1, 1, 2, 4),
                Severity.INFO,
                "overwritten-logger",
                f"An operator replaces the logger of [{HOSTILE}](https://example.com).",
                HOSTILE,
                ("spec", HOSTILE),
                HOSTILE,
                3,
            )
        ],
        1,
        b"kind: \x1b[31m\n",
        "",
        (CheckedObject(HOSTILE, 3, 1),),
    ),
    FileResult(
        "<stdin>",
        [Finding("<stdin>", Span(2, 1, 2, 1), Severity.ERROR, "unparsable-manifest", "kubectl cannot read it.")],
        data=b"a\nb: '\n",
        objects=(CheckedObject("", 1, 2),),
    ),
    FileResult(
        "/elsewhere/b c.yaml",
        [FINDINGS[1]._replace(file="/elsewhere/b c.yaml", fix=None)],
        1,
        b"",
        "",
        (CheckedObject(FRAUD),),
    ),
    FileResult("none.yaml", failure="There is no file or folder none.yaml; check the path."),
)


def describe(rule: str) -> Description | None:
    """What is known about two of the rules."""
    known = {
        "non-canonical-header": Description(
            "non-canonical-header",
            Severity.ERROR,
            "headers",
            Range("", "", "all"),
            "safe",
            None,
            "A header name that never matches.",
            ("Go spells headers `Like-This`.", "The agent compares them exactly."),
            "Write the name as Go does.",
        ),
        "overwritten-logger": Description(
            "overwritten-logger",
            Severity.INFO,
            "policy",
            Range("", "", "all"),
            "",
            7.0,
            "Data goes elsewhere.",
            (),
            "Ask the operator.",
        ),
    }
    return known.get(rule)


def rendered(name: str, *results: FileResult, **settings: object) -> str:
    """A report of the results in the format of that name."""
    chosen = FormatSettings(**{"describe": describe, **settings})  # type: ignore[arg-type]
    return "".join(findings_format(name)(RunResult(results), chosen))
