"""Values, judged by their shape, and what is shown of them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from specimens import plain_values, shaped_values

from isvclog.redact.shapes import Class
from isvclog.redact.values import has_sensitive_shape, value_shape

SHAPED = shaped_values()
KINDS = {
    "a card number": Class.SECRET,
    "an e-mail address": Class.PERSONAL,
    "a PEM certificate": Class.HINT,
    "a secret access key of AWS": Class.LIKELY,
    "a random text, as keys are": Class.HINT,
}


def test_the_lists_are_long_enough_to_measure_by() -> None:
    shaped, plain = {value for _, value in SHAPED}, plain_values()
    assert min(len(shaped), len({*plain})) >= 60
    assert not shaped & {*plain}
    assert (len(shaped), len({*plain})) == (len(SHAPED), len(plain))


# By number: what pytest prints of a failure should not be taken for a leak by those who scan logs.
@pytest.mark.parametrize("number", range(len(SHAPED)))
def test_shape(number: int) -> None:
    name, value = SHAPED[number]
    shape = value_shape(value)
    assert shape is not None
    assert shape.name == name
    assert shape.kind is KINDS.get(name, Class.SECRET)
    assert has_sensitive_shape(value) is (name != "a random text, as keys are")


@pytest.mark.parametrize("value", plain_values())
def test_plain_value(value: str) -> None:
    assert value_shape(value) is None
    assert not has_sensitive_shape(value)


@pytest.mark.parametrize("number", range(len(SHAPED)))
def test_a_shape_is_found_inside_a_sentence(number: int) -> None:
    name, value = SHAPED[number]
    if KINDS.get(name) is Class.LIKELY or name == "a random text, as keys are":
        return  # only if it is the whole value
    assert has_sensitive_shape(f"note: {value} (see above)")


@given(st.sampled_from(plain_values()))
def test_plain_values_beside_each_other_stay_plain(value: str) -> None:
    assert not has_sensitive_shape(f"{value}; {value}")


@given(st.text(alphabet="0123456789abcdef", min_size=1, max_size=200))
def test_hexadecimal_is_no_key(value: str) -> None:
    shape = value_shape(value)
    assert shape is None or shape.name == "a card number"


@given(st.uuids())
def test_a_uuid_is_no_key(value: object) -> None:
    assert value_shape(str(value)) is None


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-.", max_size=253))
def test_a_kubernetes_name_is_not_random(value: str) -> None:
    shape = value_shape(value)
    assert shape is None or shape.kind is not Class.HINT


@given(st.text(max_size=2000))
def test_judging_a_value_never_fails(text: str) -> None:
    value_shape(text)


TRICKY = """
z 1 a- eyJ -eyJaaaaaaaa a@ a. a@a. ://a: a://b: sk- sk-a- .atlasv1. :AA Q~ aaa8Q~ -us1 1234567890:AA ---- -----BEGIN
4111 4- 3 xox xapp-1- ghp_ hooks.slack.com/services/T password= password pwd;pwd= .eyJ a.eyJ T aA1 + = . @ a+ /T1
{a: {"a": {a= ,a: &a= a=" a=' "a": 'a': {{a= a=${ a=$( a=< % %41 ?a=%41 %3D ａ ＝ -Key:x- x-key: x- curl DE12 +1- 00
123-45- 123-45-6789 s.s.a1 API- a@xn-- a@a.b@ EAAA EAAA_ _mmk abcdef_ .acc sc_aaaaa.aaaa kind:Secret data: SG. .ey
[ { \\u0041 /webhooks/ office.com/webhook/ QQ== YTph
""".split()


SPACED = [
    *(
        "Basic ",
        "Bearer ",
        "bearer a",
        " ",
        "password= ",
        "PRIVATE KEY",
        "4 ",
        "curl -u a:",
        "curl ",
        "machine a login b ",
    ),
    *(
        "default login a ",
        "authorization: ",
        "x-a-key: ",
        "a = ",
        "# a: ",
        "+1 ",
        "DE12 ",
        "00 1 ",
        "\n",
        "\na: ",
        "kind: Secret\n",
    ),
]


@pytest.mark.parametrize("text", [*TRICKY, *SPACED])
def test_the_longest_annotation_takes_no_longer_than_its_length(text: str) -> None:
    # Were this quadratic, it would not end.
    value_shape(text * (256 * 1024 // len(text)))


@pytest.mark.parametrize(
    "text",
    [
        "a@a.",
        "-eyJaaaaaaaa.",
        "a://b:",
        "4111-",
        "bearer a",
        "sk-a-",
        "password= ",
        "curl -u a:",
        "{a:",
        '{"a":',
        "%41=",
    ],
)
def test_twice_the_length_takes_no_more_than_three_times_as_long(text: str) -> None:
    def taken(size: int) -> float:
        value = text * (size // len(text))
        times = []
        for _ in range(7):
            before = time.process_time()
            value_shape(value)
            times.append(time.process_time() - before)
        return min(times)

    value_shape(text)
    # A few tries, as other processes use the same caches.
    assert any(taken(256 * 1024) <= 3 * taken(128 * 1024) + 0.002 for _ in range(4))
