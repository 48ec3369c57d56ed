"""A service in a cluster that is followed by a watch, and the ConfigMap of KServe, which its agent depends on, too."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

from isvclog.cluster import CONFIG_MAPS, INFERENCE_SERVICES, SYNCED, ClusterError, Resource, WatchEvent, list_watch
from isvclog.filenames import live_name
from isvclog.kserve.apis.constants import CONFIGMAP
from isvclog.kserve.apis.installation import Installation, read_config
from isvclog.kserve.prediction import Prediction
from isvclog.live import read_facts
from isvclog.live.reader import Notify
from isvclog.live.scope import ClusterScope
from isvclog.manifest import Object, live_object
from isvclog.records import NamedTuple
from isvclog.sidecar.following.updates import UpdateControl, update_of


class Followed(NamedTuple):
    """A service to follow: its cluster, the service as it was read, and how its sidecar is predicted."""

    scope: ClusterScope
    item: Object
    predict: Callable[[Object, Installation], Prediction]


async def follow_service(followed: Followed, control: UpdateControl, notify: Notify) -> None:
    """Apply each change of a service, without end; the parameters are those of ServiceWatch."""
    watch = ServiceWatch(followed, control, notify)
    watch.start()
    try:
        await asyncio.Event().wait()
    finally:
        watch.stop()


class ServiceWatch:
    """Follows one service in threads that end with the process; the scope stays open until then.

    `control` is called in the thread of the running loop. `notify` takes sentences about facts that cannot be read.
    """

    def __init__(self, followed: Followed, control: UpdateControl, notify: Notify) -> None:
        self._scope, self._item, self._predict = followed
        self._control, self._notify = control, notify
        self._facts = self._scope.facts
        self._lock = threading.Lock()
        self._loop = asyncio.get_running_loop()
        self._failing: set[Resource] = set()
        self._is_stopped = False

    def start(self) -> None:
        """Start to follow."""
        is_given = self._scope.settings.overrides.config is not None
        for resource in (INFERENCE_SERVICES,) if is_given else (INFERENCE_SERVICES, CONFIG_MAPS):
            threading.Thread(target=self._watch, args=(resource,), daemon=True).start()

    def stop(self) -> None:
        """Apply and report nothing more."""
        self._is_stopped = True

    def _watch(self, resource: Resource) -> None:
        is_service = resource is INFERENCE_SERVICES
        namespace = self._item.namespace if is_service else self._scope.settings.overrides.namespace
        name = self._item.name if is_service else CONFIGMAP

        def on_error(error: ClusterError) -> None:
            self._failing.add(resource)
            self._call(self._control.tell_once, f"the cluster cannot be watched, and is asked again: {error}")

        def on_open() -> None:
            if resource in self._failing:
                self._failing.discard(resource)
                self._call(self._control.tell_once, "the cluster is watched again.")

        try:
            for event in list_watch(
                self._scope.cluster, resource, namespace, on_error=on_error, on_open=on_open, name=name
            ):
                if event.type not in (SYNCED, "BOOKMARK"):
                    self._take(resource, event)
        except ClusterError as error:
            if is_service:
                self._call(self._control.tell_once, f"the service is not followed any more: {error}")

    def _take(self, resource: Resource, event: WatchEvent) -> None:
        """Take an event. A deleted ConfigMap stays in use with its last content, as in `audit --watch`."""
        with self._lock:
            if event.type == "DELETED":
                if resource is INFERENCE_SERVICES:
                    self._call(self._control.refuse, "the service was deleted")
                return
            self._call(self._control.apply, update_of(lambda: self._predicted(resource, event)))

    def _predicted(self, resource: Resource, event: WatchEvent) -> Prediction:
        if resource is INFERENCE_SERVICES:
            self._item = live_object(live_name(self._item.namespace, self._item.name), event.object)
        else:
            self._read_config(event)
        return self._predict(self._item, self._facts.installation(self._item.data))

    def _read_config(self, event: WatchEvent) -> None:
        config = read_config(event.object)
        if config != self._facts.config:
            overrides = self._scope.settings.overrides._replace(config=config)
            self._facts = read_facts(self._scope.cluster, overrides, self._notify)

    def _call(self, function: Callable[..., None], argument: object) -> None:
        """Call a function in the thread of the loop, unless that has ended."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._call_in_loop, function, argument)

    def _call_in_loop(self, function: Callable[..., None], argument: object) -> None:
        if not self._is_stopped:
            function(argument)
