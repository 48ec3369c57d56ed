"""The sink that a log URL means to the agent's dispatcher, and checks of whether its HTTP client can send there.

Source: pkg/logger/{dispatcher,store}.go, cloudevents/sdk-go v2.16.2 and net/http.
"""

from collections.abc import Mapping

from isvclog.kserve.agent.store import CLOUDEVENTS, sink_strategy
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.golang import url as gourl
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.httpclient import Outgoing, client_error, outgoing
from isvclog.kserve.golang.net import check_address
from isvclog.kserve.golang.strings import trim_space
from isvclog.kserve.golang.url import URL
from isvclog.kserve.logger.messages import unsent


class Undeliverable(Exception):
    """The agent drops the event; the message is the one in its log (without the secrets in the sink's URL)."""


def sink_kind(url: URL, release: Release) -> str:
    """Choose CloudEvents, or the object storage that a log URL means. `url` is the URL as the agent has parsed it."""
    if url.scheme == "http" or not release.has("blob-storage"):
        return CLOUDEVENTS
    return sink_strategy(url.string())


def dial(url: URL, headers: Mapping[str, str], release: Release) -> Outgoing:
    """Build the POST request to a sink; raise Undeliverable if it can never be sent, whatever the network."""
    try:
        sending = outgoing(url, headers)
        check_address(sending.address)
    except GoError as error:
        raise Undeliverable(unsent(client_error("POST", url, error), release)) from None
    return sending


def sink_target(url: URL) -> URL:
    """Parse the URL to which the SDK sends.

    The SDK parses the URL as Go writes it, without white space at either end (of the query, for example). Raises
    Undeliverable if it cannot.
    """
    text = trim_space(url.string())
    if not text:
        raise Undeliverable("while creating http transport: http target option was empty string")
    try:
        return gourl.parse(text)
    except gourl.UrlError as error:
        problem = f"http target option failed to parse target url: {error}"
        raise Undeliverable(f"while creating http transport: {problem}") from None
