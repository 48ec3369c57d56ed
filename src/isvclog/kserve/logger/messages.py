"""The agent's log messages about events and records that it drops, in the words of each release.

| lost because | up to 0.11 | 0.12 and 0.13 | 0.14 and 0.15 | 0.16.0 | from 0.17.0 on |
|---|---|---|---|---|---|
| the event is invalid | while sending event: ... | the same | the same | the same | the same |
| Go's client fails | while sending event: ... | not logged | Send did not return ... | the same | the same |
| the sink refuses | while sending event: ... | not logged | Sent with status code ... | the same | the same |
| no store is open | | | | ..., cannot store event | ..., cannot store batch |
| storing fails | | | | the error alone | Failed to store batch: ... |

Source: sendCloudEvent, sendHttpCloudEvent and Start of pkg/logger/worker.go, and StartDispatcher of
pkg/logger/dispatcher.go, read in 0.7.0, 0.11.2, 0.12.1, 0.13.1, 0.14.1, 0.15.2, 0.16.0, 0.17.0 and 0.20.0;
cloudevents/sdk-go, v1.2.0 up to 0.11 and v2 since. What the agent writes right behind an error without a space, such as
`Failed to send cloud event, url: %s`, is left out.
"""

from isvclog.kserve.apis.releases import Release

_INVALID, _UNSENT = "while sending event: ", "Send did not return an HTTP response: "


def invalid_event(problem: str) -> str:
    """Format the message about an event that the SDK refuses to send, in the words of any release."""
    return f"{_INVALID}{problem}"


def invalid_media_type(problem: str, release: Release) -> str:
    """Format the message about an event whose content type is malformed; `problem` is that of mime.ParseMediaType."""
    kind = "RFC 2046 media type " if release.has("silent-send-failures") else "media type, "
    return invalid_event(f"datacontenttype: failed to parse {kind}{problem}")


def unsent(problem: str, release: Release) -> str:
    """Format the message about an event that Go's HTTP client cannot send; `problem` is the client's error.

    0.12 and 0.13 log nothing, so the error stands alone.
    """
    if release.has("send-results-at-info"):
        return f"{_UNSENT}{problem}"
    return problem if release.has("silent-send-failures") else invalid_event(problem)


def refused(status: int, reason: str, release: Release) -> str:
    """Format the message about an event that the sink answers with another status than 2xx.

    `reason` is the phrase of the answer's status line. The details that newer agents add are left out. 0.12 and 0.13
    log nothing.
    """
    if release.has("silent-send-failures"):
        return f"Sent with status code {status}"
    return invalid_event(f"error sending cloudevent: {status} {reason}".rstrip())


def no_store(release: Release) -> str:
    """Return the message about records for which the agent has no store."""
    return f"Logger store not configured, cannot store {'batch' if release.has('batchSize') else 'event'}"


def unstored(problem: str, release: Release) -> str:
    """Format the message about records that cannot be stored.

    0.16.0 writes the error, and right behind it `Failed to log cloud event` and the URL, which are left out.
    """
    return f"Failed to store batch: {problem}" if release.has("batchSize") else problem


def is_logged(message: str, release: Release) -> bool:
    """Check whether a message of this module is in the agent's log: 0.12 and 0.13 report no failed sends."""
    silent = release.has("silent-send-failures") and not release.has("send-results-at-info")
    return not silent or message.startswith("while ")
