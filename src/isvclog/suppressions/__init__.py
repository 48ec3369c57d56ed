"""Suppressions of findings that somebody has accepted: comments in manifests, entries of the project file.

Both name rules, and both are reported if they suppress nothing, so that none outlives its reason. One `Ignores` serves
a whole run:

    ignores = Ignores(config.ignores, config.file, known, active, today)
    for each file:
        kept, suppressed = ignores.apply(source, findings, labels of its objects)
    ignores.leftover()
"""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from isvclog.filenames import relative_name
from isvclog.findings import Finding, Suppression
from isvclog.manifest import Source
from isvclog.records import NamedTuple
from isvclog.suppressions.directives import MalformedComment, SuppressionComment, find_suppression_comments
from isvclog.suppressions.entries import SuppressionEntry
from isvclog.suppressions.issues import EXPIRED, UNUSED, expired_entry, malformed_comment, unused_comment, unused_entry
from isvclog.suppressions.sources import SourceSuppressions, identity_of

__all__ = [
    "EXPIRED",
    "UNUSED",
    "MalformedComment",
    "SuppressionComment",
    "SuppressionEntry",
    "Suppressions",
    "find_suppression_comments",
]


SuppressedPlace = tuple[str, int | None]
"""A rule, and the line on which it is suppressed, or None for the whole file."""

_OWN = (UNUSED, EXPIRED)


class _FileSuppressions(NamedTuple):
    """The suppressions that apply to one file, whose `name` is relative to the folder of the project file."""

    name: str
    entries: Sequence[SuppressionEntry]
    by_place: Mapping[SuppressedPlace, SuppressionComment]

    def matching(self, finding: Finding) -> tuple[list[SuppressedPlace], list[SuppressionEntry]]:
        """Find the comments and entries that match a finding. Findings about suppressions cannot be suppressed."""
        if finding.rule in _OWN:
            return [], []
        # Behind a value of several lines, or inside of it, there is no comment.
        lines = dict.fromkeys((finding.span.line, finding.key_line or finding.span.line, None))
        return (
            [(finding.rule, line) for line in lines if (finding.rule, line) in self.by_place],
            [entry for entry in self.entries if entry.matches(finding, self.name)],
        )


class Suppressions:
    """The suppressions of one run. `config` is the name of the project file that contains `entries`.

    `known` are the names of all rules, `active` those that ran: a suppression of any other rule is neither used nor
    unused. Entries apply up to and including the day they expire; `today` is compared with that day.
    """

    def __init__(
        self,
        entries: Sequence[SuppressionEntry],
        config: str,
        known: Collection[str],
        active: Collection[str],
        today: date,
    ) -> None:
        self._config, self._known, self._active, self._today = config, known, active, today
        self._folder = os.path.dirname(os.path.abspath(config)) if entries else ""
        self._entries = entries
        self._in_force = [entry for entry in entries if not entry.is_expired(today)]
        self._used: set[SuppressionEntry] = set()
        self._checked: set[SuppressionEntry] = set()
        self._sources = SourceSuppressions()

    def apply(
        self,
        source: Source,
        findings: Iterable[Finding],
        labels: Collection[str],
        origins: Collection[tuple[str, bool]] = (),
    ) -> tuple[list[Finding], list[Finding]]:
        """Split the findings of a file into those to report and those that are suppressed, which have a `suppression`.

        `labels` are those of the objects that were checked in the file. `origins` are the files that it was rendered
        from, each with True for a template. Comments that suppress nothing are reported after the other findings; all
        suppressions that match a finding count as used. Call this for every file that was checked.
        """
        comments = find_suppression_comments(source)
        self._sources.read(origins)
        name = relative_name(source.name, self._folder) if self._in_force else ""
        entries = [entry for entry in self._in_force if entry.matches_file(name)]
        if not (comments or entries or origins):
            return list(findings), []
        self._checked.update(entry for entry in entries if _is_about_any(entry, labels))
        used: set[SuppressedPlace] = set()
        kept, suppressed = self._split(findings, _FileSuppressions(name, entries, _by_place(comments)), used)
        own = self._in_own_text(comments, used) if origins else comments
        if UNUSED in self._active:
            kept += self._unused(source.name, own, used)
        return kept, suppressed

    def _split(
        self, findings: Iterable[Finding], in_file: _FileSuppressions, used: set[SuppressedPlace]
    ) -> tuple[list[Finding], list[Finding]]:
        """Split the findings of a file, and add the places of the comments that suppress one to `used`."""
        kept: list[Finding] = []
        suppressed: list[Finding] = []
        for finding in findings:
            places, matching = in_file.matching(finding)
            in_sources = self._sources.matching(finding)
            if not (places or matching or in_sources):
                kept.append(finding)
                continue
            used.update(places)
            self._used.update(matching)
            causes = [Suppression("comment", in_file.by_place[place].reason) for place in places]
            causes += [Suppression("comment", reason) for reason in self._sources.use(in_sources)]
            causes += [Suppression("project", entry.reason) for entry in matching]
            cause = next((cause for cause in causes if cause.reason), causes[0])
            suppressed.append(finding._replace(suppression=cause))
        return kept, suppressed

    def _in_own_text(
        self, comments: Sequence[SuppressionComment | MalformedComment], used: Collection[SuppressedPlace]
    ) -> list[SuppressionComment | MalformedComment]:
        """Select the comments of a rendered text that are in none of its sources, where the others are reported."""
        self._sources.use_same(
            {
                identity_of(comment)
                for comment in comments
                if isinstance(comment, SuppressionComment)
                and any((rule.name, comment.line) in used for rule in comment.rules)
            }
        )
        known = self._sources.identities
        return [comment for comment in comments if identity_of(comment) not in known]

    def unused(self, covers_project: bool = True) -> list[Finding]:
        """Report the entries that have expired or suppressed nothing. Call this after all files are done.

        An entry counts as unused only if it is about a file and an object that were checked in this run. If the run did
        not check the whole project, only unused entries about a single file are reported, because others may be used
        elsewhere. The position of these findings is in the project file.

        Comments of templates are reported, too, in the file that they are in.
        """
        found = list(self._sources.unused(self._active, self._known)) if UNUSED in self._active else []
        for entry in self._entries:
            if entry.rule not in self._active:
                continue
            if entry.expires and entry.is_expired(self._today):
                found += [expired_entry(self._config, entry, entry.expires)] if EXPIRED in self._active else []
            elif UNUSED in self._active and self._is_unused(entry, covers_project):
                found.append(unused_entry(self._config, entry))
        return found

    def _is_unused(self, entry: SuppressionEntry, covers_project: bool) -> bool:
        return entry in self._checked - self._used and (covers_project or entry.is_about_one_file())

    def _unused(
        self, file: str, comments: Iterable[SuppressionComment | MalformedComment], used: Collection[SuppressedPlace]
    ) -> Iterable[Finding]:
        for comment in comments:
            if isinstance(comment, MalformedComment):
                yield malformed_comment(file, comment)
                continue
            for rule in comment.rules:
                runs = rule.name in self._active or rule.name not in self._known
                if rule.name in _OWN or (runs and (rule.name, comment.line) not in used):
                    yield unused_comment(file, comment.document, rule, self._known)


def _by_place(
    comments: Iterable[SuppressionComment | MalformedComment],
) -> dict[SuppressedPlace, SuppressionComment]:
    """Map each rule and line to the first suppression there; the line is None for the whole file."""
    found: dict[SuppressedPlace, SuppressionComment] = {}
    for comment in comments:
        if isinstance(comment, SuppressionComment):
            for rule in comment.rules:
                found.setdefault((rule.name, comment.line), comment)
    return found


def _is_about_any(entry: SuppressionEntry, labels: Collection[str]) -> bool:
    """Return True if an entry for this file applies to something in it: the file itself, or one of the objects."""
    if not (entry.kind or entry.namespace or entry.name):
        return True
    return any(map(entry.matches_object, labels))
