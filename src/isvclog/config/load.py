"""The meaning of a project file.

`config.schema.json` describes it for editors. This module checks the same with better messages, and more than a schema
can check: which rules exist, and which dates exist. A test compares the two.
"""

import os
import re
from collections.abc import Collection
from datetime import date

from isvclog.config import Config
from isvclog.config.reader import ConfigReader, config_error
from isvclog.errors import IsvclogError, UsageError
from isvclog.findings import Finding, Severity, code
from isvclog.keypath import KeyPath
from isvclog.kserve.apis.distributions import NAMES as DISTRIBUTIONS
from isvclog.kserve.apis.releases import find_release
from isvclog.manifest import Source, read_file
from isvclog.manifest.syntax.single import load_mapping
from isvclog.rules.policy import DEFAULT_SINK, SINK_LIMITS, Policy
from isvclog.suppressions import EXPIRED, UNUSED, SuppressionEntry

FIELDS = (
    "kserveVersion",
    "servingRuntimes",
    "inferenceserviceConfig",
    "distribution",
    "select",
    "ignore",
    "failOn",
    "sinkProfile",
    "requiredAnnotations",
    "forbiddenAnnotations",
    "allowedSinks",
    "sensitive",
    "ignores",
)
ENTRY_FIELDS = ("rule", "path", "kind", "namespace", "name", "reason", "expires")
SENSITIVE_FIELDS = ("keys", "allow")

_VERSION = re.compile(r"[0-9]+\.[0-9]+")
_CUSTOM = re.compile(r"custom=([1-9][0-9]{0,8})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def load_config(path: str, known_rules: Collection[str]) -> Config:
    """Load the project file at a path; an empty file is a `Config` without overrides.

    Raises UsageError with line and column for YAML that cannot be read, unknown keys, values of a wrong type or
    meaning, and unknown rules. Raises it without line and column if the file cannot be read.
    """
    try:
        source = read_file(path)
    except IsvclogError as error:
        raise UsageError(str(error)) from None
    return parse_config(source._replace(name=path), known_rules)


def parse_config(source: Source, known_rules: Collection[str]) -> Config:
    """Parse the bytes of a project file. Raises UsageError as `load_config` does."""
    path = source.name
    try:
        loaded = load_mapping(source)
    except IsvclogError as error:
        raise UsageError(str(error)) from None
    if loaded is None:
        return Config(path)
    if isinstance(loaded, Finding):
        raise config_error(path, loaded.span, loaded.message, loaded.remedy)
    for duplicate in loaded.duplicates:
        sentence = f"{code(str(duplicate.path[-1]))} is written twice, first in line {duplicate.first.line}."
        raise config_error(path, duplicate.span, sentence, "Keep one of them.")
    return _config(path, ConfigReader(loaded), known_rules)


def parse_sink(text: str) -> tuple[str, int]:
    """Parse a sink profile, such as `nginx` or `custom=16384`.

    Returns the kind of sink and the bytes of headers that it accepts. Raises ValueError for text that is neither a
    known kind nor a number of bytes.
    """
    if custom := _CUSTOM.fullmatch(text):
        return "custom", int(custom[1])
    if text not in SINK_LIMITS:
        raise ValueError(f"{text!a} is not a sink profile")
    return text, SINK_LIMITS[text]


def _config(path: str, reader: ConfigReader, rules: Collection[str]) -> Config:
    reader.keys((), FIELDS)
    fail_on = reader.choice(("failOn",), tuple(map(str, reversed(Severity))), "a severity")
    return Config(
        file=path,
        kserve_version=_version(reader),
        serving_runtimes=_runtimes(path, reader),
        inferenceservice_config=_beside(path, reader.text(("inferenceserviceConfig",))),
        distribution=reader.choice(("distribution",), tuple(DISTRIBUTIONS), "a distribution"),
        select=_select(reader, rules),
        ignore=reader.choices(("ignore",), rules, "a rule"),
        fail_on=Severity[fail_on.upper()] if fail_on else None,
        policy=_policy(reader),
        suppressions=tuple(_entry(reader, ("ignores", index), rules) for index in reader.items(("ignores",))),
    )


def _version(reader: ConfigReader) -> str | None:
    """Read the version as it is written, because an unquoted `0.10` is the number 0.1 in YAML."""
    path = ("kserveVersion",)
    value = reader.value(path)
    text = reader.written(path).split()[-1] if isinstance(value, float) else ""
    if not _VERSION.fullmatch(text):
        text = reader.text(path) or ""
    if value is None:
        return None
    try:
        find_release(text)
    except UsageError as error:
        raise config_error(reader.file, reader.span(path), str(error), "") from None
    return text


def _runtimes(file: str, reader: ConfigReader) -> tuple[str, ...]:
    """Read the files with runtimes. They are relative to the project file; `shipped` is a word and not a file."""
    written = reader.texts(("servingRuntimes",)) or ()
    return tuple(text if text == "shipped" else os.path.join(os.path.dirname(file), text) for text in written)


def _beside(file: str, name: str | None) -> str | None:
    """Read the name of a file as relative to the project file."""
    return os.path.join(os.path.dirname(file), name) if name else None


def _select(reader: ConfigReader, rules: Collection[str]) -> tuple[str, ...]:
    if reader.value(("select",)) == []:
        reader.fail(
            ("select",), "is empty, so nothing would be checked", "Name the rules, or remove this key to select all."
        )
    return reader.choices(("select",), rules, "a rule")


def _policy(reader: ConfigReader) -> Policy:
    if isinstance(reader.value(("sinkProfile",)), int):
        reader.fail(("sinkProfile",), "is a number", "Write it like `custom=16384`.")
    profile = reader.text(("sinkProfile",)) or DEFAULT_SINK
    try:
        sink, limit = parse_sink(profile)
    except ValueError:
        if profile.startswith("custom"):
            reader.fail(("sinkProfile",), "has no number of bytes", "Write it like `custom=16384`.")
        reader.named(("sinkProfile",), profile, (*SINK_LIMITS, "custom=N"), "a sink profile")
        raise
    if reader.value(("sensitive",)) is not None:
        reader.keys(("sensitive",), SENSITIVE_FIELDS)
    return Policy(
        sink=sink,
        sink_limit=limit,
        required_annotations=reader.texts(("requiredAnnotations",)) or (),
        forbidden_annotations=reader.texts(("forbiddenAnnotations",)) or (),
        allowed_sinks=reader.texts(("allowedSinks",)),
        sensitive_keys=reader.texts(("sensitive", "keys")) or (),
        sensitive_allowed=reader.texts(("sensitive", "allow")) or (),
    )


def _entry(reader: ConfigReader, path: KeyPath, rules: Collection[str]) -> SuppressionEntry:
    reader.keys(path, ENTRY_FIELDS)
    rule = reader.choice((*path, "rule"), rules, "a rule")
    reason = reader.text((*path, "reason"))
    if rule is None:
        reader.fail(path, "has no rule", "Add `rule:` with the name of the rule to ignore.")
    if reason is None:
        reader.fail(path, "has no reason", "Add `reason:` and say why the finding is acceptable.")
    if rule in (UNUSED, EXPIRED):
        reader.fail((*path, "rule"), f"is {code(rule)}, which no entry can ignore", "Name it under `ignore` instead.")
    return SuppressionEntry(
        rule=rule,
        reason=reason,
        span=reader.span((*path, "rule")),
        path=_glob(reader, (*path, "path")),
        kind=reader.text((*path, "kind")) or "",
        namespace=reader.text((*path, "namespace")) or "",
        name=reader.text((*path, "name")) or "",
        expires=_day(reader, (*path, "expires")),
    )


def _glob(reader: ConfigReader, path: KeyPath) -> str:
    pattern = reader.text(path) or ""
    if "\\" in pattern:
        reader.fail(path, "has a backslash", "Separate folders by forward slashes.")
    if pattern.startswith(("/", "~")) or ".." in pattern.split("/") or os.path.splitdrive(pattern)[0]:
        reader.fail(
            path, "leads out of the folder of this file", "Write it relative to that folder: `models/**/*.yaml`."
        )
    return pattern


def _day(reader: ConfigReader, path: KeyPath) -> date | None:
    value = reader.value(path)
    if value is None:
        return None
    try:
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        reader.fail(path, "is not a date", "Write it like 2030-01-31.")
