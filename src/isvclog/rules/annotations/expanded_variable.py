"""A `$(NAME)` or `$$` that Kubernetes replaces before the agent reads it.

Listed annotations, the sink's URL and the list of headers are arguments of the agent's container. In arguments
Kubernetes (its kubelet) replaces `$(NAME)` with the value of the environment variable `NAME`, and `$$` with `$`. It
also damages a non-ASCII character directly after a `$`. A `$(NAME)` without such a variable stays as it is.

The agent's environment contains the credentials of its storage, so `$(AWS_SECRET_ACCESS_KEY)` leaves the cluster with
every event. In Standard mode it also contains variables for each Service of the namespace. A secret in the URL is
reported as `url-credentials`.

Instead: Write `$$(NAME)` if the event must contain `$(NAME)`, and a single `$` everywhere else.

    # before
    metadata:
      annotations:
        example.com/template: "$(HOST_IP)/score"
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/template]

    # after
    metadata:
      annotations:
        example.com/template: "$$(HOST_IP)/score"
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/template]
"""

from collections.abc import Iterator, Sequence

from isvclog.changes import Replace
from isvclog.diagnosis.lineage import expanded_secrets
from isvclog.findings import Fix, Severity, code
from isvclog.keypath import KeyPath, dotted
from isvclog.kserve.apis.constants import PREDICTOR
from isvclog.kserve.webhook.kubelet import DollarKind, DollarSign, dollars
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule

_ESCAPE = "Write `$$(NAME)` if events must contain `$(NAME)`."

_Problem = tuple[str, str, Severity | None]
"""Message, remedy, and severity if it is not the rule's."""


@rule("expanded-variable", Severity.WARNING, fixes="unsafe")
def expanded_variable(context: LintContext) -> Iterator[Issue]:
    listed = context.release.has("metadataAnnotations")
    for logger in context.loggers:
        for key, value in logger.pairs if listed else ():
            if "$" in value:
                yield from _of_annotation(logger, key, value)
        for path, text in _fields(logger):
            if "$" in text:
                yield from _of_field(logger, path, text)


def _of_annotation(logger: LoggerContext, key: str, value: str) -> Iterator[Issue]:
    path, what, fixed = logger.value_path(key), f"the value of {code(key)}", _fixed(logger, key, value)
    unintended = [dollar for dollar in dollars(value) if not _is_needed(dollar, value)]
    for message, remedy, severity in (*_variables(logger, value, unintended, what), *_changes(unintended, what)):
        fix = Fix(remedy, (Replace(*fixed),), safe=False) if fixed else None
        yield Issue(path, message, remedy, fix, severity, at_key=True)


def _of_field(logger: LoggerContext, path: KeyPath, text: str) -> Iterator[Issue]:
    """Yield an issue about variables in a field other than an annotation.

    In a URL a variable is mostly intended; a secret never should be there. Names of headers stay in the agent.
    """
    what, secrets = code(dotted(path[len(logger.path) :])), expanded_secrets(text)
    names = [dollar.name for dollar in dollars(text) if dollar.name in logger.environment]
    if names and "metadataHeaders" in path:
        yield Issue(path, f"{_replaced(names[0], what)}: no request has such a header.", "Write the name of a header.")
    elif secrets and path != logger.field("url"):  # `url-credentials` reports the URL
        yield Issue(path, _leak(secrets, what), f"Remove {code(f'$({secrets[0]})')}.", severity=Severity.ERROR)
    elif names and not secrets:
        yield Issue(
            path,
            f"{_replaced(names[0], what)}.",
            "Write `$$(NAME)` to keep the text `$(NAME)`.",
            severity=Severity.INFO,
        )


def _variables(logger: LoggerContext, value: str, found: Sequence[DollarSign], what: str) -> Iterator[_Problem]:
    """Yield the worst problem with the variables that the value names."""
    names = [dollar.name for dollar in found if dollar.kind is DollarKind.REFERENCE]
    known = [name for name in names if name in logger.environment]
    if secrets := expanded_secrets(value):
        yield _leak(secrets, what), _ESCAPE, Severity.ERROR
    elif known:
        yield f"{_replaced(known[0], what)}.", _ESCAPE, None
    elif names:
        message = f"Kubernetes replaces {code(f'$({names[0]})')} in {what}, if the agent has such a variable."
        yield message, _ESCAPE, Severity.INFO


def _changes(found: Sequence[DollarSign], what: str) -> Iterator[_Problem]:
    """Yield the other changes that the kubelet makes to the text."""
    kinds = {dollar.kind for dollar in found}
    if DollarKind.ESCAPE in kinds:
        yield f"Kubernetes replaces `$$` in {what} with a single `$`.", "Write a single `$`.", None
    if DollarKind.DAMAGE in kinds:
        yield f"Kubernetes damages the non-ASCII character after a `$` in {what}.", "Write `$$` before it.", None


def _replaced(name: str, what: str) -> str:
    return f"Kubernetes replaces {code(f'$({name})')} in {what} with a variable of the agent"


def _leak(secrets: Sequence[str], what: str) -> str:
    effect = "it leaves the cluster with everything that is logged"
    return f"Kubernetes puts the agent's secret {code(secrets[0])} into {what}: {effect}."


def _is_needed(dollar: DollarSign, value: str) -> bool:
    """Return True if `$$` keeps the kubelet from doing something worse."""
    following = value[dollar.end : dollar.end + 1]
    return dollar.kind is DollarKind.ESCAPE and (following == "(" or not following.isascii())


def _fixed(logger: LoggerContext, key: str, value: str) -> tuple[KeyPath, str] | None:
    """Rewrite a value so that it arrives as this one is written, or for `$$` as it arrives now; None if impossible."""
    path = logger.origin(key)
    pieces, position = [], 0
    for dollar in dollars(value):
        written = value[dollar.start : dollar.end]
        pieces.append(value[position : dollar.start])
        if dollar.kind is not DollarKind.ESCAPE:
            pieces.append(f"${written}")
        else:
            pieces.append(written if _is_needed(dollar, value) else "$")
        position = dollar.end
    fixed = "".join(pieces) + value[position:]
    if path is None or not all(_is_needed(dollar, fixed) for dollar in dollars(fixed)):
        return None
    return path, fixed


def _fields(logger: LoggerContext) -> Iterator[tuple[KeyPath, str]]:
    """Yield the other fields of a logger that become arguments, with their paths."""
    declared = logger.declared
    if declared is None:
        return
    if declared.url is not None:
        yield logger.field("url"), declared.url
    yield from logger.headers() if declared.metadata_headers else ()
    if logger.name != PREDICTOR:
        return
    if declared.marshaller_url is not None:
        yield logger.field("marshallerUrl"), declared.marshaller_url
    if declared.storage is not None and declared.storage.path is not None:
        yield logger.field("storage", "path"), declared.storage.path
