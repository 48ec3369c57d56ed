"""Pairs of requests and responses, and why one half is missing."""

from local_sink import REQUEST, RESPONSE, of

from isvclog.httpserver import HttpRequest
from isvclog.sink import pairing
from isvclog.sink.cloudevents.binary import decode_binary
from isvclog.sink.cloudevents.events import SinkEvent
from isvclog.sink.pairing import Pairing


def event(half: str, **changed: str) -> SinkEvent:
    headers = [(name.encode(), value.encode()) for name, value in of(Type=half, **changed).items()]
    return decode_binary(HttpRequest(b"POST", b"/", b"1.1", headers, b""), 0)


def test_either_half_may_come_first_and_ids_may_come_again() -> None:
    pairs = Pairing(10)
    assert pairs.add(1, event(REQUEST), 0) is None
    assert pairs.add(2, event(REQUEST), 0) is None
    assert pairs.add(3, event(RESPONSE), 0) == 1
    assert pairs.add(4, event(RESPONSE), 0) == 2
    assert pairs.add(5, event(RESPONSE), 0) is None
    assert pairs.add(6, event(REQUEST), 0) == 5
    assert (pairs.pairs, len(pairs)) == (3, 0)


def test_a_transformer_is_no_partner_of_a_predictor() -> None:
    pairs = Pairing(10)
    pairs.add(1, event(REQUEST, Component="transformer"), 0)
    assert pairs.add(2, event(RESPONSE, Component="predictor"), 0) is None
    assert pairs.add(3, event("com.example.other"), 0) is None
    assert len(pairs) == 2


def test_what_waits_too_long_is_told_once_with_its_causes() -> None:
    pairs = Pairing(10)
    pairs.add(1, event(REQUEST, Id="a"), 0)
    pairs.add(2, event(RESPONSE, Id="b"), 5)
    assert list(pairs.expired(9)) == []
    (alone, missing, causes) = next(iter(pairs.expired(10)))
    assert (alone.number, missing) == (1, "response")
    assert causes[0] == "the model's status was not 200: only 200 is logged"
    (alone, missing, causes) = next(iter(pairs.expired(15)))
    assert (alone.number, missing, causes[0]) == (2, "request", "the logger's mode is `response`")
    assert list(pairs.expired(100)) == []


def test_a_half_that_the_sink_refused_is_the_reason() -> None:
    pairs = Pairing(0)
    pairs.refuse(event(RESPONSE), "this sink refused it")
    pairs.add(1, event(REQUEST), 0)
    assert [causes for _, _, causes in pairs.expired(0)] == [["this sink refused it"]]


def test_what_waits_is_bounded() -> None:
    pairs = Pairing(10)
    for number in range(pairing.MOST_WAITING + 5):
        pairs.add(number, event(REQUEST, Id=str(number)), 0)
        pairs.refuse(event(RESPONSE, Id=str(number)), "")
    assert len(pairs) == pairing.MOST_WAITING
    assert pairs.add(-1, event(RESPONSE, Id="0"), 0) is None
