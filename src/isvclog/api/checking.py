"""`check`: the findings of `isvclog lint` about objects and texts that are in memory."""

from collections.abc import Collection
from typing import Any, cast

from isvclog.api.inputs import GivenText, given_texts
from isvclog.api.results import ServiceFinding, TextPlace
from isvclog.api.settings import Settings
from isvclog.errors import InputError, IsvclogError, UsageError
from isvclog.findings import Finding
from isvclog.keypath import pointer
from isvclog.rules.names import known_rules


def check_sources(
    obj: Any, settings: Settings, select: Collection[str] | None, ignore: Collection[str]
) -> list[ServiceFinding]:
    """Check everything in `obj`. Raises as `isvclog.api.check`."""
    from isvclog.config.selection import select_names
    from isvclog.lint.engine import select_rules
    from isvclog.lint.linter import Linter

    texts = list(given_texts(obj))
    selected, ignored = None if select is None else _names("select", select), _names("ignore", ignore)
    if selected == []:
        raise UsageError("select names no rule; leave it out to select all.")
    found: list[ServiceFinding] = []
    services = 0
    with settings.reading() as (config, installation):
        rules = select_rules(installation, config.policy, select_names(selected, ignored, config))
        linter = Linter(rules, config)
        for text, result in zip(texts, linter.source_results([text.source for text in texts]), strict=True):
            if result.failure:
                raise IsvclogError(result.failure)
            services += result.services
            shown = result.shown(settings.reveal)
            found += (_converted(finding, text) for finding in shown.findings)
    if not (services or found):
        raise no_service(texts)
    return found


def no_service(texts: Collection[GivenText]) -> InputError:
    """Build the error for objects among which there is no InferenceService."""
    what = "there is no object" if not texts else "there is no InferenceService"
    return InputError(f"{what} in what was given: `kind` and `apiVersion` must be those of one.")


def _names(option: str, names: Collection[str]) -> list[str]:
    try:
        return known_rules([names] if isinstance(names, str) else names)
    except UsageError as error:
        raise UsageError(f"{option}: {error}") from None


def _converted(finding: Finding, text: GivenText) -> ServiceFinding:
    span, fix = finding.span, finding.fix
    place = TextPlace(finding.file, *span, finding.document) if text.is_written and span.exists else None
    return ServiceFinding(
        severity=cast(Any, str(finding.severity)),
        rule=finding.rule,
        message=finding.message,
        remedy=finding.remedy,
        object=finding.object,
        path=finding.path,
        pointer=pointer(finding.path),
        place=place,
        fix=fix.title if fix else "",
        fix_is_safe=fix is not None and fix.safe,
    )
