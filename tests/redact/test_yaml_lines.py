import time
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.redact.yaml_lines import hide_secrets

SECRET = "do-not-show-7"
TOKEN = "hf_" + "abcdefghijklmnopqrstuvwxyzABCDEFGH"


def shown(text: str) -> str:
    lines = text.encode("utf-8", "surrogateescape").splitlines(keepends=True)
    return "".join(hide_secrets(lines, at) + "\n" for at in range(len(lines)))


HIDDEN = {
    "plain": f"api-key: {SECRET}, {SECRET}",
    "quoted": f'"api-key": "{SECRET}\\" {SECRET}"',
    "single": f"api-key: '{SECRET}'' {SECRET}'",
    "decorated": f"api-key: !!str &key {SECRET}",
    "flow": f"annotations: {{api-key: {SECRET}, plain: a}}",
    "json": f'{{"annotations":{{"api-key":"{SECRET}","plain":"a"}}}}',
    "json without quotes": f'{{"api-key":{SECRET},"plain":1}}',
    "block": f"api-key: |-\n  {SECRET}\n\n  {SECRET}\nplain: a",
    "item": f"- api-key: >\n    {SECRET}",
    "continued": f"api-key: a\n  {SECRET}",
    "quotes over lines": f'api-key: "a\n  {SECRET}"',
    "variable": f"- name: DB_PASSWORD\n  value: {SECRET}",
    "variable the other way round": f"- value: {SECRET}\n  name: DB_PASSWORD",
    "variable in braces": f"[{{name: DB_PASSWORD, value: {SECRET}}}]",
    "url": f"url: http://bob:{SECRET}@sink/?token={SECRET}",
    "key in a block": f"pem: |\n  -----BEGIN PRIVATE KEY-----\n  {SECRET}\n  -----END PRIVATE KEY-----",
    "shape": f"plain: a {TOKEN}",
    "shape in a comment": f"plain: a # {TOKEN}",
    "shape in a list": f"- [a, {TOKEN}]",
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
def test_secrets_are_not_shown(text: str) -> None:
    found = shown(text)
    assert SECRET not in found
    assert TOKEN not in found
    assert "***" in found


def test_what_is_plain_is_shown() -> None:
    text = dedent("""\
        metadata:
          annotations:
            example.com/team: research, "a"
            example.com/author: anna
            note: |
              two
              lines
            max-tokens: "4096"
        spec:
          predictor:
            logger:
              metadataAnnotations: [api-key, 'token']
              metadataHeaders:
                - X-Api-Key
              storage: {key: a, path: b, parameters: {format: csv}}
            containers:
              - name: kserve-container
                image: registry.example.com/model@sha256:0123456789abcdef
                env: [{name: LEVEL, value: debug}]
                envFrom:
                  - secretRef: {name: db-password}
              - password: |
                name: other
        """)
    assert shown(text) == text


def test_a_siblings_value_is_not_part_of_a_secret() -> None:
    assert shown("- api-key: a\n  plain: b\n") == "- api-key: ***\n  plain: b\n"
    assert shown("api-key:\n  plain: b\n") == "api-key:\n  plain: b\n"


@given(st.text(alphabet="ab-:|>'\"{}[], \n#&!=@/\t", max_size=200))
def test_it_takes_any_text(text: str) -> None:
    assert shown(text).count("\n") == len(text.encode().splitlines())


@pytest.mark.parametrize("piece", ["a", "'", '"', "a:", "a: ", "- ", " ", "&a ", "{", "api-key: |"])
def test_long_lines_take_no_long_time(piece: str) -> None:
    start = time.process_time()
    shown(piece * 20_000)
    assert time.process_time() - start < 2
