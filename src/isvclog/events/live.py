"""Previews of the services of a cluster for two releases of KServe."""

from isvclog.kserve.apis.releases import Release
from isvclog.live.scope import ClusterScope
from isvclog.live.services import UnreadableService
from isvclog.preview.model import Preview, PreviewRequest, preview_service


def preview_releases(
    scope: ClusterScope, releases: tuple[Release, Release], request: PreviewRequest
) -> tuple[Preview, Preview]:
    """Preview the services for each release, with the ConfigMap and the runtimes of the cluster for both.

    What cannot be read is a failure of the first preview only.
    """
    failures, found = [], []
    for item in scope.services():
        if isinstance(item, UnreadableService):
            failures.append(item.reason)
        else:
            found.append((item, scope.facts.installation(item.data)))
    old, new = (
        Preview([preview_service(item, known._replace(release=release), request) for item, known in found], release)
        for release in releases
    )
    return old._replace(failures=failures), new
