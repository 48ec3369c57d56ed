"""Rules about names that say what is secret or personal; words inside of a word, as in `myApiKey`, are not found."""

from collections.abc import Collection, Iterator

from isvclog.kserve.apis import constants as c
from isvclog.policy.cel import first_items, glob, regex, string_list, text
from isvclog.policy.model import ExportedRule, PolicyTarget
from isvclog.redact.headers import CARRYING_HEADERS
from isvclog.redact.known import KNOWN_ANNOTATIONS, REFERRING_DOMAINS
from isvclog.redact.wordlists import ABOUT, MEASURES, OF_MODELS, PERSONAL, SECRET, SWITCHES

_HARMLESS = rf"(?i)^\s*(?:{'|'.join(sorted(SWITCHES))}|[0-9][0-9.,]{{0,12}})?\s*$"
"""Values that are no secrets: switches and short numbers."""
_START, _END = "(?i)(?:^|[^A-Za-z])", "(?:[^A-Za-z]|$)"


def sensitive_rules(target: PolicyTarget) -> Iterator[ExportedRule]:
    """Yield the rules for a target."""
    known = string_list(sorted(CARRYING_HEADERS))
    header = f"{_says('i', SECRET)} || {_says('i', PERSONAL)} || {_says('i', ('signature',))}"
    yield ExportedRule(
        "sensitive-header",
        first_items("headers", f"(i.lowerAscii() in {known} || {header}) && {_is_not_allowed('i', target)}"),
        "{} carries credentials or reveals who sent the request: it leaves the cluster with every event. Do not "
        "list it.",
    )
    own = f"!i.startsWith({text(c.INTERNAL)}) && i != {text(c.LAST_APPLIED)} && {_is_not_allowed('i', target)}"
    name = "i.substring(i.lastIndexOf('/') + 1)"
    domains = "|".join(domain.replace(".", "[.]") for domain in REFERRING_DOMAINS)
    reference = regex(f"^checksum/|(?i)^(?:[^/]*[.])?(?:{domains})/[^/]*secrets?$")
    is_secret = f"{_says(name, SECRET)} && !i.matches({reference}) && !{_value('i')}.matches({regex(_HARMLESS)})"
    yield ExportedRule(
        "sensitive-annotation-key",
        first_items("listed", f"{own} && ({_is_known('i')} || ({is_secret}))"),
        "{} looks secret by its name, and its value leaves the cluster with every event. Do not list it.",
    )
    yield ExportedRule(
        "personal-annotation",
        first_items("listed", f"{own} && {_says(name, PERSONAL)}"),
        "{} is about a person, judging by its name: its value leaves the cluster with every event. Do not list it.",
    )


def _is_known(key: str) -> str:
    """Write the condition that an annotation is one of other programs that reveals secrets or identities."""
    exact = [known for known in KNOWN_ANNOTATIONS if known[-1] not in "/-"]
    beginnings = [f"{key}.startsWith({text(known)})" for known in KNOWN_ANNOTATIONS if known[-1] in "/-"]
    return f"({key} in {string_list(exact)} || {' || '.join(beginnings)})"


def _says(name: str, phrases: Collection[str]) -> str:
    """Write the condition that a name has one of the phrases, and no word that makes it harmless.

    A name that ends in a phrase about persons is about them, whatever the last word is: `first-name`.
    """
    words = "|".join(sorted(phrase.replace(" ", "[-_.]?") for phrase in phrases))
    about, counted = ("|".join(sorted(each)) for each in (ABOUT, (MEASURES - {"number", "num"}) | OF_MODELS))
    identifier = "(?:token|key|credential)s?[^A-Za-z]ids?[^A-Za-z]*$"
    harmless = f"{_START}(?:(?:{about})[^A-Za-z]*$|(?:{counted}){_END}|{identifier})"
    ending = f" || {name}.matches({regex(f'{_START}(?:{words})[^A-Za-z]*$')})" if phrases is PERSONAL else ""
    has = f"{name}.matches({regex(f'{_START}(?:{words}){_END}')})"
    return f"(({has} && !{name}.matches({regex(harmless)})){ending})"


def _value(key: str) -> str:
    """Write the value of a listed annotation; one that is missing may have any."""
    return f"({key} in l.own ? l.own[{key}] : {key} in variables.annotations ? variables.annotations[{key}] : 'x')"


def _is_not_allowed(name: str, target: PolicyTarget) -> str:
    """Write the condition that the project does not call a name harmless."""
    allowed = target.policy.sensitive_allowed
    return f"!{string_list(allowed)}.exists(p, {name}.matches({glob('p')}))" if allowed else "true"
