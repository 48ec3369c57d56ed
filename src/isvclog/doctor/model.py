"""The result of a check of the surroundings. Nothing in it is secret."""

from isvclog.errors import IsvclogError, UsageError
from isvclog.records import NamedTuple


class Package(NamedTuple):
    """A package that isvclog needs, or that its `extra` needs. `version` is empty if it is not installed."""

    name: str
    version: str
    extra: str = ""


class Program(NamedTuple):
    """A program that isvclog can run. `version` is empty if it is not installed, or does not tell."""

    name: str
    is_installed: bool
    version: str = ""


class Permission(NamedTuple):
    """A request that isvclog may send, and what it is for.

    An empty `namespace` means all, and an empty `name` any object. `is_allowed` is None if the server does not say.
    """

    verb: str
    resource: str
    namespace: str
    name: str
    purpose: str
    is_allowed: bool | None


class KServeFound(NamedTuple):
    """The release of KServe and its origin, which is empty if the cluster does not report it, and it is assumed."""

    release: str
    origin: str


class ClusterCheck(NamedTuple):
    """The cluster that kubectl would choose. Without a kubeconfig and a pod, `context` is empty, as is the rest.

    `files` are the kubeconfigs that were read. `error` is the sentence of what failed, else empty. `kserve` is None if
    the cluster has no KServe or was not asked; `notes` are sentences about what could not be read.
    """

    files: tuple[str, ...] = ()
    context: str = ""
    namespace: str = ""
    login: str = ""
    error: str = ""
    was_asked: bool = False
    kserve: KServeFound | None = None
    permissions: tuple[Permission, ...] = ()
    notes: tuple[str, ...] = ()


class Checkup(NamedTuple):
    """The surroundings. `project` is the project file, empty if there is none, and `project_error` is its mistake."""

    version: str
    python: str
    platform: str
    packages: tuple[Package, ...]
    programs: tuple[Program, ...]
    project: str
    project_error: str
    cluster: ClusterCheck

    @property
    def exit_code(self) -> int:
        """0 if everything works that was asked, else the code of the error."""
        if self.cluster.error:
            return IsvclogError.exit_code
        return UsageError.exit_code if self.project_error else 0
