"""An audit as objects of OpenReports, `openreports.io/v1alpha1`: a Report for each InferenceService."""

from collections.abc import Iterator

from isvclog.audit.model import Audit
from isvclog.report.audit.reports import SOURCE, report_list
from isvclog.report.formats import FormatSettings


def write(audit: Audit, settings: FormatSettings) -> Iterator[str]:
    """Yield a Kubernetes List in JSON, with one Report per line."""
    yield from report_list(audit, settings, {"apiVersion": "openreports.io/v1alpha1", "kind": "Report"}, SOURCE)
