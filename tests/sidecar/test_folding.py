import asyncio

from isvclog.sidecar.simulation.folding import MessageFolder


def test_a_message_is_written_once_and_then_counted() -> None:
    async def run() -> list[str]:
        written: list[str] = []
        folder = MessageFolder(written.append, seconds=3_600)
        for number in range(1_000):
            folder("Sent with status code 500")
            if number % 2:
                folder("EOF")
        folder.flush()
        folder("EOF")
        folder.flush()
        return written

    assert asyncio.run(run()) == [
        "Sent with status code 500",
        "EOF",
        "Sent with status code 500 (999 more)",
        "EOF (499 more)",
        "EOF",
    ]


def test_many_kinds_are_folded_too() -> None:
    async def run() -> list[str]:
        written: list[str] = []
        folder = MessageFolder(written.append, seconds=3_600)
        for number in range(1_000):
            folder(f"error {number}")
        folder.flush()
        return written

    written = asyncio.run(run())
    assert len(written) == 21
    assert written[-1] == "other messages (980 more)"


def test_counts_are_written_in_time() -> None:
    async def run() -> None:
        counted = asyncio.get_running_loop().create_future()
        folder = MessageFolder(lambda text: "more" in text and counted.set_result(text), seconds=0)
        folder("EOF")
        folder("EOF")
        assert await asyncio.wait_for(counted, 5) == "EOF (1 more)"

    asyncio.run(run())
