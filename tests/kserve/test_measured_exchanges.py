"""Odd exchanges, where the libraries below KServe's agent decide: malformed requests, HTTP/2, answers cut short, gzip.

`measured_exchanges.json` has the shape of `tests/conformance/events.json`. It was measured with KServe's logger handler
and worker as of 2026-08-21, set up as its agent does (Knative's server, Drainer, ForwardedShimHandler and transport),
and the library versions of `tests/conformance/versions.json`. The setup also gave every case of `events.json`.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from exchanges import check_exchange

CASES = json.loads(Path(__file__).with_name("measured_exchanges.json").read_text("ascii"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_measured_exchange(case: dict[str, Any]) -> None:
    check_exchange(case)
