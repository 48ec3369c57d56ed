"""The source of a simulated agent: its own arguments, a manifest, or a service of a cluster; and how it is followed."""

import os
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from isvclog.cli.commands.simulate.options import AgentOptions
from isvclog.cli.options.cluster import ClusterOptions
from isvclog.cli.options.files import only_name, split_arguments
from isvclog.cli.options.installation import InstallationOptions
from isvclog.cli.terminal.messages import note
from isvclog.errors import UsageError
from isvclog.preview.model import Preview, PreviewRequest, preview_files
from isvclog.records import NamedTuple
from isvclog.sidecar.simulation.agent import (
    SimulatedAgent,
    agent_of_component,
    agent_with_arguments,
    default_environment,
)

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from isvclog.config import Config
    from isvclog.kserve.apis.installation import Installation
    from isvclog.live.scope import ClusterScope
    from isvclog.manifest import Object
    from isvclog.sidecar.following.updates import UpdateControl
    from isvclog.sidecar.simulation.followed import FollowedAgent

Follow = Callable[["UpdateControl"], Coroutine[Any, Any, None]]


class AgentSource(NamedTuple):
    """An agent to simulate, and what follows its service; None if nothing does."""

    agent: SimulatedAgent
    follow: Follow | None = None


class SourceOptions(NamedTuple):
    """The options that choose an agent."""

    arguments: Sequence[str]
    filenames: Sequence[str]
    agent: AgentOptions
    installation: InstallationOptions
    project: "Config"
    cluster: ClusterOptions
    redact: bool

    @contextmanager
    def open(self) -> Iterator[AgentSource]:
        """Read the agent; what follows it works until the end. Raises UsageError for a mixture, and IsvclogError."""
        if self.arguments and self.arguments[0].startswith("-") and self.arguments[0] != "-":
            yield AgentSource(self._with_arguments())
            return
        files, names = split_arguments(self.arguments, self.filenames)
        name = only_name(names, "simulate")
        if files:
            yield self._replace(filenames=files)._of_files(name)
        elif name is not None:
            with self._of_cluster(name) as source:
                yield source
        else:
            raise UsageError(
                "simulate needs the NAME of a service in the cluster, a manifest (isvclog simulate FILE.yaml), or the "
                "arguments of an agent (isvclog simulate -- --log-url URL)."
            )

    def _with_arguments(self) -> SimulatedAgent:
        if self.filenames or self.agent.component:
            raise UsageError("arguments of an agent (after --) exclude -f and --component; leave one of them out.")
        if self.agent.watch:
            raise UsageError(
                "--watch follows a manifest or a service, and arguments of an agent (after --) do not change; leave "
                "one of them out."
            )
        self.cluster.refuse("leave it out with arguments of an agent")
        environment = self.agent.change(default_environment(os.environ))
        return agent_with_arguments(self.arguments, environment, self._known())

    def _of_files(self, name: str | None) -> AgentSource:
        from isvclog.cli.options.files import read_stdin_once

        self.cluster.refuse("leave it out with files, or leave out the files and name a service of the cluster")
        paths = [*self.filenames, *filter(None, self.installation.files)]
        if self.agent.watch and "-" in paths:
            raise UsageError("--watch cannot follow standard input (-); write it to a file, and name that.")
        read_stdin_once(*paths)
        agent = self._choose(preview_files(self.filenames, name, self._known(), self._request))
        if not self.agent.watch:
            return AgentSource(agent)

        async def follow(control: "UpdateControl") -> None:
            from isvclog.sidecar.following.file_watch import follow_files

            followed, service = self._followed(agent), _name_of(agent)
            await follow_files(
                paths,
                lambda: followed.predict_files(self.filenames, service, self._known),
                control,
            )

        return AgentSource(agent, follow)

    @contextmanager
    def _of_cluster(self, name: str) -> Iterator[AgentSource]:
        from isvclog.cli.commands.preview import preview_found
        from isvclog.cli.options.files import read_stdin_once

        read_stdin_once(*self.installation.files)
        with self._open_service(name) as (scope, item):
            agent = self._choose(preview_found(scope, item, self._request))
            if not self.agent.watch:
                yield AgentSource(agent)
                return

            async def follow(control: "UpdateControl") -> None:
                from isvclog.sidecar.following.service_watch import Followed, follow_service

                await follow_service(Followed(scope, item, self._followed(agent).predict), control, note)

            yield AgentSource(agent, follow)

    def _open_service(self, name: str) -> "AbstractContextManager[tuple[ClusterScope, Object]]":
        from isvclog.cli.options.scope import open_service

        return open_service(name, self.cluster, self.installation, self.installation.read(), self.project)

    def _known(self) -> "Installation":
        return self.installation.read(self.project)

    @property
    def _request(self) -> PreviewRequest:
        return PreviewRequest(component=self.agent.component, new_id=lambda: "sample")

    def _choose(self, preview: Preview) -> SimulatedAgent:
        return agent_of_component(preview.about(self.agent.component), self.agent.change)

    def _followed(self, agent: SimulatedAgent) -> "FollowedAgent":
        from isvclog.sidecar.simulation.followed import FollowedAgent

        return FollowedAgent(agent.component, self.agent.change, self.redact)


def _name_of(agent: SimulatedAgent) -> str | None:
    """Return the name that the service of an agent has in its files; None if the API server would give it one."""
    metadata = agent.data["metadata"]
    return "/".join(filter(None, (metadata.get("namespace"), metadata.get("name")))) if metadata.get("name") else None
