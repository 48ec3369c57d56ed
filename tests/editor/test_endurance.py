"""Latency and memory of the server. `-m long` makes ten thousand changes, too, which takes some minutes.

What the server has is measured after a collection of garbage, which SIGUSR1 asks for: Python collects old objects
rarely, so its memory rises by some megabytes in between, and falls again.
"""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest

pytest.importorskip("pygls", reason="pygls is not installed: pip install 'isvclog[editor]'")

from editor_client import Editor, edit
from lsprotocol import types

EXAMPLE = Path(__file__).parents[2] / "examples" / "11-comma.yaml"
PAUSE = 0.05
WITHIN = 0.020
"""Seconds from the end of the pause to the diagnostics of a usual manifest, on a machine that does nothing else."""
BUSY = 10
"""How much slower a machine may be on which other tests run."""
DOCUMENTS = 60
MOST_GROWTH = 4 * 1024 * 1024
"""Bytes that the server may grow by while it takes the changes: allocators do not give back everything."""
COLLECTED = """\
import gc, signal
signal.signal(signal.SIGUSR1, lambda *_: gc.collect())
from isvclog.cli.main import run
run()
"""
"""A server that collects garbage when it is asked to."""
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="the memory of another process is not known here"
)


class Usage(NamedTuple):
    """What the server has at one moment; `memory` in bytes."""

    memory: int
    threads: int
    files: int


async def usage(editor: Editor) -> Usage:
    """Measure the server, after it has collected its garbage."""
    os.kill(editor.pid, signal.SIGUSR1)
    document = types.TextDocumentIdentifier("file:///not-open.yaml")
    await editor.wait(editor.client.text_document_code_lens_async(types.CodeLensParams(document)))
    await asyncio.sleep(0.2)  # threads that have ended are still listed for a moment
    process = Path(f"/proc/{editor.pid}")
    threads, files = (len(list((process / name).iterdir())) for name in ("task", "fd"))
    return Usage(memory(editor), threads, files)


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


@needs_proc
def test_changes_of_a_large_document_leave_nothing_behind(tmp_path: Path) -> None:
    changes = 200
    one = EXAMPLE.read_text(encoding="utf-8")
    text = "\n---\n".join([one] * (5_000 // one.count("\n") + 1))
    assert text.count("\n") >= 5_000
    sizes: list[int] = []
    taken: list[float] = []

    async def steps(editor: Editor) -> None:
        uri = editor.open(tmp_path / "isvc.yaml", text)
        await editor.diagnostics(uri)
        for number in range(1, changes + 1):
            if number % (changes // 5) == 0:
                await editor.diagnostics(uri, editor.change(uri, text))
                start = time.perf_counter()
                version = editor.change(uri, f"{text}# {number}\n")
                assert await editor.diagnostics(uri, version)
                taken.append(time.perf_counter() - start)
                sizes.append((await usage(editor)).memory)
            else:
                editor.change(uri, f"{text}# {number}\n")
                if number % 20 == 0:  # an editor waits for the pipe, too
                    await asyncio.sleep(0)
                    await editor.client.protocol.writer.drain()

    edit(tmp_path, steps, settings={"debounce": 0}, command=COLLECTED)
    shown = " ".join(f"{size / 1024 / 1024:.1f}" for size in sizes)
    print(f"{changes:,} changes of 5,000 lines: {shown} MiB, median {median(taken) * 1000:.0f} ms", file=sys.stderr)
    assert sizes[-1] - sizes[1] < MOST_GROWTH


@needs_proc
def test_documents_that_are_closed_are_forgotten(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8") + "# filler\n" * 20_000
    sizes: list[int] = []

    async def steps(editor: Editor) -> None:
        for number in range(DOCUMENTS):
            uri = editor.open(tmp_path / f"isvc-{number}.yaml", text)
            assert await editor.diagnostics(uri)
            editor.close(uri)
            assert await editor.diagnostics(uri) == []
            if number in (DOCUMENTS // 4, DOCUMENTS - 1):
                sizes.append((await usage(editor)).memory)

    edit(tmp_path, steps, command=COLLECTED)
    assert sizes[1] - sizes[0] < len(text) * DOCUMENTS // 4


@needs_proc
@pytest.mark.parametrize("changes", [120, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_server_neither_grows_nor_leaks(changes: int, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Many documents are opened, changed, asked about and closed; each change is checked."""
    if request.node.get_closest_marker("long") and "long" not in request.config.getoption("-m"):
        pytest.skip("takes some minutes: select it with -m long")
    texts = [path.read_text(encoding="utf-8") for path in sorted(EXAMPLE.parent.glob("*.yaml"))]
    measured: list[Usage] = []

    async def steps(editor: Editor) -> None:
        opened: dict[int, str] = {}
        for number in range(changes):
            index = number % len(texts)
            if index not in opened:
                opened[index] = editor.open(tmp_path / f"isvc-{index}.yaml", texts[index])
                await editor.diagnostics(opened[index], 1)
            uri = opened[index]
            await editor.diagnostics(uri, editor.change(uri, f"{texts[index]}# {number}\n"))
            if number % 3 == 0:
                await ask(editor, uri)
            if number % 4 == 0:
                editor.close(opened.pop(index))
            if number % (changes // 10) == 0:
                measured.append(await usage(editor))
        measured.append(await usage(editor))

    async def ask(editor: Editor, uri: str) -> None:
        document, client = types.TextDocumentIdentifier(uri), editor.client
        whole = types.Range(types.Position(0, 0), types.Position(99, 0))
        await editor.wait(client.text_document_code_lens_async(types.CodeLensParams(document)))
        await editor.wait(client.text_document_hover_async(types.HoverParams(document, types.Position(8, 8))))
        params = types.CodeActionParams(document, whole, types.CodeActionContext([]))
        await editor.wait(client.text_document_code_action_async(params))
        execute = types.ExecuteCommandParams("isvclog.preview", [uri, 0, ""])
        await editor.wait(client.workspace_execute_command_async(execute))

    edit(tmp_path, steps, settings={"debounce": 0}, command=COLLECTED)
    shown = " ".join(f"{each.memory / 1024 / 1024:.1f}" for each in measured)
    print(
        f"{changes:,} changes: {shown} MiB, {measured[-1].threads} threads, {measured[-1].files} files", file=sys.stderr
    )
    # The first documents import what they need, and each rule and each service gets a file.
    warm = measured[2]
    assert measured[-1].memory - warm.memory < MOST_GROWTH
    assert measured[-1][1:] == warm[1:]
