"""Iteration that Ctrl-C ends after the item at hand."""

import os
import signal
from collections.abc import Iterator

import pytest

from isvclog.cli.terminal.interrupt import Interruptible, until_interrupted

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT to send")


def test_an_item_on_its_way_is_given_up() -> None:
    def items() -> Iterator[int]:
        yield 1
        results.stop()
        pytest.fail("it goes on")

    results = Interruptible(items())
    assert list(results) == [1]
    assert results.stopped


def test_the_item_at_hand_is_the_last() -> None:
    with until_interrupted(iter((1, 2, 3))) as results:
        assert next(results) == 1
        signal.raise_signal(signal.SIGINT)
        assert list(results) == []
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_when_all_is_done_ctrl_c_waits_for_the_report() -> None:
    with until_interrupted(iter((1,))) as results:
        assert list(results) == [1]
        signal.raise_signal(signal.SIGINT)
        assert results.stopped
