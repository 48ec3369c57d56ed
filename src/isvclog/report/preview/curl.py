"""Events as commands that send them to their sinks."""

import base64
import shlex
from collections.abc import Iterator

from isvclog.kserve.logger.events import CloudEvent
from isvclog.preview.model import Preview
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.redaction import shown_events

# Linux takes no argument of 128 KiB or more.
MAX_ARGUMENT_BODY = 100_000


def write(preview: Preview, settings: FormatSettings) -> Iterator[str]:
    """Yield one command for each event."""
    for event in shown_events(preview, settings, _without_user):
        yield curl_command(event) + "\n"


def curl_command(event: CloudEvent) -> str:
    """Build a command for bash, zsh or ksh that sends the event to its URL.

    Headers that curl would add are removed, an empty header ends with `;`, and the URL is sent unchanged.
    """
    words = ["curl", "--globoff", "--path-as-is", "--request", "POST"]
    for name, value in event.headers:
        if name in ("Host", "Content-Length"):
            continue
        words += ["--header", f"{name}: {value}" if value else f"{name};"]
    added = ["Accept", *([] if any(name == "Content-Type" for name, _ in event.headers) else ["Content-Type"])]
    for name in (*added, "Expect"):
        words += ["--header", f"{name}:"]
    if b"\0" in event.body or len(event.body) > MAX_ARGUMENT_BODY:
        data = base64.b64encode(event.body).decode("ascii")
        words += ["--data-binary", "@-", "--", event.url.string()]
        return f"printf %s {data} | base64 --decode | " + " ".join(map(_quoted, words))
    # Unlike --data, --data-raw gives no meaning to a leading @.
    words += ["--data-raw", event.body.decode("utf-8", "surrogateescape"), "--", event.url.string()]
    return " ".join(map(_quoted, words))


def _without_user(event: CloudEvent) -> CloudEvent:
    # The credentials travel in the Authorization header already.
    return event._replace(url=event.url._replace(user=None, fragment="", raw_fragment=""))


def _quoted(word: str) -> str:
    """Quote the word for the shell, escaping what is not printable, so that the command can be shown and pasted."""
    if word.replace("\n", "").isprintable():
        return shlex.quote(word)
    escaped = ""
    for char in word:
        if char in "\\'":
            escaped += "\\" + char
        elif char.isprintable():
            escaped += char
        else:
            escaped += "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))
    return f"$'{escaped}'"
