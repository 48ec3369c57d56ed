"""Previews on standard output, in the requested format."""

import sys
from collections.abc import Iterable, Sequence

from isvclog.cli.options.common import terminal_width
from isvclog.cli.terminal.messages import note
from isvclog.diagnosis.causes import diagnose
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.exchange_result import ServicePreview
from isvclog.kserve.logger.events import CloudEvent
from isvclog.report.escape import printable


def show(services: Sequence[ServicePreview], output: str, release: Release, reveal: bool, color: str) -> None:
    """Print previews in the format `output`: text, http, curl, cloudevent, json or yaml."""
    if output == "text":
        from isvclog.report.color import painter, wants_color
        from isvclog.report.preview.text import Style, text

        for block in text(services, Style(painter(wants_color(color, sys.stdout)), terminal_width(), reveal)):
            print(block, end="")
    elif output in ("json", "yaml"):
        from isvclog.report.preview.data import preview_data

        _print_document(preview_data(services, release), output)
    else:
        _explain_silence(services)
        _print_events(
            [event for item in services for result in item.results for event in result.delivery.events], output
        )


def _print_document(document: dict[str, object], output: str) -> None:
    if output == "json":
        import json

        print(json.dumps(document, indent=2).replace("\x7f", "\\u007f"))
    else:
        from isvclog.report.preview.yaml import to_yaml

        print(to_yaml(document), end="")


def _explain_silence(services: Sequence[ServicePreview]) -> None:
    """Explain on standard error why a service or component has no event, for formats that contain events only."""
    from isvclog.report.preview.redaction import without_url

    for item in services:
        if item.rejected is not None:
            place = ":".join(map(str, (item.file, *(item.rejected_at or ()))))
            note(f"{place}: {item.label}: rejected: {item.rejected}.")
        for part in item.silent:
            note(f"{item.label}: {part.name} has no logger.")
        for result in item.results:
            place = f"{item.label}: {result.prediction.component.name}"
            diagnosis = diagnose(result)
            if diagnosis is not None:
                sentence = "; ".join(filter(None, (diagnosis.because, diagnosis.remedy)))
                note(f"{place}: {without_url(sentence, result)}.")
            elif not result.delivery.events:
                note(f"{place}: records go to object storage, see -o text or -o json.")


def _print_events(events: Iterable[CloudEvent], output: str) -> None:
    from isvclog.report.preview import wire

    for event in events:
        if output == "curl":
            print(wire.curl(event))
        elif output == "cloudevent":
            import json

            print(json.dumps(wire.cloudevent_json(event), indent=2).replace("\x7f", "\\u007f"))
        elif sys.stdout.isatty():
            # Exact bytes are for pipes; a terminal would obey control characters in them.
            shown = wire.http(event).decode("utf-8", "backslashreplace").replace("\r\n", "\n")
            print("\n".join(map(printable, shown.split("\n"))) + "\n")
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(wire.http(event))
