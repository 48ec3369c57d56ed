"""The progress of a service's rollout, as reported in its status."""

from collections.abc import Mapping
from typing import Any

from isvclog.keypath import mapping_at, mappings_at, string_at, value_at
from isvclog.records import NamedTuple


class Rollout(NamedTuple):
    """The progress of one component's rollout.

    `created` and `ready` name the newest revision and the newest that became ready, if known. `traffic` is the share of
    each revision in percent, None if the status does not report it. `canary` is `canaryTrafficPercent`, and
    `rolled_out` the revision that was the last to get all traffic. `unready` is True if the status reports that the
    service is not ready.
    """

    created: str = ""
    ready: str = ""
    traffic: Mapping[str, int] | None = None
    canary: int | None = None
    unready: bool = False
    rolled_out: str = ""

    def is_serving_old(self, revision: str) -> bool:
        """Check whether an older revision keeps its traffic by design: the newest one could take it."""
        if not self.created or revision in ("", self.created):
            return False
        shared = (self.traffic or {}).get(revision, 0) > 0
        held_back = self.canary is not None and self.canary < 100
        return shared and (held_back or self.ready == self.created)

    def is_retired(self, revision: str) -> bool:
        """Check whether an older revision has no traffic any more; False if the traffic is unknown."""
        if self.traffic is None or not self.created or revision in ("", self.created):
            return False
        return self.traffic.get(revision, 0) == 0

    def outlives_change(self, revision: str) -> bool:
        """Check whether the pods of a revision stay, or are ended already, when the next change makes a new revision.

        With `canaryTrafficPercent` below 100, the revision that was rolled out last keeps the rest of the traffic
        (ksvc_reconciler.go, createKnativeService).
        """
        held_back = self.canary is not None and self.canary < 100
        stays = held_back and revision != "" and revision == self.rolled_out
        return stays or self.is_serving_old(revision) or self.is_retired(revision)


def read_rollout(data: Mapping[str, Any], component: str) -> Rollout:
    """Read one component's rollout from an InferenceService; malformed parts of its status count as missing."""
    status = mapping_at(data, ("status", "components", component))
    percent = value_at(data, ("spec", component, "canaryTrafficPercent"))
    listed = status.get("traffic")
    return Rollout(
        created=string_at(status, ("latestCreatedRevision",)),
        ready=string_at(status, ("latestReadyRevision",)),
        traffic=_shares(listed) if isinstance(listed, list) else None,
        canary=percent if type(percent) is int else None,
        unready=is_unready(data),
        rolled_out=string_at(status, ("latestRolledoutRevision",)),
    )


def is_unready(data: Mapping[str, Any]) -> bool:
    """Check whether the status reports that the service is not ready; False if it reports nothing about it."""
    conditions = mappings_at(data, ("status", "conditions"))
    return any(item.get("type") == "Ready" and item.get("status") != "True" for item in conditions)


def _shares(traffic: list[Any]) -> dict[str, int]:
    shares: dict[str, int] = {}
    for target in traffic:
        if isinstance(target, dict) and type(target.get("percent")) is int:
            name = string_at(target, ("revisionName",))
            shares[name] = shares.get(name, 0) + target["percent"]
    return shares
