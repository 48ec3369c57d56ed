"""Connections to the sink of a log URL, or to another address in its place."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from isvclog.httpserver import Address
from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.golang.net import split_host_port
from isvclog.kserve.logger.sender import dial, sink_target

Made = TypeVar("Made", bound=asyncio.Protocol)


class Connect(Protocol):
    """Opens a connection for a new protocol; raises OSError, or Undeliverable if no connection can ever be made."""

    def __call__(self, protocol: Callable[[], Made]) -> Awaitable[Made]: ...


def sink_connector(settings: AgentSettings, instead: Address | None = None) -> Connect:
    """Return the function that opens connections to the sink of these settings.

    `instead` is the address to which it connects in place of that in the log URL. The events stay the same.
    """

    async def connect(protocol: Callable[[], Made]) -> Made:
        address = instead or _address(settings)
        _, connection = await asyncio.get_running_loop().create_connection(protocol, *address)
        return connection

    return connect


def _address(settings: AgentSettings) -> Address:
    split = split_host_port(dial(sink_target(settings.url), {}).address)
    assert split is not None, "an address that Go can dial has a port"
    return Address(split[0] or "127.0.0.1", int(split[1]))
