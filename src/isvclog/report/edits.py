"""Summaries of edits: one line for each service about what was done, or would be."""

from collections.abc import Iterator, Sequence

from isvclog.edit import EditAction, EditPlan
from isvclog.edit.plan import PlanNote
from isvclog.findings import code, counted
from isvclog.redact.gate import Redaction
from isvclog.report.escape import printable


def blocked_note(errors: int) -> str:
    """Say that an edit is not made because of the errors that are printed above."""
    found = "an error" if errors == 1 else f"{errors:,} errors"
    return f"Not changed: the result would have {found} (above). Use --force to apply it anyway."


def known_note(number: int, lint: str) -> str:
    """Say how many problems an edit leaves as they were. `lint` is the command that shows them."""
    return f"{counted(number, 'problem')} that {'was' if number == 1 else 'were'} there before: {lint}"


_DONE = {
    EditAction.LISTED: "lists",
    EditAction.UNLISTED: "no longer lists",
    EditAction.VALUE_SET: "sets the value of",
    EditAction.VALUE_REMOVED: "removes the annotation",
    EditAction.LOGGER_CREATED: "creates the logger",
    EditAction.LOGGER_EMPTIED: "leaves the logger empty, because it had nothing else",
    EditAction.UNSHARED: "replaces an alias with a copy",
    EditAction.ALREADY_LISTED: "already lists",
    EditAction.NOT_LISTED: "does not list",
    EditAction.VALUE_UNCHANGED: "already has the value of",
    EditAction.NO_VALUE: "has no annotation",
    EditAction.URL_KEPT: "keeps its url",
    EditAction.URL_ABSENT: "has no url; --url is only for loggers that are created",
    EditAction.FIELD_DROPPED: "has a list that this release of KServe drops",
}


def edit_summary(name: str, plans: Sequence[EditPlan], would: str, redaction: Redaction) -> Iterator[str]:
    """Yield a line about what was done to each service of a file, or of a cluster if `name` is empty.

    `would` is put before changes that were not made.
    """
    for plan in plans:
        steps: dict[tuple[str, EditAction], list[PlanNote]] = {}
        for step in plan.notes:
            steps.setdefault((step.component, step.action), []).append(step)
        actions = []
        for (component, action), taken in steps.items():
            names = ", ".join(_named(step) for step in taken if step.key)
            actions.append(printable(" ".join(filter(None, (component, _DONE[action], redaction.sentence(names))))))
        lead = would if plan.changes else ""
        place = f"{printable(name)}: " if name else ""
        yield f"{place}{printable(redaction.text(plan.obj.label))}: {lead}{'; '.join(actions) or 'nothing to do'}"


def _named(step: PlanNote) -> str:
    """Format the annotation of a step, with the one that was probably intended."""
    return code(step.key) + (f" (did you mean {code(step.intended)}?)" if step.intended else "")
