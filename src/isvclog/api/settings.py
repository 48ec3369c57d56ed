"""The settings that `check` and `predict` share: what is known about the installation, and the project file."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, get_args

from isvclog.api.inputs import each_manifest, given_text
from isvclog.api.results import DeploymentMode
from isvclog.config import Config
from isvclog.config.load import parse_config
from isvclog.errors import InputError, IsvclogError, UsageError
from isvclog.kserve.apis.distributions import DISTRIBUTIONS, assumed_config
from isvclog.kserve.apis.installation import ConfigError, Installation
from isvclog.kserve.apis.releases import NEWEST, find_release
from isvclog.manifest import Source, load
from isvclog.preview.inputs import PREVIEW_KEYWORDS, SHIPPED_RUNTIMES, PreviewInputs, base_installation
from isvclog.records import NamedTuple
from isvclog.redact.gate import redaction_for
from isvclog.redact.words import vocabulary_in_force
from isvclog.rules.registry import all_rules

_TURN = RLock()
"""Held while something is read and masked: the words of a project file count for the whole process."""


class Settings(NamedTuple):
    """The parameters of `check` and `predict` with the same names."""

    kserve_version: str | None
    deployment_mode: str | None
    serving_runtimes: Iterable[Any]
    inferenceservice_config: Any
    distribution: str | None
    project: Any
    reveal: bool

    @contextmanager
    def reading(self) -> Iterator[tuple[Config, Installation]]:
        """Take a turn; inside, the words of the project file count.

        Yields the project file and what is known about the installation. Raises UsageError and IsvclogError; these and
        the errors of the block are masked as findings are.
        """
        with _TURN:
            try:
                config = _project(self.project)
                with vocabulary_in_force(config.policy.vocabulary):
                    yield config, self._installation(config)
            except IsvclogError as error:
                raise type(error)(redaction_for(self.reveal).sentence(str(error))) from None

    def _installation(self, config: Config) -> Installation:
        version = self.kserve_version or config.kserve_version
        if not isinstance(version, str | None):
            raise UsageError("kserve_version is not a string; write it like '0.16'.")
        distribution = _choice("distribution", self.distribution, DISTRIBUTIONS) or config.distribution
        mode = _choice("deployment_mode", self.deployment_mode, get_args(DeploymentMode))
        runtimes = each_manifest(self.serving_runtimes) or list(map(_runtime, config.serving_runtimes))
        shipped = [SHIPPED_RUNTIMES] if SHIPPED_RUNTIMES in runtimes else []
        release = find_release(version) if version else NEWEST
        known = base_installation(release, mode, shipped, assumed_config(distribution))
        inputs = PreviewInputs()
        for given in runtimes:
            if given != SHIPPED_RUNTIMES:
                _add(inputs, given, "serving_runtimes", "ServingRuntime or ClusterServingRuntime")
        if self.inferenceservice_config is not None:
            _add(inputs, self.inferenceservice_config, "inferenceservice_config", "ConfigMap inferenceservice-config")
        return inputs.installation(known)._replace(all_runtimes=bool(runtimes))


def _runtime(name: str) -> str | Path:
    """Return a runtime of a project file as `serving_runtimes` takes it."""
    return name if name == SHIPPED_RUNTIMES else Path(name)


def read_sources(inputs: PreviewInputs, sources: Iterable[Source]) -> None:
    """Add what is in texts to the inputs of a preview. Raises InputError for a document that cannot be read."""
    for source in sources:
        try:
            inputs.add(load(source, PREVIEW_KEYWORDS))
        except ConfigError as error:
            raise InputError(f"{source.name}: {error}.") from None
    if inputs.failures:
        raise InputError(inputs.failures[0])


def _add(inputs: PreviewInputs, given: Any, name: str, what: str) -> None:
    """Add a fact about the installation. Raises UsageError if it is not in there."""
    before = (inputs.config, len(inputs.runtimes))
    try:
        read_sources(inputs, [given_text(given).source])
    except InputError as error:
        raise UsageError(f"{name}: {error}") from None
    if (inputs.config, len(inputs.runtimes)) == before:
        raise UsageError(f"{name} has no {what}; give one as a dict, as YAML text or as a path.")


def _choice(name: str, value: str | None, known: Iterable[str]) -> str | None:
    if value is None or value in known:
        return value
    raise UsageError(f"{name} {str(value)[:60]!a} is not known: choose one of {', '.join(known)}.")


def _project(given: Any) -> Config:
    if given is None:
        return Config()
    try:
        text = given_text(given)
    except InputError as error:
        raise UsageError(f"project: {error}") from None
    return parse_config(text.source, all_rules())
