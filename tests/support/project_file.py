"""The rules and the schema that tests of the project file share."""

import json
from pathlib import Path
from typing import Any

from isvclog import config

KNOWN = frozenset(
    "missing-url non-canonical-header cleartext-url sensitive-header unused-ignore expired-ignore "
    "unknown-field unparsable-manifest missing-annotation invalid-mode malformed-header duplicate-header".split()
)


def schema() -> Any:
    return json.loads(Path(config.__file__).with_name("config.schema.json").read_text(encoding="utf-8"))
