"""Project files of open documents: each counts for what is below its folder, and is read again when it changes."""

import os
from typing import TypeAlias

from isvclog.config import Config, find_config
from isvclog.config.load import load_config
from isvclog.config.selection import select_names
from isvclog.errors import IsvclogError
from isvclog.kserve.apis.distributions import assumed_config
from isvclog.kserve.apis.releases import NEWEST, find_release
from isvclog.lint.engine import LintSettings, select_rules
from isvclog.preview.inputs import SHIPPED_RUNTIMES, read_installation
from isvclog.records import NamedTuple
from isvclog.redact.gate import redaction_for
from isvclog.rules.registry import all_rules

_MOST_PROJECTS = 32
_Stamp: TypeAlias = tuple[tuple[str, int, int], ...]


class Project(NamedTuple):
    """The settings of a project file, for the documents below it.

    `problem` is a sentence about a project file that cannot be used; then nothing is checked by it.
    """

    config: Config
    settings: LintSettings
    problem: str = ""


class Projects:
    """The project files that are in use. `version` is the release that the editor's settings ask for, or None."""

    def __init__(self) -> None:
        self.version: str | None = None
        self._known: dict[str, tuple[_Stamp, Project]] = {}

    def forget(self) -> None:
        """Read all project files again when they are needed."""
        self._known.clear()

    def of(self, folder: str | None) -> Project:
        """Return the project of a folder; None is that of a document without a place.

        The same object is returned until the project file, or a file that it names, changes.
        """
        file = find_config(folder) if folder else None
        key = file or ""
        if (known := self._known.get(key)) and known[0] == _stamp(file, known[1].config):
            return known[1]
        project = self._load(file)
        if len(self._known) >= _MOST_PROJECTS:
            del self._known[next(iter(self._known))]
        self._known[key] = _stamp(file, project.config), project
        return project

    def _load(self, file: str | None) -> Project:
        config = Config()
        try:
            config = load_config(file, all_rules()) if file else config
            return Project(config, self._settings(config))
        except IsvclogError as error:
            problem = redaction_for(False).sentence(str(error))
            return Project(config, self._settings(Config()), problem)

    def _settings(self, config: Config) -> LintSettings:
        version = self.version or config.kserve_version
        installation = read_installation(
            find_release(version) if version else NEWEST,
            None,
            config.inferenceservice_config,
            config.serving_runtimes,
            assumed_config(config.distribution),
        )
        return select_rules(installation, config.policy, select_names(None, (), config))


def _stamp(file: str | None, config: Config) -> _Stamp:
    """Return size and time of the files that a project is made of."""
    runtimes = (name for name in config.serving_runtimes if name != SHIPPED_RUNTIMES)
    names = filter(None, (file, config.inferenceservice_config, *runtimes))
    return tuple(_state(name) for name in names)


def _state(name: str) -> tuple[str, int, int]:
    try:
        found = os.stat(name)
    except OSError:
        return name, -1, -1
    return name, found.st_mtime_ns, found.st_size
