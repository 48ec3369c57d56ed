"""The last lines of a preview: for each component whether it logs, else why not and what to do."""

import os
from collections.abc import Iterator

from isvclog.filenames import is_stdin
from isvclog.kserve.apis.spec import Component
from isvclog.kserve.exchange_result import ExchangeResult
from isvclog.report.columns import text_width
from isvclog.report.preview.component import ARRIVES, ComponentView
from isvclog.report.preview.layout import Style, row
from isvclog.report.preview.problems import failed_start, problem_rows
from isvclog.report.preview.unknown import NOT_RENDERED


def verdict_lines(view: ComponentView, style: Style, *, is_refused: bool = False) -> Iterator[str]:
    """Yield the verdict on a component. `is_refused` is true if kubectl rejects the service for another field."""
    name, diagnosis = style.paint(view.name, "bold"), view.diagnosis
    if view.is_open:
        yield f"{name}  {style.paint(NOT_RENDERED.upper(), 'bold yellow')}"
        yield from row("remedy", "render the template, and preview the result: `isvclog preview -`", style, "bold")
        return
    if diagnosis is not None:
        yield f"{name}  {style.paint(_failure(view.result), 'bold red')}"
        startup, mask = view.result.prediction.startup, view.redaction.message
        yield from problem_rows(diagnosis, startup, mask, style, [] if shows_names(view) else view.notes)
        return
    if view.has_dropped or is_refused:
        rejected = style.paint("KUBECTL REJECTS THE MANIFEST", "bold red")
        yield f"{name}  {rejected}; other clients drop such fields"
        return
    success, but = _success(view), view.reservation
    line, but = f"{name}  {style.paint(success, 'bold green')}", style.paint(but and f"but {but}", "bold yellow")
    if style.width is not None and text_width(f"{view.name}  {success}, but {view.reservation}") > style.width:
        yield f"{line},"
        yield " " * (len(view.name) + 2) + but
    else:
        yield line + (", " + but if view.reservation else "")


def shows_names(view: ComponentView) -> bool:
    """Check whether names have a status of their own: where nothing is sent, all are lost for the same reason."""
    return view.is_open or view.diagnosis is None or view.result.delivered


def silence_lines(component: Component, is_all: bool, style: Style, meant: str = "") -> Iterator[str]:
    """Yield the lines for a component without a logger. `is_all` is True if the service has none at all.

    `meant` is a field that is meant to be the logger; empty if there is none.
    """
    name = style.paint(component.name, "bold")
    if meant:
        rejected = style.paint("KUBECTL REJECTS THE MANIFEST", "bold red")
        yield f"{name}  {rejected}; other clients drop `{meant}`, and nothing is logged"
        yield from row("remedy", "write `logger`; `isvclog lint --fix` does", style, "bold")
        return
    if component.batcher:
        yield f"{name}  has a batcher and no logger: its agent logs nothing"
    else:
        yield f"{name}  has no logger: nothing is logged"
    if is_all:
        yield from row("remedy", f"add a logger with mode and url to spec.{component.name}", style, "bold")


def _success(view: ComponentView) -> str:
    result = view.result
    settings, delivery = result.logged[0].settings, result.delivery
    if result.is_excluded:
        return f"no {result.events} event, because of mode: {settings.mode}"
    if not delivery.events and not delivery.uploads:
        return "will store its records"
    everything = "events are sent" if delivery.events else "objects are stored"
    if view.statuses and all(entry.status in ARRIVES or entry.possible for entry in view.statuses):
        return f"{everything}, with every name as listed"
    return everything


def _failure(result: ExchangeResult) -> str:
    prediction, startup = result.prediction, result.prediction.startup
    if prediction.blocked_by is None:
        return "SENDS NOTHING" if not result.delivery.events else "LOSES EVENTS"
    if prediction.undeployed is not None:
        undeployed = prediction.undeployed
        return f"DEPLOYS NOTHING: {undeployed.obstacle.value if undeployed.earlier else undeployed.title}"
    if prediction.shortage is not None:
        effect = "NO NEW POD STARTS" if prediction.shortage.keeps_pods_away else "LOGS NOTHING"
        return f"{effect}: {prediction.shortage.title}"
    if startup is not None and not startup.runs:
        return failed_start(startup)
    return f"LOGS NOTHING: {prediction.blocked_by.value}"


def remedy_row(file: str, live: str, release: str, style: Style) -> Iterator[str]:
    """Yield the row that says where names that are not carried as listed are explained.

    `live` is the name of a service of a cluster, empty for one of a file; `release` is empty for the newest.
    """
    place = f"--live {live}" if live else _place(file)
    place += f" --kserve-version {release}" if release and not live else ""
    yield from row("remedy", f"`isvclog lint {place}` shows the fixes", style, "bold")


def _place(file: str) -> str:
    if is_stdin(file):
        return "-"
    import shlex  # few previews end with a command

    if not os.path.isdir(file):
        return shlex.quote(file)
    from isvclog.manifest.kustomize.nearby import find_kustomization  # a folder was rendered

    return f"{'-k' if find_kustomization(file) else '--helm'} {shlex.quote(file)}"
