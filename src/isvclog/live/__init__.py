"""The facts that a cluster reports about its KServe installation, each with its source, and its services.

If something may not be read or does not exist, one line is printed and a value is assumed; the run continues. The only
ClusterErrors that are raised from here are those of servers that cannot be reached or that reject the login.
"""

from isvclog.live.facts import Facts, Overrides, read_facts
from isvclog.live.services import UnreadableService, find_service, find_services

__all__ = ["Facts", "Overrides", "UnreadableService", "find_service", "find_services", "read_facts"]
