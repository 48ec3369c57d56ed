"""What a cluster says: the facts about its KServe installation, each with where it is from, and its services.

Whatever may not be read, or is not there, costs one line and an assumption, never the run. Of ClusterErrors only those
of servers that cannot be reached or entered get out of here.
"""

from isvclog.live.facts import Facts, Overrides, read_facts
from isvclog.live.services import UnreadableService, find_service, find_services

__all__ = ["Facts", "Overrides", "UnreadableService", "find_service", "find_services", "read_facts"]
