from collections.abc import Callable

import pytest

from isvclog.findings import Finding, Severity, Span


@pytest.fixture
def finding() -> Callable[..., Finding]:
    """Makes a finding about `metadataAnnotation` in line 3 of a.yaml; any field can be given."""

    def make(**fields: object) -> Finding:
        values = {
            "file": "a.yaml",
            "span": Span(3, 7, 3, 25),
            "severity": Severity.ERROR,
            "rule": "unknown-field",
            "message": "KServe 0.20.0 does not know `metadataAnnotation` and drops it.",
            "remedy": "Write `metadataAnnotations`.",
            "path": ("spec", "predictor", "logger", "metadataAnnotation"),
            "object": "InferenceService/default/fraud",
        }
        return Finding(**(values | fields))  # type: ignore[arg-type]

    return make
