"""Rules about records in object storage and batches, which KServe takes from the predictor's logger."""

from collections.abc import Iterator

from isvclog.kserve.agent.settings import AGENT_MEMORY_BYTES, batch_bytes
from isvclog.kserve.agent.store import BLOB_SCHEMES, known_formats
from isvclog.kserve.apis.constants import PREDICTOR
from isvclog.kserve.golang.time import DURATION
from isvclog.policy.cel import each, record, regex, string_list, text
from isvclog.policy.model import ExportedRule, PolicyTarget

_LOGGER = f"variables.components.filter(l, l.component == {text(PREDICTOR)} && l.declared).map(l, l.logger)"
_EVENTS = (
    "size(variables.loggers) > 0 && size(variables.urls) == size(variables.loggers) && variables.urls.all(s, "
    "size(s.all) == 0 || s.url.exists(u, u.matches('^(?i:https?):')))"
)
_STORES = "size(variables.storing) > 0 && l.hasFolder"
_LARGEST = AGENT_MEMORY_BYTES // (batch_bytes(2) // 2)


def storage_variables() -> dict[str, str]:
    """Write the variable with the predictor's settings, one item or none."""
    settings = record(
        component=text(PREDICTOR),
        hasStorage="has(l.storage)",
        hasFolder="has(l.storage) && has(l.storage.path) && l.storage.path != ''",
        key="has(l.storage) && has(l.storage.key) && l.storage.key != ''",
        parameters="has(l.storage) && has(l.storage.parameters) ? dyn(l.storage.parameters) : dyn({})",
        hasSize="has(l.batchSize)",
        size="has(l.batchSize) ? int(l.batchSize) : 0",
        marshallerUrl="has(l.marshallerUrl) ? [dyn(l.marshallerUrl)] : []",
        batchInterval="has(l.batchInterval) ? [dyn(l.batchInterval)] : []",
    )
    return {"settings": f"{_LOGGER}.map(l, {settings})"}


def storage_rules(target: PolicyTarget) -> Iterator[ExportedRule]:
    """Yield the rules for a target."""
    is_blob = f"l.component in variables.storing && l.url.exists(u, u.matches('^(?:{'|'.join(BLOB_SCHEMES)}):'))"
    no_bucket = f"!l.url.exists(u, u.matches('^(?:{'|'.join(BLOB_SCHEMES)})://[^/?#@]'))"
    yield ExportedRule(
        "blob-url-without-storage",
        each("sinks", f"{is_blob} && !variables.settings.exists(s, s.hasFolder)", "logger.url"),
        "{} is object storage, and the predictor's logger has no `storage` with a `path`: the agent drops every "
        "record. Add `storage`, or write an http:// or https:// URL.",
    )
    yield ExportedRule(
        "missing-bucket",
        each("sinks", f"{is_blob} && variables.settings.exists(s, s.hasFolder) && {no_bucket}", "logger.url"),
        "{} has no bucket: the agent drops every record. Write the bucket after `://`.",
    )
    yield ExportedRule(
        "storage-without-blob-url",
        each("settings", f"{_EVENTS} && l.hasStorage", "logger.storage")
        + " + "
        + each("settings", f"{_EVENTS} && size(l.marshallerUrl) > 0", "logger.marshallerUrl"),
        "{} has no effect: the logger's URL is not object storage, so events are sent instead. Remove it, or write the "
        "bucket into `url`.",
    )
    yield ExportedRule(
        "invalid-batch-interval",
        each(
            "settings",
            f"size(variables.pods) > 0 && l.batchInterval.exists(t, t != '' && !t.matches({regex(DURATION)}))",
            "logger.batchInterval",
        ),
        "{} is not a valid duration: the agent exits at every start. Write a number with a unit, as `30s` or `5m`.",
    )
    yield ExportedRule(
        "endless-batch",
        each(
            "settings",
            f"{_STORES} && l.size > 1 && !l.batchInterval.exists(t, {_positive('t')} || !t.matches({regex(DURATION)}) "
            f"&& t != '')",
            "logger.batchSize",
        ),
        "{} is above 1 without a `batchInterval`: records wait without a time limit, and are lost when the pod stops.",
    )
    yield ExportedRule(
        "oversized-batch",
        each("settings", f"size(variables.pods) > 0 && l.size > {_LARGEST}", "logger.batchSize"),
        "{} makes the agent ask for more memory at start than KServe gives it. Write a smaller number, for example "
        "1000.",
    )
    yield ExportedRule(
        "unused-batch",
        each("settings", "l.hasSize && l.size < 0", "logger.batchSize")
        + " + "
        + each("settings", f"{_EVENTS} && l.size >= 0 && (l.size > 1 || size(l.batchInterval) > 0)", "logger"),
        "The batch settings of {} have no effect: the size is negative, or the URL is not object storage. Remove them.",
    )
    yield ExportedRule(
        "unused-batch-interval",
        each(
            "settings",
            f"{_STORES} && l.size <= 1 && l.batchInterval.exists(t, {_positive('t')})",
            "logger.batchInterval",
        ),
        "{} has no effect without a `batchSize` above 1: each record is written at once.",
    )
    yield from _about_records(target)


def _about_records(target: PolicyTarget) -> Iterator[ExportedRule]:
    formats = string_list(known_formats(target.release))
    written = "'format' in l.parameters && l.parameters['format'] != ''"
    yield ExportedRule(
        "unknown-log-format",
        each(
            "settings",
            f"{_STORES} && {written} && !(l.parameters['format'] in {formats}) && size(l.marshallerUrl.filter(m, m != "
            f"'')) == 0",
            "logger.storage.parameters",
        ),
        "The `format` in {} is not one that KServe supports: write `json`, `csv` or `parquet` where the release has "
        "it.",
    )
    yield ExportedRule(
        "unused-storage-field",
        each(
            "settings",
            f"{_STORES} && (l.key || l.parameters.exists(k, k != 'format' || size(l.marshallerUrl.filter(m, m != '')) "
            f"> 0))",
            "logger.storage",
        ),
        "Some fields of {} have no effect: `format` is the only parameter that KServe reads, and it never reads `key`.",
    )
    other = " || ".join(
        f"(has(l.logger.{name}) && !variables.components.exists(p, p.component == {text(PREDICTOR)} && "
        f"has(p.logger.{name})"
        f" && p.logger.{name} == l.logger.{name}))"
        for name in ("storage", "marshallerUrl", "batchSize", "batchInterval")
    )
    yield ExportedRule(
        "ignored-outside-predictor",
        each("components", f"l.component != {text(PREDICTOR)} && ({other})", "logger"),
        "Storage and batch settings of {} have no effect: KServe reads them only from the predictor's logger.",
    )
    yield ExportedRule(
        "movable-record",
        each(
            "sinks",
            "variables.settings.exists(s, s.hasFolder) && l.url.exists(u, u.matches('^s3://[^/?#]'))",
            "logger.url",
        ),
        "A client can move a record out of the folder of {}, with `..` in the header `Ce-Id`: remove `Ce-Id` from "
        "requests at the gateway.",
    )


def _positive(duration: str) -> str:
    """Write the condition that a text is a duration above zero."""
    return f"({duration}.matches({regex(DURATION)}) && {duration}.matches('^[+]?[^-]*[1-9]'))"
