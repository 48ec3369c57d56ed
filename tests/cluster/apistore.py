"""The objects of the stand-in API server: serialised once, with a history for watches."""

import json
import threading
import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Any, NamedTuple

KINDS = {
    "InferenceService": ("serving.kserve.io", "v1beta1", "inferenceservices", True),
    "ServingRuntime": ("serving.kserve.io", "v1alpha1", "servingruntimes", True),
    "ClusterServingRuntime": ("serving.kserve.io", "v1alpha1", "clusterservingruntimes", False),
    "Pod": ("", "v1", "pods", True),
    "ConfigMap": ("", "v1", "configmaps", True),
    "Namespace": ("", "v1", "namespaces", False),
    "Deployment": ("apps", "v1", "deployments", True),
    "Service": ("", "v1", "services", True),
    "ServiceAccount": ("", "v1", "serviceaccounts", True),
    "Broker": ("eventing.knative.dev", "v1", "brokers", True),
    "InferenceGraph": ("serving.kserve.io", "v1alpha1", "inferencegraphs", True),
    "TrustyAIService": ("trustyai.opendatahub.io", "v1alpha1", "trustyaiservices", True),
    "ReplicaSet": ("apps", "v1", "replicasets", True),
    "CustomResourceDefinition": ("apiextensions.k8s.io", "v1", "customresourcedefinitions", False),
}
"""What is served: the group, version and plural of a kind, and whether it is namespaced."""

PLURALS = {(group, version, plural): (kind, namespaced) for kind, (group, version, plural, namespaced) in KINDS.items()}

Labels = dict[str, str]


class Stored(NamedTuple):
    """An object as JSON, and what lists choose by. Its key is namespace (empty if it has none) and name."""

    data: bytes
    labels: Labels
    version: int


class Change(NamedTuple):
    """A line of the history."""

    version: int
    plural: str
    namespace: str
    type: str
    data: bytes
    labels: Labels


class Store:
    """All objects by plural and key. Every change has a resource version of its own."""

    def __init__(self) -> None:
        self.stored: dict[str, dict[tuple[str, str], Stored]] = {entry[2]: {} for entry in KINDS.values()}
        self.malformed: dict[str, list[bytes]] = {}
        self.version = 1000
        self.oldest = 1000
        self.history: list[Change] = []
        self.changed = threading.Condition(threading.RLock())
        self.bookmarks = 0
        self.drops = 0
        self.open = True
        self._keys: dict[str, list[tuple[str, str]]] = {}

    def put(self, change: str, item: dict[str, Any], *, keep: bool = True) -> dict[str, Any]:
        """The object as it is stored, unless `keep` is false: with uid, resource version and generation."""
        plural, namespaced = KINDS[item["kind"]][2:]
        item = json.loads(json.dumps(item))
        metadata = item.setdefault("metadata", {})
        if namespaced:
            metadata.setdefault("namespace", "default")
        key = (metadata.get("namespace", "") if namespaced else "", metadata["name"])
        with self.changed:
            before = self.stored[plural].get(key)
            old = json.loads(before.data) if before else None
            metadata["uid"] = old["metadata"]["uid"] if old else metadata.get("uid") or str(uuid.uuid4())
            metadata["resourceVersion"] = str(self.version + 1)
            generation = old["metadata"].get("generation", 1) if old else 1
            metadata["generation"] = generation + bool(old and old.get("spec") != item.get("spec"))
            if keep:
                self.version += 1
                # What field selectors choose by is kept as if it were a label.
                labels = (metadata.get("labels") or {}) | {"metadata.name": key[1]}
                stored = Stored(json.dumps(item).encode(), labels, self.version)
                self.stored[plural][key] = stored
                if not before:
                    self._keys.pop(plural, None)
                self._record(plural, key[0], change if before else "ADDED", stored)
        return item

    def delete(self, plural: str, namespace: str, name: str) -> None:
        """Delete an object."""
        with self.changed:
            before = self.stored[plural].pop((namespace, name))
            self._keys.pop(plural, None)
            self.version += 1
            item = json.loads(before.data)
            item["metadata"]["resourceVersion"] = str(self.version)
            stored = Stored(json.dumps(item).encode(), before.labels, self.version)
            self._record(plural, namespace, "DELETED", stored)

    def _record(self, plural: str, namespace: str, change: str, stored: Stored) -> None:
        self.history.append(Change(stored.version, plural, namespace, change, stored.data, stored.labels))
        self.changed.notify_all()

    def page(
        self, plural: str, namespace: str, matches: Callable[[Labels], bool], start: tuple[str, str], limit: int
    ) -> tuple[list[bytes], tuple[str, str] | None, int]:
        """Objects from the key `start` on in the order of keys; the key to go on from, and how many are left."""
        with self.changed:
            if plural not in self._keys:
                self._keys[plural] = sorted(self.stored[plural])
            keys, objects = self._keys[plural], self.stored[plural]
            place = bisect_left(keys, max(start, (namespace, "")))
            found: list[bytes] = []
            while place < len(keys) and (not namespace or keys[place][0] == namespace):
                stored = objects[keys[place]]
                if matches(stored.labels):
                    if limit and len(found) == limit:
                        end = bisect_left(keys, (namespace + "\0", "")) if namespace else len(keys)
                        return found, keys[place], end - place
                    found.append(stored.data)
                place += 1
        return found, None, 0

    def since(self, version: int) -> list[Change]:
        """The history after a version."""
        return self.history[bisect_right(self.history, version, key=lambda change: change.version) :]

    def compact(self) -> None:
        """Forget the history: watches can go on from now only."""
        with self.changed:
            self.version += 1
            self.oldest = self.version
            self.history.clear()

    def bookmark(self) -> None:
        """Send a bookmark to every watch that asked for them."""
        with self.changed:
            self.version += 1
            self.bookmarks += 1
            self.changed.notify_all()

    def drop_watches(self) -> None:
        """End every watch in an orderly way, as a server does after its time."""
        with self.changed:
            self.drops += 1
            self.changed.notify_all()

    def close(self) -> None:
        """End every watch for good."""
        with self.changed:
            self.open = False
            self.changed.notify_all()
