"""Whatever a listed annotation holds: what goes wrong on the predicted path is told, and nothing else is an error."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from services import manifest

from isvclog.diagnosis.lineage import KeyStatus, Status, annotation_statuses
from isvclog.findings import Severity, code
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.webhook.kubelet import DollarKind, dollars
from isvclog.rules.annotations import RULES
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.policy import Policy
from isvclog.rules.rule import Issue, Rule

KEYS = ["a", "b", "c", "example.com/d", "autoscaling.knative.dev/max-scale"]
VALUES = st.text('ab=,"\n\r $()é%4\x7f', max_size=12) | st.sampled_from(
    ["$(HOST_IP)", "$(HF_TOKEN),b=", "x\0", ',a="', '"c=1\n', "x,b=1", "x,z=1", 'x,"b=', "$(SERVING_READINESS_PROBE)"]
)
ANNOTATIONS = st.dictionaries(st.sampled_from(KEYS), VALUES)
ENTRIES = st.sampled_from([*KEYS, "A", " a", "b ", "a,b", "", "modelFormat", "no-such", "a b", "x=y"])


class Found:
    """What the rules about annotations say of a manifest with one logger."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.logger: LoggerContext
        context = LintContext(data, Installation(), Policy())
        (self.logger,) = context.loggers
        self.issues: list[tuple[Rule, Issue]] = [
            (rule, issue) for rule in RULES if rule.check for issue in rule.check(context)
        ]

    def at_least(self, severity: Severity) -> list[Issue]:
        return [issue for rule, issue in self.issues if (issue.severity or rule.severity) >= severity]

    def is_reported(self, entry: KeyStatus) -> bool:
        """Return True if anything is reported at the annotation or the one that causes its status, or with its name."""
        logger = self.logger
        names = [name for name in (entry.name, entry.caused_by) if name or name == entry.name]
        places = {path for name in names for path in (logger.value_path(name), logger.entry(name))}
        return any(
            issue.path in places or code(entry.name) in issue.message for issue in self.at_least(Severity.WARNING)
        )


def escaped_on_purpose(entry: KeyStatus) -> bool:
    """`$$(NAME)` is how one writes a `$(NAME)` that shall arrive."""
    written = entry.sources[-1][1] if entry.sources else ""
    found = list(dollars(written))
    following = [written[dollar.end : dollar.end + 1] for dollar in found if dollar.kind is DollarKind.ESCAPE]
    kept = len(following) == len(found) and all(char == "(" or not char.isascii() for char in following)
    return entry.status is Status.ALTERED and bool(found) and kept and entry.value == written.replace("$$", "$")


@given(ANNOTATIONS, ANNOTATIONS, st.lists(ENTRIES, max_size=6))
def test_whatever_goes_wrong_is_told(
    annotations: dict[str, str], of_the_predictor: dict[str, str], listed: list[str]
) -> None:
    found = Found(manifest(annotations, {"metadataAnnotations": listed}, {"annotations": of_the_predictor}))
    startup = found.logger.prediction.startup
    assert startup is not None
    if not startup.runs:
        assert startup.flag == "metadata-annotations" or startup.exit == 255
        assert found.at_least(Severity.ERROR)
    wrong = (Status.ALTERED, Status.INJECTED, Status.FILTERED, Status.MISSING, Status.LOST, Status.OVERRIDDEN)
    for entry in annotation_statuses(found.logger.prediction) if startup.runs else ():
        if entry.status in wrong and not escaped_on_purpose(entry):
            assert found.is_reported(entry), entry


@given(st.dictionaries(st.sampled_from(KEYS[:4]), st.text("abc123=;:/ '{}.-_\t", max_size=20)), st.data())
def test_nothing_is_said_of_what_arrives_as_written(annotations: dict[str, str], data: st.DataObject) -> None:
    listed = data.draw(st.permutations(list(annotations)))
    found = Found(manifest(annotations, {"metadataAnnotations": listed}))
    assert all(entry.status is Status.CARRIED for entry in annotation_statuses(found.logger.prediction))
    assert not found.issues


@given(st.dictionaries(st.sampled_from(KEYS[:4]), VALUES, min_size=1))
def test_an_error_is_one(annotations: dict[str, str]) -> None:
    """Where the agent holds exactly what was listed, nothing is an error but what cannot be sent."""
    found = Found(manifest(annotations, {"metadataAnnotations": list(annotations)}))
    settings = found.logger.prediction.settings
    if settings is not None and dict(settings.annotations) == annotations:
        errors = [issue for issue in found.at_least(Severity.ERROR) if "DEL" not in issue.message]
        assert not errors
