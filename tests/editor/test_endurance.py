"""Latency and memory of the server. `-m long` makes ten thousand changes, too, which takes some minutes."""

import asyncio
import os
import sys
import time
from pathlib import Path
from statistics import median

import pytest

pytest.importorskip("pygls", reason="pygls is not installed: pip install 'isvclog[editor]'")

from editor_client import Editor, edit

EXAMPLE = Path(__file__).parents[2] / "examples" / "11-comma.yaml"
PAUSE = 0.05
WITHIN = 0.020
"""Seconds from the end of the pause to the diagnostics of a usual manifest, on a machine that does nothing else."""
BUSY = 10
"""How much slower a machine may be on which other tests run."""
DOCUMENTS = 200
MOST_GROWTH = 4 * 1024 * 1024
"""Bytes that the server may grow by while it takes the changes: allocators do not give back everything."""


def memory(editor: Editor) -> int:
    """Return the bytes of the server that are in memory."""
    pages = int(Path(f"/proc/{editor.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_a_usual_manifest_is_checked_at_once(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    taken: list[float] = []

    async def steps(editor: Editor) -> None:
        uri = editor.open(tmp_path / "isvc.yaml", text)
        await editor.diagnostics(uri)
        for number in range(20):
            version = editor.change(uri, f"{text}# {number}\n")
            start = time.perf_counter()
            assert await editor.diagnostics(uri, version)
            taken.append(time.perf_counter() - start - PAUSE)

    edit(tmp_path, steps, settings={"debounce": PAUSE * 1000})
    print(f"median {median(taken) * 1000:.1f} ms after the pause, at most {max(taken) * 1000:.1f} ms", file=sys.stderr)
    assert min(taken) < WITHIN
    assert median(taken) < WITHIN * BUSY


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the memory of another process is not known here")
@pytest.mark.parametrize("changes", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_changes_of_a_large_document_leave_nothing_behind(
    changes: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if request.node.get_closest_marker("long") and "long" not in request.config.getoption("-m"):
        pytest.skip("takes some minutes: select it with -m long")
    one = EXAMPLE.read_text(encoding="utf-8")
    text = "\n---\n".join([one] * (5_000 // one.count("\n") + 1))
    assert text.count("\n") >= 5_000
    sizes: list[int] = []
    taken: list[float] = []

    async def steps(editor: Editor) -> None:
        uri = editor.open(tmp_path / "isvc.yaml", text)
        await editor.diagnostics(uri)
        for number in range(1, changes + 1):
            if number % (changes // 10) == 0:
                await editor.diagnostics(uri, editor.change(uri, text))
                start = time.perf_counter()
                version = editor.change(uri, f"{text}# {number}\n")
                assert await editor.diagnostics(uri, version)
                taken.append(time.perf_counter() - start)
                sizes.append(memory(editor))
            else:
                editor.change(uri, f"{text}# {number}\n")
                if number % 20 == 0:  # an editor waits for the pipe, too
                    await asyncio.sleep(0)
                    await editor.client.protocol.writer.drain()

    edit(tmp_path, steps, settings={"debounce": 0})
    shown = " ".join(f"{size / 1024 / 1024:.1f}" for size in sizes)
    print(f"{changes:,} changes of 5,000 lines: {shown} MiB, median {median(taken) * 1000:.0f} ms", file=sys.stderr)
    assert sizes[-1] - max(sizes[2:4]) < MOST_GROWTH


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the memory of another process is not known here")
def test_documents_that_are_closed_are_forgotten(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8") + "# filler\n" * 20_000
    sizes: list[int] = []

    async def steps(editor: Editor) -> None:
        for number in range(DOCUMENTS):
            uri = editor.open(tmp_path / f"isvc-{number}.yaml", text)
            assert await editor.diagnostics(uri)
            editor.close(uri)
            assert await editor.diagnostics(uri) == []
            sizes.append(memory(editor))

    edit(tmp_path, steps)
    # Memory rises and falls with each collection; a quarter of what the documents of the second half have together.
    half = DOCUMENTS // 2
    assert max(sizes[half:]) - max(sizes[:half]) < len(text) * half // 4
