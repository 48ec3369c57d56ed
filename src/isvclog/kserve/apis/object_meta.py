"""A manifest's `metadata`: the parts that KServe uses, and the checks of the API server.

Source: ValidateObjectMeta and ValidateAnnotations of k8s.io/apimachinery, IsvcRegexp of KServe's validating webhook.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from isvclog.kserve.apis import decode
from isvclog.kserve.apis.decode import Rejected
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

_PATH = ("metadata",)
_SERVICE_NAME = late_pattern(r"[a-z](?:[-a-z0-9]*[a-z0-9])?")
_KEY_NAME = r"(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_LABEL = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_KEY_PREFIX = rf"{_LABEL}(?:\.{_LABEL})*"
_NAME_FORM, _PREFIX_FORM = late_pattern(_KEY_NAME), late_pattern(_KEY_PREFIX)
_LONGEST_NAME, _LONGEST_PREFIX = 63, 253
KEY_PATTERNS = (
    rf"(?i)^(?:{_KEY_PREFIX}/)?{_KEY_NAME}$",
    rf"^(?:[^/]{{1,{_LONGEST_PREFIX}}}/)?[^/]{{1,{_LONGEST_NAME}}}$",
)
"""Patterns for programs that have regular expressions only: a key that matches both has no `key_problem`."""
_ANNOTATION_BYTES = 256 * 1024


class ObjectMeta(NamedTuple):
    """The name, namespace, annotations and labels of a service."""

    name: str
    namespace: str
    annotations: Mapping[str, str]
    labels: Mapping[str, str]


def read_metadata(data: Mapping[str, Any]) -> ObjectMeta:
    """Read the metadata of a service; raise Rejected if the cluster does not accept it.

    The namespace is `default` if the manifest names none. Without a name, `generateName` is used.
    """
    metadata = decode.mapping(data, (), "metadata")
    annotations, labels = (_strings(metadata, key) for key in ("annotations", "labels"))
    _check_annotations(annotations)
    return ObjectMeta(
        name=_name(metadata),
        namespace=decode.string(metadata, _PATH, "namespace") or "default",
        annotations=annotations,
        labels=labels,
    )


def _name(metadata: Mapping[str, Any]) -> str:
    name, prefix = (decode.string(metadata, _PATH, key) or "" for key in ("name", "generateName"))
    if not name and not prefix:
        raise Rejected((*_PATH, "name"), "is missing, and so is generateName")
    if found := name_refusal(name, prefix):
        raise Rejected(*found)
    return name or prefix


def name_refusal(name: str, prefix: str = "") -> tuple[tuple[str, str], str, str] | None:
    """Return path, reason and KServe's message if it rejects the name of a service; None if it accepts it.

    `prefix` is the `generateName` of a service without a name (InvalidISVCNameFormatError of component.go).
    """
    # The API server adds random letters to generateName.
    if _SERVICE_NAME.fullmatch(name or f"{prefix}x"):
        return None
    message = (
        f'the InferenceService "{name or prefix}" is invalid: a InferenceService name must consist of lower case '
        "alphanumeric characters or '-', and must start with alphabetical character. (e.g. \"my-name\" or "
        "\"abc-123\", regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
    )
    reason = "may only contain lower-case letters, digits and dashes, and starts with a letter"
    return ("metadata", "name" if name else "generateName"), reason, message


def _strings(metadata: Mapping[str, Any], key: str) -> dict[str, str]:
    # ObjectMeta is decoded by Go into map[string]string, where null becomes the empty string.
    values = {name: "" if value is None else value for name, value in decode.mapping(metadata, _PATH, key).items()}
    return decode.string_map({key: values}, _PATH, key)


def _check_annotations(annotations: Mapping[str, str]) -> None:
    for key in annotations:
        if problem := key_problem(key):
            raise Rejected((*_PATH, "annotations", key), f"is not a valid annotation key: {problem}")
    characters = sum(map(len, annotations)) + sum(map(len, annotations.values()))
    if 4 * characters <= _ANNOTATION_BYTES:
        return
    size = sum(len(text.encode("utf-8", "surrogatepass")) for item in annotations.items() for text in item)
    if size > _ANNOTATION_BYTES:
        raise Rejected((*_PATH, "annotations"), f"have {size:,} bytes; Kubernetes allows {_ANNOTATION_BYTES:,}")


@lru_cache(maxsize=1024)  # many services have the same keys
def key_problem(key: str) -> str:
    """Describe why a key cannot be that of an annotation (k8s.io/apimachinery IsQualifiedName); empty if it can."""
    # Case does not matter in the keys of annotations.
    prefix, slash, name = key.lower().rpartition("/")
    if slash and (len(prefix) > _LONGEST_PREFIX or not _PREFIX_FORM.fullmatch(prefix)):
        return "the part before the slash must be a DNS name"
    if len(name) > _LONGEST_NAME:
        return f"it may have at most {_LONGEST_NAME} characters, not counting a prefix that ends in a slash"
    if not _NAME_FORM.fullmatch(name):
        return "it may only contain letters, digits, '-', '_' and '.', and must start and end with a letter or digit"
    return ""
