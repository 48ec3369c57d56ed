"""`isvclog preview`: shows the events that a logger will send, for a manifest or for a service in a cluster."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from isvclog.cli.options.cluster import ClusterOptions, Connection, Context, Namespace
from isvclog.cli.options.common import Color, FailOnEmpty, Filenames, Reveal
from isvclog.cli.options.completion import complete_service
from isvclog.cli.options.exchange import ExchangeOptions
from isvclog.cli.options.files import (
    NoIgnoreVcs,
    StdinFilename,
    name_standard_input,
    only_name,
    read_stdin_once,
    split_arguments,
)
from isvclog.cli.options.installation import InstallationOptions
from isvclog.cli.options.project import NoConfig, ProjectFile, read_project
from isvclog.cli.options.rendering import RenderingOptions, ValuesMatrix
from isvclog.cli.terminal.messages import around_document, error, note, note_hidden, reveal_secrets
from isvclog.errors import IsvclogError, UsageError
from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isvclog.httpserver import Address
    from isvclog.kserve.apis.installation import Installation
    from isvclog.live.scope import ClusterScope
    from isvclog.manifest import Object
    from isvclog.preview.comparison import PreviewComparison
    from isvclog.preview.model import Preview, PreviewRequest


class DisplayOptions(NamedTuple):
    """The options about how a preview is printed."""

    output: Annotated[
        Literal["text", "http", "curl", "cloudevent", "json", "yaml", "markdown"],
        typer.Option("-o", "--output", help="How to show the events; markdown is for --diff."),
    ] = "text"
    full: Annotated[
        bool, typer.Option("--full", help="In text, also show each stage of the path, and the events byte for byte.")
    ] = False
    reveal: Reveal = False
    config: ProjectFile = None
    no_config: NoConfig = False
    color: Color = "auto"
    no_ignore_vcs: NoIgnoreVcs = False
    stdin_filename: StdinFilename = None
    fail_on_empty: FailOnEmpty = False
    send: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Send the events to http://HOST:PORT as well, byte for byte as -o http."),
    ] = None
    expect: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="Exit with 1 unless the events are as in a JSON document of fields and patterns, or as those of "
            "another manifest; repeatable.",
        ),
    ] = None
    diff: Annotated[
        str | None,
        typer.Option(
            metavar="OLD",
            help="Show what changes in the events from OLD to NEW: files, folders, or REV:PATH in git. Without NEW, "
            "compare OLD with the same file or folder as it is now.",
        ),
    ] = None
    exit_code: Annotated[bool, typer.Option("--exit-code", help="With --diff, exit with 1 if something changes.")] = (
        False
    )


def preview(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME | FILE...]",
            show_default=False,
            help="A service of the cluster, as NAME or NAMESPACE/NAME; or files, and a service in them. An argument is "
            "a file if it ends in .yaml, .yml or .json, begins with ./, ../ or /, or is -.",
            autocompletion=complete_service,
        ),
    ] = None,
    filename: Filenames = None,
    *,
    exchange: ExchangeOptions,
    rendering: RenderingOptions,
    values_matrix: ValuesMatrix = None,
    installation: InstallationOptions,
    display: DisplayOptions,
    namespace: Namespace = None,
    context: Context = None,
    connection: Connection,
) -> int:
    """Show the events KServe's logger will send for an InferenceService, or why it will send none.

    With only a NAME, shows this service of the cluster that kubectl uses; the text output says where each fact comes
    from. With a FILE, --helm or --kustomize, no cluster is contacted.

    The exit code is 0 if every shown logger would send its events; 1 if one would not, or it is unknown because a
    template is not rendered, or kubectl rejects a field, or the events differ from --expect, or the sink of --send
    rejects one; 2 for wrong usage; and 3 if a file or a service cannot be read or the sink does not answer. Without a
    service in the files it is 0, and 3 with --fail-on-empty. With --diff OLD NEW it is 0 whether events change or not,
    and 1 for changes with --exit-code.
    """
    from isvclog.manifest.syntax.files import respect_gitignore

    reveal_secrets(display.reveal)
    respect_gitignore(not display.no_ignore_vcs)
    _check_output(display, values_matrix)
    project = read_project(display.config, display.no_config, display.stdin_filename)
    cluster = ClusterOptions(namespace=namespace, context=context, connection=connection)
    if display.diff is not None:
        from isvclog.cli.options.comparison import diff_sides

        cluster.refuse("leave it out with --diff")
        sides = diff_sides(display.diff, arguments or (), filename, rendering)
        read_stdin_once(sides.old, *sides.new, exchange.data, exchange.response, *installation.files)
        return _print_comparison(sides.compare(installation.read(project), exchange.read()), display)
    sink = _sink(display.send)
    files, name = _chosen(arguments, filename, rendering, display.stdin_filename)
    rendering.check_matrix(values_matrix)
    is_written = bool(files) or rendering.given
    if is_written:
        cluster.refuse("leave it out with files, or leave out the files and name a service of the cluster")
    read_stdin_once(*files, exchange.data, exchange.response, *(display.expect or ()), *installation.files)
    request, known = exchange.read(), installation.read(project if is_written else None)
    if is_written:
        result = _preview_written(files, rendering, values_matrix, name, known, request)
    else:
        from isvclog.cli.options.scope import open_service

        with open_service(name or "", cluster, installation, known, project) as (scope, item):
            result = preview_found(scope, item, request, as_reported=True)
    code = _print(result, exchange.component, display)
    about = result.about(exchange.component)
    code = max(code, _compare(about, display.expect, known))
    return max(code, _send(about, sink, display.reveal)) if sink else code


def _chosen(
    arguments: "Sequence[str] | None", filename: "Sequence[str] | None", rendering: RenderingOptions, stdin: str | None
) -> tuple[list[str], str | None]:
    """Return the files to read and the name of the service. Raise UsageError if there is nothing to show."""
    files, names = split_arguments(arguments, filename)
    name, files = only_name(names, "preview"), name_standard_input(stdin, files)
    rendering.check((files, stdin))
    if not files and not rendering.given and name is None:
        raise UsageError(
            "preview needs the NAME of a service in the cluster, or a manifest: isvclog preview FILE.yaml (- is stdin)."
        )
    return files, name


def _preview_written(
    files: "Sequence[str]",
    rendering: RenderingOptions,
    matrix: str | None,
    name: str | None,
    known: "Installation",
    request: "PreviewRequest",
) -> "Preview":
    from isvclog.preview.model import preview_files, preview_source, preview_variants

    if matrix is not None:
        variants = [(each.source, each.variant) for each in rendering.render_all(matrix, None)]
        return preview_variants(variants, name, known, request)
    if rendering.given:
        return preview_source(rendering.render().source, name, known, request)
    return preview_files(files, name, known, request)


def _check_output(display: DisplayOptions, matrix: str | None) -> None:
    """Raise UsageError for options that need --diff, and for those that it excludes."""
    from isvclog.report.formats import COMPARISON, PREVIEW

    output = f"-o {display.output}"
    if display.diff is None:
        chosen = {"--exit-code": display.exit_code, output: display.output not in PREVIEW}
        problem = "is for a comparison: isvclog preview --diff OLD NEW"
    else:
        chosen = {
            output: display.output not in COMPARISON,
            "--full": display.full,
            "--send": display.send is not None,
            "--expect": bool(display.expect),
            "--stdin-filename": display.stdin_filename is not None,
            "--values-matrix": matrix is not None,
        }
        problem = "does not go with --diff; leave one of them out"
    for option, is_given in chosen.items():
        if is_given:
            raise UsageError(f"{option} {problem}.")


def _print_comparison(found: "PreviewComparison", display: DisplayOptions) -> int:
    """Print what changes, and return the exit code."""
    from isvclog.cli.terminal.comparisons import print_comparison
    from isvclog.cli.terminal.settings import terminal_settings
    from isvclog.report.formats import FormatSettings, comparison_format

    settings = terminal_settings(display.color, FormatSettings(reveal=display.reveal, on_hidden=note_hidden))
    pieces = comparison_format(display.output)(found, settings)
    exit_code, fail_on_empty = display.exit_code, display.fail_on_empty
    return print_comparison(found, pieces, display.output, exit_code=exit_code, fail_on_empty=fail_on_empty)


def preview_found(
    scope: "ClusterScope", item: "Object", request: "PreviewRequest", *, as_reported: bool = False
) -> "Preview":
    """Preview a service that was found in a cluster.

    With `as_reported`, what the cluster reports about its pods, and the objects beside it count as well.
    """
    from isvclog.preview.model import Preview, preview_service

    refusals = scope.facts.workloads.refusals(item.data, None) if as_reported else None
    result = preview_service(item, scope.facts.installation(item.data), request, refusals)
    notes = (*result.notes, *(_beside(scope, item) if as_reported else ()))
    origins = scope.facts.origins(item.data)
    shown = result._replace(file=f"context {scope.cluster.context}", origins=origins, notes=notes)
    return Preview([shown], scope.facts.release, given=request.given)


def _beside(scope: "ClusterScope", item: "Object") -> list[str]:
    """Say what objects beside the service change; the rules are imported only if there are such objects."""
    if scope.facts.beside.changes(item.data) is None:
        return []
    from isvclog.lint.live import explain_beside

    return explain_beside(scope.facts, item)


def _print(result: "Preview", component: str | None, display: DisplayOptions) -> int:
    from isvclog.cli.terminal.settings import terminal_settings
    from isvclog.report.formats import DOCUMENTS, EVENTS_ONLY, FormatSettings, preview_format

    is_failure = display.fail_on_empty and result.is_empty
    for sentence in (*result.failures, *_absence(result)):
        (error if is_failure else note)(sentence)
    result = result.about(component)
    if display.output in EVENTS_ONLY:
        from isvclog.report.preview.silence import explain_refusals, explain_silence

        for explain in (explain_silence, explain_refusals):
            for sentence in explain(result.services, display.reveal):
                note(sentence)
    settings = terminal_settings(
        display.color, FormatSettings(reveal=display.reveal, full=display.full, on_hidden=note_hidden)
    )
    with around_document(display.output in DOCUMENTS):
        for piece in preview_format(display.output)(result, settings):
            if isinstance(piece, str):
                sys.stdout.write(piece)
            else:
                sys.stdout.flush()
                sys.stdout.buffer.write(piece)
    return IsvclogError.exit_code if is_failure else result.exit_code


def _absence(result: "Preview") -> list[str]:
    """Say why there is nothing to show, or nothing of the files that are patches of a kustomization."""
    if result.is_empty and not result.patches:
        return ["no InferenceService found, so there is nothing to show."]
    return result.patch_sentences("preview")


def _compare(result: "Preview", files: "Sequence[str] | None", known: "Installation") -> int:
    """Print how the events differ from expected ones; return 1 if they do."""
    if not files:
        return 0
    from isvclog.sink.expected.files import read_expectations
    from isvclog.sink.expected.previewed import compare_predicted

    events = (event for item in result.services for each in item.results for event in each.delivery.events)
    found = list(compare_predicted(events, read_expectations(files, known)))
    for sentence in found:
        error(sentence)
    return int(bool(found))


def _sink(url: str | None) -> "Address | None":
    if url is None:
        return None
    from isvclog.httpserver import parse_origin

    return parse_origin(url, "--send")


def _send(result: "Preview", sink: "Address", reveal: bool) -> int:
    """Send the events as they are shown, print the answers, and return 1 if one was refused."""
    from isvclog.preview.sending import send_event
    from isvclog.report.formats import FormatSettings
    from isvclog.report.preview.redaction import shown_events

    hidden = "--send sends *** in place of values that look sensitive; add --reveal to send the values."
    settings = FormatSettings(reveal=reveal, on_hidden=lambda: note(hidden))
    code = 0
    for event in shown_events(result, settings):
        answer = send_event(sink, event.wire())
        half, headers = event.type.rpartition(".")[2], dict(event.headers)
        label = f"{headers['Ce-Inferenceservicename']} {headers['Ce-Component']}"
        told = f"sent the {half} event of {label} to {sink}: {answer.status} {answer.reason}".rstrip()
        if not answer.is_accepted:
            code = 1
            told += f": {answer.text}" if answer.text else ""
        note(told)
    return code
