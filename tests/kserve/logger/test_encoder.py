"""Events from a template are those of `build_event`, byte for byte, and are refused for the same reasons."""

from collections.abc import Callable

from exchanges import PROBE, RELEASE
from hypothesis import given
from hypothesis import strategies as st

from isvclog.kserve.agent import startup as agent
from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.golang import url as gourl
from isvclog.kserve.golang.strings import from_bytes
from isvclog.kserve.logger.encoder import EventEncoder
from isvclog.kserve.logger.events import REQUEST, RESPONSE, LogRequest, build_event
from isvclog.kserve.logger.sender import Undeliverable

URLS = (
    "http://sink.example/", "https://u%25:p@[fe80::1%25eth0]:8443/a%2F?b=%d#c", "http://bücher.example/", "#", "",
    "http://h:99999/", "s3://b/%ff", "gs:///p", "//h/p", "http://h/ a", "kafka://h", "http:///x", "http://h?a b",
)  # fmt: skip
SOURCES = ("http://localhost:9081/", "pod-1", "#", "x:%25s", "%41", " ")
STARTED = agent.start(["--log-url", URLS[0], "--log-mode", "all"], PROBE, RELEASE).settings
assert STARTED is not None

strings = st.binary(max_size=10).map(from_bytes) | st.text('aé%"<&>\t\n\r\x7f\xa0\u2028 ,=', max_size=8)
names = st.sampled_from(("X-Request-Id", "Authorization", "%s", "%b")) | strings
types = st.sampled_from(
    (
        *["application/json", "", "text/plain; charset=utf-8"] * 2,
        *["text/plain; charset", "a/b;", "a/b; c=1; c=2", "\xa0a/b", "json", "*/*", "/", "%b", "a/b\r\n", 'a/b; c="é"'],
    )
)
times = st.integers(0, 4_102_444_800 * 10**9) | st.sampled_from((0, 10**9, 1_500_000_000_120_000_000))
annotations = st.dictionaries(
    st.sampled_from("ab"), st.sampled_from(("", "50%", "%d %b", "é", "<a>", "\n")), max_size=2
)
# Mostly those of an agent that can send.
settings = st.builds(
    lambda url, source, release, **others: STARTED._replace(
        url=gourl.parse(url), source=gourl.parse(source), release=find_release(release), **others
    ),
    st.sampled_from((*URLS[:3] * 8, *URLS)),
    st.sampled_from((*SOURCES[:2] * 8, *SOURCES)),
    st.sampled_from((*["0.20.0"] * 3, "0.18.1", "0.17.0", "0.15.1", "0.14.1", "0.13.0", "0.9.0")),
    service=st.sampled_from(("iris", "100%", "é")),
    namespace=st.just("ns"),
    component=st.just("predictor"),
    endpoint=st.sampled_from(("", "", "", "a\x7f")),
    annotations=annotations,
)
values = st.sampled_from(("1", "%d", "é", "\x7f", "<")) | strings
metadata = st.dictionaries(names, st.lists(values, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2)


def logged_by(logger: AgentSettings) -> st.SearchStrategy[LogRequest]:
    return st.builds(
        LogRequest,
        st.just(logger),
        st.sampled_from((REQUEST, RESPONSE)),
        st.sampled_from(("1", "1", "%d", "a b", " a", "\xa0", "é", "a\x7f")) | strings,
        types,
        st.sampled_from((None, {}, {})) | metadata,
        st.binary(max_size=20),
        times,
    )


def built(logged: LogRequest, *, recorded_ns: int) -> bytes:
    return build_event(logged, recorded_ns=recorded_ns).head()


def outcome(encode: Callable[..., bytes], logged: LogRequest, recorded_ns: int) -> bytes | str:
    try:
        return encode(logged, recorded_ns=recorded_ns)
    except Undeliverable as error:
        return str(error)


@given(
    settings.flatmap(lambda logger: st.tuples(st.just(logger), st.lists(logged_by(logger), min_size=2, max_size=6))),
    times,
)
def test_events_are_those_of_build_event(made: tuple[AgentSettings, list[LogRequest]], recorded_ns: int) -> None:
    logger, several = made
    encoder = EventEncoder(logger)
    for logged in several:
        assert outcome(encoder.encode_head, logged, recorded_ns) == outcome(built, logged, recorded_ns)
