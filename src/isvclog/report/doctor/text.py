"""The surroundings for people: lines of 80 columns at most, to be pasted into an issue."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from isvclog.doctor.model import Checkup, ClusterCheck, Package, Permission
from isvclog.findings import enumerated
from isvclog.report.color import painter
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.layout import Style, row

_WIDTH = 80
_WRONG = "red"
_NO_CLUSTER = "none is configured. Name a kubeconfig with `--kubeconfig` or in `KUBECONFIG`."


def write(checkup: Checkup, settings: FormatSettings) -> Iterator[str]:
    """Yield the lines."""
    style = Style(painter(settings.color), min(settings.width or _WIDTH, _WIDTH))
    rows = [
        ("isvclog", checkup.version, ""),
        ("Python", checkup.python, ""),
        ("platform", checkup.platform, ""),
        *_packages(checkup.packages),
        ("programs", _programs(checkup), ""),
        ("project", *_project(checkup)),
        *_cluster(checkup.cluster),
    ]
    for label, sentence, look in rows:
        yield from (f"{line}\n" for line in row(label, sentence, style, look))


def _packages(packages: Sequence[Package]) -> Iterator[tuple[str, str, str]]:
    if not packages:
        yield "packages", "unknown, because isvclog is not installed as a package.", ""
    for extra, group in groupby(packages, lambda package: package.extra):
        yield _group(extra, list(group))


def _group(extra: str, packages: Sequence[Package]) -> tuple[str, str, str]:
    """Describe the packages of an extra, or of isvclog itself."""
    label = "extra" if extra else "packages"
    name = f"{extra}: " if extra else ""
    if missing := [package.name for package in packages if not package.version]:
        remedy = f"pip install 'isvclog[{extra}]'" if extra else "install isvclog again"
        return label, f"{name}{enumerated(missing)} not installed: {remedy}.", "" if extra else _WRONG
    return label, f"{name}{', '.join(f'{package.name} {package.version}' for package in packages)}.", ""


def _programs(checkup: Checkup) -> str:
    found = [f"{each.name} {each.version}".rstrip() for each in checkup.programs if each.is_installed]
    missing = [each.name for each in checkup.programs if not each.is_installed]
    sentences = [", ".join(found)] if found else []
    sentences += [f"not installed: {', '.join(missing)}"] if missing else []
    return f"{'; '.join(sentences)}."


def _project(checkup: Checkup) -> tuple[str, str]:
    if checkup.project_error:
        return checkup.project_error, _WRONG
    return (f"{checkup.project} is valid." if checkup.project else "no .isvclog.yaml."), ""


def _cluster(check: ClusterCheck) -> Iterator[tuple[str, str, str]]:
    if check.context:
        files = f", from {', '.join(check.files)}" if check.files else ""
        yield "context", f"{check.context}{files}; namespace {check.namespace}; {check.login}.", ""
    if check.error:
        yield "cluster", check.error, _WRONG
        return
    if not check.was_asked:
        yield "cluster", "not asked." if check.context else _NO_CLUSTER, ""
        return
    if check.kserve is None:
        yield "cluster", "answers, and has no InferenceServices: KServe is not installed.", _WRONG
    else:
        release, origin = check.kserve
        known = f"answers, and runs KServe {release}, {origin}."
        yield "cluster", known if origin else f"answers; which KServe it runs is unknown, and {release} assumed.", ""
    for note in check.notes:
        yield "note", note, ""
    yield from _permissions(check.permissions)


def _permissions(permissions: Sequence[Permission]) -> Iterator[tuple[str, str, str]]:
    """Yield what may be done in one row, and what may not be done in a row for each purpose."""
    if allowed := [each for each in permissions if each.is_allowed]:
        yield "may", f"{'; '.join(_requests(allowed))}.", ""
    yield from _purposes("may not", [each for each in permissions if each.is_allowed is False], _WRONG)
    yield from _purposes("unknown", [each for each in permissions if each.is_allowed is None], "")


def _purposes(label: str, permissions: Sequence[Permission], look: str) -> Iterator[tuple[str, str, str]]:
    for purpose in dict.fromkeys(each.purpose for each in permissions):
        requests = _requests([each for each in permissions if each.purpose == purpose])
        yield label, f"{'; '.join(requests)} ({purpose}).", look


def _requests(permissions: Sequence[Permission]) -> Iterator[str]:
    """Yield the resources with the same verbs, after these verbs."""
    things: dict[str, list[str]] = {}
    for each in permissions:
        name = f" {each.name}" if each.name else ""
        where = f" in {each.namespace}" if each.name and each.namespace else ""
        things.setdefault(f"{each.resource.partition('.')[0]}{name}{where}", []).append(each.verb)
    for verbs in dict.fromkeys(map(tuple, things.values())):
        yield f"{enumerated(verbs)} {enumerated([thing for thing, found in things.items() if tuple(found) == verbs])}"
