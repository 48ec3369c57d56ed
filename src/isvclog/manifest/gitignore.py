"""The .gitignore files of a repository, and which files and folders they leave out.

pathspec is imported when the first .gitignore with a pattern is found. It turns patterns into regexes; their
time grows with the length of a name to the power of the number of `*`. So patterns have limits, and one beyond them is
not applied: its files are checked.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

FILE = ".gitignore"
REPOSITORY = ".git"
_MOST_BYTES = 256 * 1024
_MOST_PATTERNS = 2000
_LONGEST = 500
"""The characters of a pattern."""
_MOST_STARS = 3
"""The `*` in one part of a path, and the `**` in a pattern."""


class IgnoreRules(NamedTuple):
    """The patterns of one folder, None if it has none that apply, and the rules of the folders above it."""

    folder: str
    patterns: "GitIgnoreSpec | None" = None
    above: "IgnoreRules | None" = None

    @property
    def is_empty(self) -> bool:
        """True if nothing is ignored."""
        return self.patterns is None and (self.above is None or self.above.is_empty)

    def ignores(self, path: str, is_folder: bool) -> bool:
        """Check whether git leaves out an absolute path below the folder. The last pattern that matches decides.

        Patterns of a nearer folder come after those above it.
        """
        rules: IgnoreRules | None = self
        while rules:
            if rules.patterns is not None:
                name = path[len(rules.folder) :].lstrip("/\\") + "/" * is_folder
                if (include := rules.patterns.check_file(name).include) is not None:
                    return include
            rules = rules.above
        return False

    def inside(self, folder: str) -> "IgnoreRules":
        """Add the patterns of a folder below, if it has any."""
        patterns = _read_patterns(os.path.join(folder, FILE))
        return self if patterns is None else IgnoreRules(folder, patterns, self)


def rules_of_repository(root: str) -> IgnoreRules:
    """Read the rules of the root of a repository: `.git/info/exclude`, then its .gitignore."""
    excluded = _read_patterns(os.path.join(_common_folder(root), "info", "exclude"))
    return IgnoreRules(root, excluded).inside(root)


def repository_of(folder: str) -> str | None:
    """Find the root of the repository that a folder is in."""
    return next(reversed(list(_up_to_repository(os.path.abspath(folder)))), None)


def rules_above(folder: str) -> IgnoreRules | None:
    """Read the rules that apply inside a named folder, without its own.

    None outside of a repository, and for its root, which has rules of its own.
    A folder that is ignored itself is checked because it was named, so no rule from above applies in it.
    """
    folder = os.path.abspath(folder)
    steps = list(_up_to_repository(folder))
    if len(steps) < 2:
        return None
    rules = rules_of_repository(steps[-1])
    for step in reversed(steps[:-1]):
        if rules.ignores(step, is_folder=True):
            return IgnoreRules(folder)
        if step != folder:
            rules = rules.inside(step)
    return rules


def _up_to_repository(folder: str) -> Iterator[str]:
    """Yield the folder and those above it up to the root of its repository; nothing outside of a repository."""
    steps = [folder]
    while not os.path.lexists(os.path.join(steps[-1], REPOSITORY)):
        parent = os.path.dirname(steps[-1])
        if parent == steps[-1]:
            return
        steps.append(parent)
    yield from steps


def _common_folder(root: str) -> str:
    """Find the folder that all work trees of a repository share: `.git`, or where a file of that name points to."""
    found = os.path.join(root, REPOSITORY)
    written = _read_text(found)
    if not written.startswith("gitdir:"):
        return found
    found = os.path.join(root, written.removeprefix("gitdir:").strip())
    return os.path.normpath(os.path.join(found, _read_text(os.path.join(found, "commondir")).strip() or "."))


def _read_patterns(file: str) -> "GitIgnoreSpec | None":
    """Read the patterns of a file; None if there are none."""
    lines = [line for line in _read_text(file).splitlines()[:_MOST_PATTERNS] if _is_applied(line)]
    if not lines:
        return None
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    patterns = []
    for line in lines:
        with suppress(ValueError, re.error):  # git ignores what is no pattern
            patterns.append(GitIgnoreSpecPattern(line))
    return GitIgnoreSpec(patterns)


def _is_applied(line: str) -> bool:
    """Check whether a line has a pattern, and one that is matched in a bounded time."""
    if not line.strip() or line.startswith("#") or len(line) > _LONGEST:
        return False
    parts = line.split("/")
    wide = sum("**" in part for part in parts)
    return wide <= _MOST_STARS and all(len(re.findall(r"\*+", part)) <= _MOST_STARS for part in parts)


def _read_text(file: str) -> str:
    """Read the beginning of a regular file; empty if there is none. As for git, a link is none."""
    with suppress(OSError, ValueError):
        if stat.S_ISREG(os.lstat(file).st_mode):
            with open(file, "rb") as opened:
                return opened.read(_MOST_BYTES).decode(errors="replace")
    return ""
