"""The storage URIs that KServe can fetch a model from.

Source: ValidateStorageURI of pkg/controller/v1beta1/inferenceservice/utils/utils.go.
"""

from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.storage_containers import UriFormat
from isvclog.patterns import late_pattern

_WITH_SCHEME = late_pattern(r"[0-9A-Za-z_]://")
_AZURE_HOST = "blob.core.windows.net"
_AZURE = late_pattern(r"https://(.+?).blob.core.windows.net/(.+)")


def storage_prefixes(release: Release) -> tuple[str, ...]:
    """List the prefixes that KServe's own storage initializer supports."""
    native = ("oci+native://",) if release.has("oci-native-storage") else ()
    return (
        *("gs://", "s3://", "pvc://", "file://", "https://", "http://", "hdfs://", "webhdfs://", "oci://"),
        *native,
        "hf://",
    )


def storage_uri_error(uri: str, release: Release, formats: tuple[UriFormat, ...] | None = ()) -> str:
    """Return the controller's error about a storage URI; empty if it is supported, or if this is not known.

    `formats` are those that ClusterStorageContainers of the cluster support, None if they are unknown.
    """
    if not _WITH_SCHEME.search(uri):
        return ""  # a path
    if formats is None or any(item.may_fit(uri) for item in formats):
        return ""
    supported = storage_prefixes(release)
    fits = bool(_AZURE.search(uri)) if _AZURE_HOST in uri else uri.startswith(supported)
    if fits or (uri.startswith("oci+fetch://") and release.has("oci-fetch-storage")):
        return ""
    return (
        f"StorageURI not supported: storageUri, must be one of: [{', '.join(supported)}] or match "
        "https://{}.blob.core.windows.net/{}/{} or be an absolute or relative local path. "
        f"StorageUri [{uri}] is not supported"
    )
