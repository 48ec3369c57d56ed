"""An audit as objects of the API that OpenReports replaces, `wgpolicyk8s.io/v1alpha2`: a PolicyReport for each service.

Clusters with an older Kyverno or an older Policy Reporter have this API.
"""

from collections.abc import Iterator

from isvclog.audit.model import Audit
from isvclog.report.audit.reports import report_list
from isvclog.report.formats import FormatSettings


def write(audit: Audit, settings: FormatSettings) -> Iterator[str]:
    """Yield a Kubernetes List in JSON, with one PolicyReport per line."""
    yield from report_list(audit, settings, {"apiVersion": "wgpolicyk8s.io/v1alpha2", "kind": "PolicyReport"})
