"""Options about the installation of KServe: its release, and what is configured in the cluster."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from isvclog.cli.options.common import KServeVersion, find_chosen_release
from isvclog.errors import UsageError
from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from isvclog.config import Config
    from isvclog.kserve.apis.installation import Installation
    from isvclog.kserve.apis.releases import Release


class InstallationOptions(NamedTuple):
    """The options about an installation of KServe."""

    kserve_version: KServeVersion = None
    deployment_mode: Annotated[
        Literal["Knative", "Standard", "ModelMesh", "Serverless", "RawDeployment"] | None,
        typer.Option(help="Assume this mode, whatever the manifest and the ConfigMap say."),
    ] = None
    inferenceservice_config: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A file with the ConfigMap inferenceservice-config of the cluster."),
    ] = None
    serving_runtime: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="A file with a ServingRuntime or ClusterServingRuntime, or `shipped` for KServe's own; repeatable.",
        ),
    ] = None
    distribution: Annotated[
        Literal["odh", "rhoai"] | None,
        typer.Option(help="Assume the ConfigMap of Open Data Hub or of OpenShift AI instead of KServe's own."),
    ] = None

    @property
    def files(self) -> list[str | None]:
        """The files to read."""
        return [self.inferenceservice_config, *(file for file in self.serving_runtime or () if file != "shipped")]

    def check_live(self) -> None:
        """Raise UsageError for an option that says what a cluster says itself."""
        if self.distribution:
            raise UsageError(
                "--distribution is for manifests; leave it out, because isvclog reads the ConfigMap of the cluster."
            )

    def read(self, project: "Config | None" = None) -> "Installation":
        """Read the facts about the installation.

        What no option says is that of the project file. A cluster says it itself: then `project` is None.

        Raises UsageError for an unknown release, and IsvclogError for a file without what it was given for.
        """
        from isvclog.config import Config
        from isvclog.kserve.apis.distributions import assumed_config
        from isvclog.preview.inputs import SHIPPED_RUNTIMES, read_installation

        agreed = project or Config()
        release = find_chosen_release(self.kserve_version or agreed.kserve_version)
        chosen = self.serving_runtime or agreed.serving_runtimes
        if SHIPPED_RUNTIMES in chosen:
            _check_shipped(release)
        assumed = assumed_config(self.distribution or agreed.distribution)
        config = self.inferenceservice_config or (None if self.distribution else agreed.inferenceservice_config)
        return read_installation(release, self.deployment_mode, config, chosen, assumed)


def _check_shipped(release: "Release") -> None:
    """Note that an older release ships other runtimes than those that isvclog has."""
    from isvclog.cli.terminal.messages import note
    from isvclog.kserve.apis.releases import NEWEST
    from isvclog.kserve.apis.shipped import SHIPPED_RELEASE

    if str(release) != SHIPPED_RELEASE and release < NEWEST:
        note(f"`shipped` means the runtimes of KServe {SHIPPED_RELEASE}: {release} may have fewer.")
