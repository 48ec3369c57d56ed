"""Inputs made small while they still fail in the same way, and written to a folder."""

import hashlib
import json
import re
import shlex
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .cases import Case, Failure, Json, to_json
from .grammar import places

Fails = Callable[[Case], bool]


class _Budget:
    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.end


def reduce(case: Case, failure: Failure, fails: Fails, seconds: float) -> Case:
    """Remove as much of an input as can be removed in some seconds without losing the failure."""
    budget = _Budget(seconds)
    case = _fewer_steps(case, failure, fails)
    for secret in case.secrets:
        case = _if(case, case._replace(secrets=tuple(each for each in case.secrets if each is not secret)), fails)
    for name in list(case.files)[1:]:
        case = _if(case, case._replace(files={key: value for key, value in case.files.items() if key != name}), fails)
    for _ in range(3):
        before = case.size
        case = _fewer_objects(case, fails, budget) if case.is_live else _less_text(case, fails, budget)
        if case.size == before or budget.is_over:
            break
    return case


def _if(case: Case, smaller: Case, fails: Fails) -> Case:
    return smaller if fails(smaller) else case


def _fewer_steps(case: Case, failure: Failure, fails: Fails) -> Case:
    step = case.steps[failure.step]
    if step.edit in ("", "before-fix", "edit", "remove", "live"):
        case = _if(case, case._replace(steps=(step,)), fails)
    for index in range(len(case.steps)):
        for position in reversed(range(1, len(case.steps[index].arguments))):
            case = _without_option(case, index, position, fails)
    return case


def _without_option(case: Case, index: int, position: int, fails: Fails) -> Case:
    """Leave out an option, and first of all the value behind it."""
    step = case.steps[index]
    if position >= len(step.arguments) or not step.arguments[position].startswith("--"):
        return case
    for count in (2, 1):
        behind = step.arguments[position + 1 : position + count]
        if not any(each.startswith("-") or each == "FILE" for each in behind):
            smaller = step._replace(arguments=step.arguments[:position] + step.arguments[position + count :])
            candidate = case._replace(steps=(*case.steps[:index], smaller, *case.steps[index + 1 :]))
            if fails(candidate):
                return candidate
    return case


def _less_text(case: Case, fails: Fails, budget: _Budget) -> Case:
    def with_text(data: bytes) -> Case:
        return case._replace(files={**case.files, case.manifest: data})

    data = case.files[case.manifest]
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        pass
    else:
        smaller = _less_data(value, lambda each: fails(with_text(json.dumps(each).encode())), budget)
        candidate = with_text(json.dumps(smaller, indent=1).encode())
        return candidate if fails(candidate) else with_text(json.dumps(smaller).encode()) if smaller != value else case
    for pattern in (rb"(?<=\n)", rb"(?<=[ ,\n])", rb""):
        parts = re.split(pattern, data)
        if len(parts) <= 3000:
            data = b"".join(_fewer(parts, lambda each: fails(with_text(b"".join(each))), budget))
    return with_text(data)


def _fewer(parts: list[Any], fails: Callable[[list[Any]], bool], budget: _Budget) -> list[Any]:
    """Remove runs of parts: long ones first, then shorter ones."""
    size = max(1, len(parts) // 2)
    while not budget.is_over:
        at = 0
        while at < len(parts) and not budget.is_over:
            smaller = parts[:at] + parts[at + size :]
            if fails(smaller):
                parts = smaller
            else:
                at += size
        if size == 1:
            break
        size //= 2
    return parts


def _fewer_objects(case: Case, fails: Fails, budget: _Budget) -> Case:
    objects = _fewer(list(case.objects), lambda each: fails(case._replace(objects=tuple(each))), budget)
    case = case._replace(objects=tuple(objects))
    for smaller in (case._replace(answers=()), case._replace(warnings=())):
        case = _if(case, smaller, fails)
    for index in range(len(objects)):

        def with_object(data: Json, index: int = index, case: Case = case) -> Case:
            return case._replace(objects=(*case.objects[:index], data, *case.objects[index + 1 :]))

        case = with_object(_less_data(case.objects[index], lambda each, make=with_object: fails(make(each)), budget))  # type: ignore[misc]
    return case


def _less_data(data: Json, fails: Callable[[Json], bool], budget: _Budget) -> Json:
    """Remove keys and items, the outer ones first."""
    while not budget.is_over:
        found = _first((_without(data, path) for path in list(_paths(data))), fails, budget)
        if not found:
            break
        data = found[0]
    return data


def _first(candidates: Iterator[Json], fails: Callable[[Json], bool], budget: _Budget) -> list[Json]:
    for each in candidates:
        if budget.is_over:
            break
        if fails(each):
            return [each]
    return []


def _paths(data: Json) -> Iterator[tuple[Json, ...]]:
    waiting: list[tuple[tuple[Json, ...], Json]] = [((), data)]
    while waiting:
        path, value = waiting.pop(0)
        if path:
            yield path
        for container, key in places(value) if isinstance(value, dict | list) else ():
            if container is value:
                waiting.append(((*path, key), value[key]))


def _without(data: Json, path: tuple[Json, ...]) -> Json:
    if isinstance(data, dict):
        if len(path) == 1:
            return {key: value for key, value in data.items() if key != path[0]}
        return {key: _without(value, path[1:]) if key == path[0] else value for key, value in data.items()}
    if isinstance(data, list):
        if len(path) == 1:
            return data[: path[0]] + data[path[0] + 1 :]
        return [_without(value, path[1:]) if index == path[0] else value for index, value in enumerate(data)]
    return None


def store(folder: Path, case: Case, failure: Failure, count: int) -> Path:
    """Write an input with its commands, so that a person can try it; returns the folder."""
    slug = re.sub("[^a-z0-9]+", "-", failure.kind.lower()).strip("-")[:70]
    place = folder / f"{slug}-{hashlib.sha256(failure.kind.encode('utf-8', 'replace')).hexdigest()[:6]}"
    place.mkdir(parents=True, exist_ok=True)
    for name, content in case.files.items():
        (place / name).write_bytes(content)
    if case.is_live:
        (place / "cluster.json").write_text(json.dumps(case.objects, indent=1), encoding="utf-8")
    lines = [
        shlex.join(["isvclog", *(case.manifest if argument == "FILE" else argument for argument in step.arguments)])
        for step in case.steps
    ]
    lines = [
        line + (f" < {shlex.quote(case.manifest)}" if step.use_stdin else "")
        for line, step in zip(lines, case.steps, strict=True)
    ]
    commands = "\n".join(lines) + "\n"
    (place / "commands.txt").write_text(commands, encoding="utf-8", errors="backslashreplace")
    where = f"{count} inputs, the smallest is number {case.number} ({case.origin})"
    found = f"{failure.kind}\n{where}\n\n{failure.detail}\n"
    (place / "found.txt").write_text(found, encoding="utf-8", errors="backslashreplace")
    (place / "case.json").write_text(json.dumps(to_json(case)), encoding="utf-8")
    return place
