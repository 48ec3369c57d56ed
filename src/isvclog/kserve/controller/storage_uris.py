"""The storage URIs that KServe can fetch a model from.

Source: ValidateStorageURI of pkg/controller/v1beta1/inferenceservice/utils/utils.go.
"""

import re

from isvclog.kserve.apis.releases import Release

_WITH_SCHEME = re.compile(r"[0-9A-Za-z_]://")
_AZURE_HOST = "blob.core.windows.net"
_AZURE = re.compile(r"https://(.+?).blob.core.windows.net/(.+)")


def storage_prefixes(release: Release) -> tuple[str, ...]:
    """List the prefixes that KServe's own storage initializer supports."""
    native = ("oci+native://",) if release.has("oci-native-storage") else ()
    return (
        *("gs://", "s3://", "pvc://", "file://", "https://", "http://", "hdfs://", "webhdfs://", "oci://"),
        *native,
        "hf://",
    )


def storage_uri_error(uri: str, release: Release) -> str:
    """Return the controller's error about a storage URI; empty if it is supported.

    A ClusterStorageContainer of the cluster could support others.
    """
    if not _WITH_SCHEME.search(uri):
        return ""  # a path
    supported = storage_prefixes(release)
    fits = bool(_AZURE.search(uri)) if _AZURE_HOST in uri else uri.startswith(supported)
    if fits or (uri.startswith("oci+fetch://") and release.has("oci-fetch-storage")):
        return ""
    return (
        f"StorageURI not supported: storageUri, must be one of: [{', '.join(supported)}] or match "
        "https://{}.blob.core.windows.net/{}/{} or be an absolute or relative local path. "
        f"StorageUri [{uri}] is not supported"
    )
