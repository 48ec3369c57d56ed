"""A load generator in a process of its own: `client_load.py PORT CONNECTIONS` asks until its standard input ends.

It prints how many requests were answered with 200, and how many were not. Each request has the id `CONNECTION.NUMBER`.
"""

import asyncio
import sys

_BODY = b'{"instances":[[6.8,2.8,4.8,1.4]]}'


async def ask(port: int, connection: int, stopped: asyncio.Event) -> tuple[int, int]:
    """Ask one request after the other; return the numbers of good and of other answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    good = number = 0
    while not stopped.is_set():
        number += 1
        head = f"POST /v1/models/iris:predict HTTP/1.1\r\nHost: iris\r\nCe-Id: {connection}.{number}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(_BODY)}\r\n\r\n"
        writer.write(head.encode() + _BODY)
        try:
            answer = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            break
        good += answer.startswith(b"HTTP/1.1 200 ")
    writer.close()
    return good, number - good


async def main(port: int, connections: int) -> None:
    """Ask over several connections until standard input ends, and print the counts."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        loop.remove_reader(0)
        stopped.set()

    loop.add_reader(0, stop)
    counts = await asyncio.gather(*(ask(port, connection, stopped) for connection in range(connections)))
    print(sum(good for good, _ in counts), sum(failed for _, failed in counts))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
