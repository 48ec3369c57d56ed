"""Without the C parser everything still works; and nothing is imported that is not needed."""

import subprocess
import sys

WITHOUT_C = "import sys; sys.modules['_ruamel_yaml'] = sys.modules['_ruamel_yaml_clibz'] = None\n"
LOAD = """
from isvclog.manifest import Source, load
data = {data!r}
print([item.label for item in load(Source("x", data), [b"InferenceService"])])
import sys
print("ruamel.yaml" in sys.modules, "_ruamel_yaml" in sys.modules and bool(sys.modules["_ruamel_yaml"]))
"""
YAML = b"kind: InferenceService\nmetadata: {name: iris, note: http://x}\n"


def run(data: bytes, before: str = "") -> list[str]:
    program = before + LOAD.format(data=data)
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return ended.stdout.splitlines()


def test_the_python_parser_is_used_where_there_is_no_other() -> None:
    assert run(YAML) == ["['InferenceService/iris']", "True True"]
    assert run(YAML, WITHOUT_C) == ["['InferenceService/iris']", "True False"]


def test_ruamel_is_imported_only_for_yaml_that_may_matter() -> None:
    assert run(b"kind: Deployment\n") == ["[]", "False False"]
    assert run(b'{"kind": "InferenceService"}') == ["['InferenceService']", "False False"]
