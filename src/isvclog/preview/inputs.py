"""The contents of manifests: services to preview, and facts about the installation."""

from collections.abc import Iterable, Mapping, Sequence

from isvclog.errors import IsvclogError, UsageError
from isvclog.findings import Finding
from isvclog.kserve.apis.admission import is_service
from isvclog.kserve.apis.constants import LEGACY_MODES
from isvclog.kserve.apis.distributions import origin_of
from isvclog.kserve.apis.installation import SHIPPED, ConfigError, Installation, is_config, read_config
from isvclog.kserve.apis.kinds import SERVICE
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.runtimes import Runtime, is_runtime, read_runtime
from isvclog.kserve.apis.storage_containers import UriFormat, is_storage_container, read_uri_formats
from isvclog.manifest import Object, Source, find_files, load, read_file
from isvclog.manifest.kustomize.finder import OverlayFinder

PREVIEW_KEYWORDS = (b"InferenceService", b"inferenceservice-config", b"ServingRuntime", b"ClusterStorageContainer")
"""Only documents with one of these words are read: they have a service, or describe the installation."""

SHIPPED_RUNTIMES = "shipped"
"""The name that stands for the runtimes that KServe ships, in place of a file."""


class PreviewInputs:
    """The contents of manifests, collected for a preview.

    These are the services to preview, the files that are patches with the folders of their kustomizations, facts about
    the installation, and a sentence about each file and each document that could not be read.
    """

    def __init__(self, places: Sequence[str] = ()) -> None:
        self.services: list[Object] = []
        self.patches: dict[str, str] = {}
        self._overlays = OverlayFinder(SERVICE, places)
        self.config: Mapping[str, str] | None = None
        self.runtimes: list[Runtime] = []
        self.uri_formats: list[UriFormat] = []
        self._unread: list[str] = []
        self._unparsed: list[str] = []

    @property
    def failures(self) -> list[str]:
        """The sentences about files that could not be read, then those about documents."""
        return self._unread + self._unparsed

    def read(self, file: str) -> None:
        """Add the content of a file. Raise ConfigError for an invalid ConfigMap."""
        try:
            self.add(load(read_file(file, PREVIEW_KEYWORDS), PREVIEW_KEYWORDS))
        except IsvclogError as error:
            self._unread.append(str(error))

    def add(self, items: Iterable[Object | Finding]) -> None:
        """Sort the items into services, facts about the installation, and documents that could not be read."""
        for item in items:
            if isinstance(item, Finding):
                self._unparsed.append(item.sentence)
            elif problem := _python_object(item):
                self._unparsed.append(problem)
            elif is_service(item.data):
                self._add_service(item)
            elif is_config(item.data):
                self.config = read_config(item.data)
            elif is_runtime(item.data):
                self.runtimes.append(read_runtime(item.data))
            elif is_storage_container(item.data):
                self.uri_formats += read_uri_formats(item.data)

    def _add_service(self, item: Object) -> None:
        if folder := self._overlays.patching_folder(item.file):
            self.patches[item.file] = folder
        else:
            self.services.append(item)

    def choose(self, name: str | None) -> list[Object]:
        """Select the services called `name` or `namespace/name`, or all if `name` is None.

        Raise UsageError, with the names that exist, if there is no such service.
        """
        if name is None:
            return self.services
        if chosen := self.named(name):
            return chosen
        names = {"/".join(filter(None, (item.namespace, item.name))) for item in self.services}
        known = ", ".join(sorted(names) or ["none"])
        hint = f" To read a file or folder, write ./{name}." if "/" in name or "." in name else ""
        raise UsageError(f"there is no InferenceService {name!r} in the given files; they have: {known}.{hint}")

    def named(self, name: str) -> list[Object]:
        """List the services called `name` or `namespace/name`."""
        return [item for item in self.services if name in (item.name, f"{item.namespace}/{item.name}")]

    def installation(self, known: Installation) -> Installation:
        """Add the facts from the manifests to an installation.

        A ConfigMap from the manifests replaces only the default one or that of a distribution. Runtimes that the
        installation already has come first.
        """
        replaces = self.config is not None and origin_of(known.config) != "given"
        config = self.config if self.config is not None and replaces else known.config
        formats = (*(known.uri_formats or ()), *self.uri_formats)
        return known._replace(config=config, runtimes=(*known.runtimes, *self.runtimes), uri_formats=formats)


def _python_object(item: Object) -> str:
    """Say that an InferenceService is an object of the Python SDK instead of a manifest; empty if it is one."""
    if "_" not in item.source.text:  # as in the names of such an object
        return ""
    from isvclog.rules.rule import locate
    from isvclog.validate.python_objects import is_dumped, python_object

    if item.kind != "InferenceService" and not is_dumped(item.data):
        return ""
    found = python_object(item)
    return locate(item, *found).sentence if found else ""


def read_inputs(paths: Sequence[str]) -> PreviewInputs:
    """Read all files, so that one bad file does not hide the rest. Raise IsvclogError for an invalid ConfigMap."""
    inputs = PreviewInputs(paths)
    for file in find_files(paths):
        try:
            inputs.read(file)
        except ConfigError as error:
            raise IsvclogError(f"{file}: {error}.") from None
    return inputs


def inputs_of(source: Source) -> PreviewInputs:
    """Collect what is in a text that is in memory. Raise IsvclogError for an invalid ConfigMap."""
    inputs = PreviewInputs()
    try:
        inputs.add(load(source, PREVIEW_KEYWORDS))
    except ConfigError as error:
        raise IsvclogError(f"{source.name}: {error}.") from None
    return inputs


def read_installation(
    release: Release,
    mode: str | None,
    config: str | None = None,
    runtimes: Sequence[str] = (),
    assumed: Mapping[str, str] = SHIPPED,
) -> Installation:
    """Build an installation of a release from a file with the ConfigMap, and files with runtimes.

    The word `shipped` among the runtimes stands for those that KServe ships. With any runtimes, those are all that
    services can get. `mode` is the deployment mode for all services, None for that of each one. `assumed` is the
    ConfigMap where no file has one. Raise IsvclogError for a file that cannot be read, or that does not contain what it
    was given for.
    """
    known = base_installation(release, mode, runtimes, assumed)
    runtimes = [file for file in runtimes if file != SHIPPED_RUNTIMES]
    files = [*([config] if config else []), *runtimes]
    if not files:
        return known
    inputs = read_inputs(files)
    if inputs.failures:
        raise IsvclogError(inputs.failures[0])
    _check_found(inputs, config, runtimes)
    return inputs.installation(known)


def base_installation(
    release: Release, mode: str | None, runtimes: Sequence[str] = (), assumed: Mapping[str, str] = SHIPPED
) -> Installation:
    """Build what is known without reading a file; the parameters are those of `read_installation`."""
    known = Installation(release, assumed, LEGACY_MODES.get(mode or "", mode))
    return known._replace(runtimes=_shipped(runtimes), all_runtimes=bool(runtimes))


def _check_found(inputs: PreviewInputs, config: str | None, runtimes: Sequence[str]) -> None:
    """Raise IsvclogError if the files do not have what they were given for."""
    if config and inputs.config is None:
        raise IsvclogError(f"{config} has no ConfigMap called inferenceservice-config; name the file that has it.")
    if runtimes and not inputs.runtimes:
        raise IsvclogError(
            f"{', '.join(runtimes)}: no ServingRuntime or ClusterServingRuntime found; name the file that has one."
        )


def _shipped(runtimes: Sequence[str]) -> tuple[Runtime, ...]:
    """Load the runtimes that KServe ships, if their name is among the given ones."""
    if SHIPPED_RUNTIMES not in runtimes:
        return ()
    from isvclog.kserve.apis.shipped import shipped_runtimes

    return shipped_runtimes()
