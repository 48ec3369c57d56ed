"""Audit rows, one for each component of a service: what is declared, what is predicted, and what runs."""

from isvclog.audit.model import Audit, Failure, Row
from isvclog.audit.pods import Pods
from isvclog.audit.rows import RowSettings, service_rows

__all__ = ["Audit", "Failure", "Pods", "Row", "RowSettings", "service_rows"]
