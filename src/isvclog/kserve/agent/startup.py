"""The agent at start-up: flags and environment go in, settings in memory or an exit code come out.

Source: cmd/agent/main.go. The order of the checks is the agent's own, because the first failure decides the exit code:
exec, flags (2), environment and readiness probe (1, 2), logger (255), batcher (1). The words of its messages are the
same in all releases (read in 0.7.0, 0.11.2, 0.12.1 to 0.17.0 and 0.20.0); those about a store exist since 0.16.0.
"""

import json
import re
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from typing import Any

from isvclog.kserve.agent.settings import FLAGS, AgentSettings, BatcherSettings
from isvclog.kserve.agent.store import StoreError, open_store
from isvclog.kserve.apis.constants import LOG_MODES, PROBE_VARIABLE
from isvclog.kserve.apis.releases import NEWEST, Release
from isvclog.kserve.golang import url as gourl
from isvclog.kserve.golang.flag import FlagError, HelpRequested, parse
from isvclog.kserve.golang.strconv import NumberError, parse_int
from isvclog.kserve.golang.strings import to_bytes
from isvclog.kserve.golang.url import URL
from isvclog.records import NamedTuple

# Linux refuses to start a process with a longer argument (MAX_ARG_STRLEN, without the final NUL).
MAX_ARGUMENT_BYTES = 131_071
_SURELY_SHORT = MAX_ARGUMENT_BYTES // 4


# 0.14 took the whole list as one header name (a StringArray, #4248).
_FORMER_FLAGS = {**FLAGS, "metadata-headers": FLAGS["metadata-headers"]._replace(kind="string")}


FLAG_EXIT = 2
"""The agent's exit code if it cannot read the value of a flag."""
LOGGER_EXIT = 255
"""The agent's exit code if the logger cannot start."""


class ExitCause(Enum):
    """One cause that keeps the agent from starting; the value describes it to a person."""

    TOO_LONG = "an argument is too long"
    NUL = "an argument contains a NUL character"
    FLAG = "a flag's value cannot be read"
    PROBE = "the agent needs a readiness probe of kind httpGet or tcpSocket, and gets none"
    MODE = "the mode is unknown"
    URL = "the sink's URL cannot be read"
    SOURCE = "the source URI cannot be read"
    PAIR = "an annotation is not a key=value pair"
    WORKERS = "the number of workers is below zero"
    STORE_FORMAT = "the format of stored records is unknown"
    STORE_SCHEME = "the scheme of the storage URL is not supported"
    STORE_CREDENTIALS = "the agent has no credentials for the storage"
    BATCHER = "maxBatchSize or maxLatency of the batcher is not above zero"


class Startup(NamedTuple):
    """The result of starting the agent.

    `exit` is the exit code, None while the agent runs. `exec_error` is the name of Linux's error if the process cannot
    be started at all (`E2BIG`, `EINVAL`). `message` is what a person finds in the pod's log or events. `settings` is
    None if no logger runs: after an exit, or if the log URL is empty. `batcher` is None if no batcher runs.
    """

    exit: int | None = None
    exec_error: str | None = None
    message: str = ""
    settings: AgentSettings | None = None
    cause: ExitCause | None = None
    port: str = "9081"
    """The port on which the agent listens, as its flag has it."""
    flag: str = ""
    """The flag whose value causes the failure, without dashes; empty if no flag does."""
    batcher: BatcherSettings | None = None

    @property
    def runs(self) -> bool:
        """True if the process started and did not exit."""
        return self.exit is None and self.exec_error is None


_STORE_CAUSES = {
    "format": ExitCause.STORE_FORMAT,
    "scheme": ExitCause.STORE_SCHEME,
    "credentials": ExitCause.STORE_CREDENTIALS,
}


class _Exit(Exception):
    def __init__(self, code: int, message: str, cause: ExitCause | None = None, flag: str = "") -> None:
        super().__init__(message)
        self.startup = Startup(exit=code, message=message, cause=cause, flag=flag)


def start(args: Sequence[str], environment: Mapping[str, str], release: Release = NEWEST) -> Startup:
    """Run the agent's start-up with these arguments and this environment.

    `args` are the arguments after the program's name, as the kubelet has expanded them.
    """
    for before, arg in pairwise(["", *args]):
        if len(arg) <= _SURELY_SHORT and "\0" not in arg:
            continue
        size, flag = len(to_bytes(arg)), before.removeprefix("--")
        if size > MAX_ARGUMENT_BYTES:
            message = f"argument list too long: one argument has {size:,} bytes, Linux allows {MAX_ARGUMENT_BYTES:,}"
            return Startup(exec_error="E2BIG", message=message, cause=ExitCause.TOO_LONG, flag=flag)
        if "\0" in arg:
            message = "invalid argument: a NUL character cannot be passed"
            return Startup(exec_error="EINVAL", message=message, cause=ExitCause.NUL, flag=flag)
    try:
        flags = _parse_flags(args, release)
        _check_environment(environment, release)
        settings = _start_logger(flags, environment, release) if flags["log-url"] else None
        batcher = _start_batcher(flags) if flags["enable-batcher"] else None
    except _Exit as exited:
        return exited.startup
    return Startup(settings=settings, port=flags["port"], batcher=batcher)


def lacks_probe(environment: Mapping[str, str], release: Release = NEWEST) -> Startup | None:
    """Return the start-up failure caused by an unusable readiness probe, or None. Other checks are skipped."""
    try:
        _check_environment(environment, release)
    except _Exit as exited:
        return exited.startup
    return None


def _parse_flags(args: Sequence[str], release: Release) -> dict[str, Any]:
    flags = FLAGS if release.has("several-metadata-headers") else _FORMER_FLAGS
    try:
        values = parse(flags, args).values
    except HelpRequested:
        raise _Exit(0, "Usage of agent:") from None
    except FlagError as error:
        named = re.search(r'for "--([a-z-]+)" flag', str(error))
        raise _Exit(FLAG_EXIT, str(error), ExitCause.FLAG, named[1] if named else "") from None
    if isinstance(values["metadata-headers"], str):
        values["metadata-headers"] = [values["metadata-headers"]]
    return values


def _check_environment(environment: Mapping[str, str], release: Release) -> None:
    probe_json = environment.get(PROBE_VARIABLE)
    if probe_json is None:
        raise _Exit(1, f"required key {PROBE_VARIABLE} missing value", ExitCause.PROBE)
    if not probe_json:
        return
    probe = _decoded(probe_json)
    if probe is None:
        raise _Exit(2, "panic: runtime error: invalid memory address or nil pointer dereference", ExitCause.PROBE)
    if not isinstance(probe, dict) or not (release.has("probe-environment") or {"httpGet", "tcpSocket"} & probe.keys()):
        raise _Exit(1, "Agent failed to parse readiness probe", ExitCause.PROBE)


@lru_cache(maxsize=64)  # services of the same kind have the same probe
def _decoded(probe: str) -> Any:
    try:
        return json.loads(probe)
    except ValueError:
        return False


def _start_logger(flags: Mapping[str, Any], environment: Mapping[str, str], release: Release) -> AgentSettings:
    mode = flags["log-mode"]
    if mode not in LOG_MODES:
        raise _Exit(LOGGER_EXIT, f"Malformed log-mode {mode}", ExitCause.MODE)
    url = _parse_or_exit(flags["log-url"], "log-url", ExitCause.URL)
    source = _parse_or_exit(flags["source-uri"] or f"http://localhost:{flags['port']}/", "source_uri", ExitCause.SOURCE)
    annotations = _parse_pairs(flags["metadata-annotations"] or ())
    try:
        store = open_store(
            flags["log-url"], url, flags["log-store-path"], flags["log-store-format"], environment, release
        )
    except StoreError as error:
        raise _Exit(LOGGER_EXIT, f"Error creating logger store: {error}", _STORE_CAUSES[error.what]) from None
    if flags["workers"] < 0:
        # StartDispatcher (pkg/logger/dispatcher.go) makes a channel of this size.
        raise _Exit(2, "panic: makechan: size out of range", ExitCause.WORKERS, "workers")
    headers = flags["metadata-headers"]
    return AgentSettings(
        url=url,
        mode=mode,
        source=source,
        service=flags["inference-service"],
        namespace=flags["namespace"],
        endpoint=flags["endpoint"],
        component=flags["component"],
        annotations=annotations,
        metadata_headers=None if headers is None else tuple(headers),
        cert_file=flags["logger-ca-cert-file"],
        tls_skip_verify=flags["logger-tls-skip-verify"],
        store=store,
        marshaller_url=flags["log-marshaller-url"],
        batch_size=flags["log-batch-size"],
        batch_interval_ns=flags["log-batch-interval"],
        batcher=flags["enable-batcher"],
        release=release,
        workers=flags["workers"],
    )


def _parse_pairs(items: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for item in items:
        key, equals, value = item.partition("=")
        if not equals:
            message = f"annotation does not adhere to desired format got key: {key} value: {value}"
            raise _Exit(LOGGER_EXIT, message, ExitCause.PAIR, "metadata-annotations")
        pairs[key] = value
    return pairs


def _parse_or_exit(text: str, what: str, cause: ExitCause) -> URL:
    try:
        return gourl.parse(text)
    except gourl.UrlError:
        raise _Exit(LOGGER_EXIT, f"Malformed {what} {text}", cause) from None


def _start_batcher(flags: Mapping[str, Any]) -> BatcherSettings:
    max_size = _positive(flags["max-batchsize"], "max batch size")
    return BatcherSettings(max_size, _positive(flags["max-latency"], "max latency"))


def _positive(text: str, what: str) -> int:
    try:
        number = parse_int(text, base=10)
    except NumberError:
        number = 0
    if number <= 0:
        raise _Exit(1, f"Invalid {what}{text}", ExitCause.BATCHER)
    return number
