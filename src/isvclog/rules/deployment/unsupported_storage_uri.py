"""A `storageUri` that KServe does not know how to fetch.

KServe's storage initializer fetches models from the schemes that it knows, in lower case, and treats what has no scheme
as a path. For any other URI KServe deploys nothing ("StorageURI not supported"), unless the cluster has a
ClusterStorageContainer that supports it. `storageUri` beside `storage.path` is an error, too.

Instead: Write the URI with a scheme that KServe knows, such as `s3://`, `gs://`, `pvc://`, `hf://`, `oci://` or
`https://`.

    # before
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
          storageUri: ftp://models.example.com/iris

    # after
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
          storageUri: https://models.example.com/iris
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.kserve.apis.constants import STORAGE_URI_VARIABLE
from isvclog.kserve.controller.deployment import Obstacle
from isvclog.kserve.controller.storage_uris import storage_prefixes
from isvclog.rules.containers import model_path
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule


@rule("unsupported-storage-uri", Severity.WARNING, since="measured-deployment")
def unsupported_storage_uri(context: LintContext) -> Iterator[Issue]:
    for component in context.deployed_for_loggers:
        if found := component.obstacles.get(Obstacle.STORAGE):
            yield _issue(component, found.error)


def _issue(component: LoggerContext, error: str) -> Issue:
    if "only one of" in error:
        message = "KServe deploys nothing, because the model has both `storageUri` and `storage.path`."
        path = (*model_path(component), "storageUri")
        return Issue(path, message, "Leave out one of them.", severity=Severity.ERROR, at_key=True)
    message = "KServe deploys nothing, because it does not know this kind of storage URI, unless the cluster has a "
    message += "ClusterStorageContainer for it."
    prefixes = ", ".join(f"`{prefix}`" for prefix in storage_prefixes(component.context.release))
    paths = (*model_path(component), "storageUri"), (*component.path, "art", "storageUri")
    written = next((path for path in paths if component.context.value(path) is not None), None)
    if written is None:
        return Issue((*component.path, "containers"), f"{message[:-1]} ({STORAGE_URI_VARIABLE}).", f"Use {prefixes}.")
    return Issue(written, message, f"Use {prefixes}.")
