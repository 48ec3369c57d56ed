"""`isvclog sink`: receives CloudEvents, and says what is right and wrong about them."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from isvclog.cli.options.common import Color, Reveal
from isvclog.cli.options.completion import complete_sink_profile
from isvclog.cli.options.installation import InstallationOptions
from isvclog.cli.options.project import NoConfig, ProjectFile, read_project
from isvclog.cli.terminal.messages import error, note, reveal_secrets
from isvclog.errors import INTERRUPTED, UsageError
from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from isvclog.cli.terminal.events import EventPrinter
    from isvclog.config import Config
    from isvclog.httpserver import Address
    from isvclog.sink.engine import EventSink, EventStore, Forwarder
    from isvclog.sink.expected.expectations import Expectations
    from isvclog.sink.failures import Failures
    from isvclog.sink.items import SinkItem
    from isvclog.sink.page import SinkPage


class ShowingOptions(NamedTuple):
    """The options about how received events are printed."""

    output: Annotated[
        Literal["text", "json", "http"],
        typer.Option("-o", "--output", help="How to show the events: for people, as JSON lines, or as they came."),
    ] = "text"
    reveal: Reveal = False
    config: ProjectFile = None
    no_config: NoConfig = False
    color: Color = "auto"


class ExpectationOptions(NamedTuple):
    """The options that make a sink a test: what is expected, and when it ends."""

    expect: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="Exit with 1 unless events are as preview predicts for the manifest in FILE, or as in a JSON document "
            "of fields and patterns; repeatable.",
        ),
    ] = None
    count_: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, help="End after N events, valid or not.")
    ] = None
    timeout: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", min=0, help="End after this time; exit with 1 if fewer than N events came."),
    ] = None

    def read(self, installation: InstallationOptions, project: "Config") -> "Expectations | None":
        """Read the expectations. Raises UsageError or IsvclogError."""
        if not self.expect:
            return None
        from isvclog.cli.options.files import read_stdin_once
        from isvclog.sink.expected.files import read_expectations

        read_stdin_once(*self.expect, *installation.files)
        return read_expectations(self.expect, installation.read(project))


class StoringOptions(NamedTuple):
    """The options about where events go besides the output."""

    record: Annotated[
        str | None, typer.Option(metavar="FILE", help="Append each event to FILE, as a line of CloudEvents JSON.")
    ] = None
    redact: Annotated[bool, typer.Option("--redact", help="Mask what looks sensitive in the recorded events.")] = False
    forward: Annotated[
        str | None, typer.Option(metavar="URL", help="Send each valid request on to URL, and return its answer.")
    ] = None

    @contextmanager
    def open(self) -> "Iterator[tuple[EventStore | None, Forwarder | None]]":
        """Open the file and the connections. Raises UsageError, or IsvclogError if the file cannot be written."""
        from contextlib import ExitStack

        from isvclog.sink.recording import Recorder
        from isvclog.sink.sending import ForwardTo, parse_target

        if self.redact and self.record is None:
            raise UsageError(
                "--redact masks values in the file of --record, so add --record; the output is masked unless "
                "--reveal is given."
            )
        target = parse_target(self.forward, "--forward") if self.forward else None
        with ExitStack() as stack:
            recorder = None
            if self.record is not None:
                recorder = stack.enter_context(closing(Recorder(self.record, redact=self.redact)))
                _describe_recording(recorder.path, self.redact, recorder.is_readable_by_others)
            yield recorder, stack.enter_context(closing(ForwardTo(target))) if target else None


class PageOptions(NamedTuple):
    """The options about the page for a browser."""

    web: Annotated[bool, typer.Option("--web", help="Also show the events on a web page, on this machine only.")] = (
        False
    )
    web_listen: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="The address of the page, on this machine only.")
    ] = "127.0.0.1:8081"

    def address(self) -> "Address | None":
        """Return the address of the page, or None without one. Raises UsageError."""
        from isvclog.httpserver import parse_address

        address = parse_address(self.web_listen, "--web-listen")
        if not address.is_loopback:
            raise UsageError(
                f"--web-listen {address}: the page is for this machine only; listen on 127.0.0.1 or [::1]."
            )
        return address if self.web else None


class FailureOptions(NamedTuple):
    """The options that make a sink fail, to see what a sender does then."""

    fail_rate: Annotated[
        float | None, typer.Option(metavar="SHARE", min=0, max=1, help="Refuse this share of the events, from 0 to 1.")
    ] = None
    status: Annotated[
        int | None,
        typer.Option(
            metavar="CODE",
            min=200,
            max=599,
            help="With --fail-rate, the status of the refused events (default 503); alone, of every answer.",
        ),
    ] = None
    delay: Annotated[float, typer.Option(metavar="SECONDS", min=0, help="Wait before each answer.")] = 0
    max_header: Annotated[
        int | None, typer.Option(metavar="BYTES", min=1, help="Refuse a header line with more bytes.")
    ] = None
    sink_profile: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            autocompletion=complete_sink_profile,
            help="Refuse headers as this kind of sink does: nginx, tomcat, node, uvicorn, alb, quarkus, istio, knative "
            "or custom=BYTES.",
        ),
    ] = None

    def read(self) -> "Failures":
        """Build the failures. Raises UsageError for an unknown kind of sink, and for two limits."""
        from isvclog.config.load import parse_sink
        from isvclog.sink.failures import Failures

        limit, kind = self.max_header, ""
        if self.sink_profile is not None:
            if limit is not None:
                raise UsageError("--max-header and --sink-profile exclude each other.")
            try:
                kind, limit = parse_sink(self.sink_profile)
            except ValueError as problem:
                raise UsageError(f"--sink-profile: {problem}; `isvclog sink --help` lists them.") from None
        return Failures(self.fail_rate, self.status, self.delay, limit, kind)


def sink(
    listen: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Where to listen; port 0 means any free port.")
    ] = "127.0.0.1:8080",
    *,
    pair_timeout: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="How long a request waits for its response, and vice versa.")
    ] = 10,
    showing: ShowingOptions,
    test: ExpectationOptions,
    storing: StoringOptions,
    page: PageOptions,
    failures: FailureOptions,
    installation: InstallationOptions,
) -> int:
    """Receive CloudEvents, show them, and say precisely what is wrong with those that are invalid.

    Listens until Ctrl-C, and then prints a summary. Invalid events are answered with 400 and the section of the
    CloudEvents specification that they break. Request and response events of KServe's logger are paired.

    The exit code is 0; 1 if an event was invalid or not as expected, or if an expected event did not come; 2 for wrong
    usage; and 3 if it cannot listen or write.
    """
    import asyncio

    from isvclog.cli.terminal.events import EventPrinter
    from isvclog.httpserver import parse_address
    from isvclog.sink.engine import EventSink, SinkSettings
    from isvclog.sink.page import SinkPage
    from isvclog.sink.running import Listening, run_sink

    reveal_secrets(showing.reveal)
    project = read_project(showing.config, showing.no_config)
    address, page_address = parse_address(listen), page.address()
    tried, expectations = failures.read(), test.read(installation, project)
    shown = SinkPage(reveal=showing.reveal) if page_address else None
    printer = EventPrinter(showing.output, reveal=showing.reveal, color=showing.color)
    with storing.open() as (store, forwarder):
        settings = SinkSettings(tried, pair_timeout, expectations, store, forwarder, test.count_)
        receiver = EventSink(settings, _with_page(printer, shown) if shown else printer)
        printer.on_closed = receiver.is_full.set
        listening = Listening(address, test.timeout, shown, page_address)
        interrupted = asyncio.run(run_sink(receiver, listening, _report_start))
    if printer.is_closed:
        raise BrokenPipeError
    return _end(receiver, expectations, interrupted)


def _with_page(printer: "EventPrinter", page: "SinkPage") -> "Callable[[SinkItem], None]":
    def show(item: "SinkItem") -> None:
        page.add(item)
        printer(item)

    return show


def _report_start(address: "Address", page_address: "Address | None") -> None:
    note(f"listening on {address.url} (Ctrl-C ends).")
    if page_address:
        note(f"the page is at {page_address.url}")


def _describe_recording(path: str, redact: bool, is_readable_by_others: bool) -> None:
    if not redact:
        note(f"{path} gets the events unchanged, with their sensitive values; --redact masks these.")
    if is_readable_by_others:
        note(f"{path} can be read by others on this machine; `chmod 600` changes that.")


def _end(receiver: "EventSink", expectations: "Expectations | None", interrupted: bool) -> int:
    """Print what did not come, and the summary; return the exit code. Raises IsvclogError if the sink failed."""
    from isvclog.sink.summary import summarize

    if receiver.failure:
        raise receiver.failure
    missing = expectations.missing() if expectations else []
    for label in missing:
        error(f"{label} was expected, but no event matches it.")
    note(summarize(receiver))
    enough = receiver.settings.enough
    is_short = enough is not None and receiver.number < enough
    if interrupted and is_short:
        return INTERRUPTED
    return int(is_short or bool(missing) or receiver.failed)
