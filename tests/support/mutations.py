"""Manifests that nobody would write: known ones with values, keys, structure and characters changed at random."""

import copy
import json
import random
from typing import Any

HOSTILE = [
    "", " ", "a,b", "say \"hi\"", 'line\nbreak', 'tail\n', '\x1b[31mred\x1b[0m', '\x07\x00\x7f',
    '\x85\u2028\u2029', '\u202egnp.exe', "::error file=a::b", "%0A::warning::x", "]]>", "<b>&amp;", "a=b",
    "x,c=d,", ",", "$(AWS_SECRET_ACCESS_KEY)", "$$", "$(", "%41%zz", "[link](javascript:x)", "`tick`", "[/red]",
    "ünï☃", "😀" * 3, "x" * 9000, "http://u:p@h/", "http://h:99999", "//", ":", "s3://b/p", "S3://b", "gs://",
    "abfs://c@a/p", "kafka://x", "5s", "1d", "-1", "null", "yes", "0x1F", "x-request-id", "Host", "X Y", '\ud800',
    "internal.serving.kserve.io/logger", "kubectl.kubernetes.io/last-applied-configuration", "isvclog: ignore[x]",
    "# isvclog: ignore[", "all", "request", "Standard", "RawDeployment", "ModelMesh",
    "serving.kserve.io/deploymentMode",
]  # fmt: skip
_OTHERS: list[Any] = [None, True, 0, -1, 1.5, 10**30, [], {}, [None], {"": None}, [["deep"]], {"a": {"b": ["c"]}}]
_KEYS = (
    "logger url mode metadataHeaders metadataAnnotations storage marshallerUrl batchSize batchInterval path key format "
    "parameters annotations labels predictor transformer explainer canary batcher containers readinessProbe ports name "
    "env model runtime"
).split()
_PIECES = [*"\n\r\t{}[]\"'#|>\x1b\ufeffé\x00", "- ", ": ", "&a ", "*a", "---\n", "!!str "]


def mutated(data: Any, chance: random.Random) -> Any:
    """A copy of plain data with one to four of its values or keys changed."""
    result = copy.deepcopy(data)
    for _ in range(chance.randint(1, 4)):
        places = list(_places(result))
        if places:
            container, key = chance.choice(places)
            _change(container, key, chance)
    return result


def garbled(text: str, chance: random.Random) -> str:
    """The text with one to five stretches cut out, doubled or replaced."""
    for _ in range(chance.randint(1, 5)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 0, 1, 1, 3, 20)))
        put = chance.choice((chance.choice(_PIECES), chance.choice(HOSTILE), text[start:end] * 2, ""))
        text = text[:start] + put + text[end:]
    return text


def written(data: Any, chance: random.Random) -> str:
    """As JSON, which is YAML too; escaped or not, on one line or on many."""
    return json.dumps(data, indent=chance.choice((None, 2)), ensure_ascii=chance.random() < 0.5)


def _places(node: Any) -> Any:
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield node, key
        yield from _places(node[key])


def _change(container: Any, key: Any, chance: random.Random) -> None:
    action = chance.randrange(6)
    if action == 0:
        del container[key]
    elif action == 1:
        container[key] = copy.deepcopy(chance.choice(_OTHERS))
    elif action == 2 and isinstance(container, dict):
        container[chance.choice(_KEYS + HOSTILE)] = container.pop(key)
    elif action == 3 and isinstance(container, dict):
        container[chance.choice(_KEYS + HOSTILE)] = copy.deepcopy(chance.choice(HOSTILE + _OTHERS))
    elif action == 3:
        container.insert(key, chance.choice(HOSTILE))
    else:
        container[key] = chance.choice(HOSTILE)
