"""Findings of an object that overlays merge with others: those of the wholes that come from this object."""

from collections.abc import Callable, Sequence

from isvclog.findings import Finding
from isvclog.manifest import Object
from isvclog.manifest.kustomize.build import Part


def findings_of_part(
    obj: Object, parts: Sequence[Part], lint: Callable[[Object, bool], list[Finding]]
) -> list[Finding]:
    """Check an object as part of each whole, and keep the findings about values that it has.

    `lint` checks an object, which may be a patch. If no whole is known, only what a patch alone shows is reported. A
    fix is left out if it would write to another place than the values of this object.
    """
    if not parts:
        return lint(obj, True)
    found = []
    for part in parts:
        for finding in lint(obj._replace(data=part.data), False):
            if part.owns(finding.path):
                fix = finding.fix
                fits = fix is None or all(obj.has(change.path) for change in fix.changes)
                found.append(finding._replace(object=obj.label, fix=fix if fits else None))
    return found
