"""The tables of formats, against the modules there are and what the command line offers."""

import inspect
import pkgutil
import typing
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from isvclog.cli.commands.audit.command import audit
from isvclog.cli.commands.doctor import doctor
from isvclog.cli.commands.events.compare import events_compare
from isvclog.cli.commands.events.estimate import events_estimate
from isvclog.cli.commands.events.schema import events_schema
from isvclog.cli.commands.explain import explain
from isvclog.cli.commands.export_policy import export_policy
from isvclog.cli.commands.preview import DisplayOptions
from isvclog.cli.commands.rules import rules
from isvclog.report.formats import (
    AUDIT,
    AUDIT_CHANGES,
    COMPARISON,
    DOCTOR,
    ESTIMATE,
    EVENT_SCHEMAS,
    EVENTS,
    EVENTS_ONLY,
    FINDINGS,
    NEEDS_DATA,
    POLICIES,
    PREVIEW,
    RULES,
    SIMULATION,
    UPGRADE,
)

TABLES = {
    "findings": FINDINGS,
    "audit": AUDIT,
    "audit_changes": AUDIT_CHANGES,
    "preview": PREVIEW,
    "comparison": COMPARISON,
    "rules": RULES,
    "events": EVENTS,
    "simulation": SIMULATION,
    "event_schemas": EVENT_SCHEMAS,
    "estimate": ESTIMATE,
    "upgrade": UPGRADE,
    "policies": POLICIES,
    "doctor": DOCTOR,
}
UNLISTED = {"findings": {"diff"}}
"""Formats that no `--output` names."""


@pytest.mark.parametrize("kind", TABLES)
def test_every_module_with_a_write_is_a_format(kind: str) -> None:
    package = import_module(f"isvclog.report.{kind}")
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    writing = {name for name in names if hasattr(import_module(f"{package.__name__}.{name}"), "write")}
    assert writing == {*TABLES[kind]} | UNLISTED.get(kind, set())


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in TABLES.items() for name in names])
def test_every_write_has_the_same_shape(kind: str, name: str) -> None:
    write = import_module(f"isvclog.report.{kind}.{name}").write
    assert list(inspect.signature(write).parameters)[1:] == ["settings"]
    assert inspect.isgeneratorfunction(write) or (kind, name) == ("audit", "sarif")


def offered(function: Callable[..., Any]) -> tuple[str, ...]:
    choices, *_ = typing.get_args(inspect.signature(function).parameters["output"].annotation)
    return typing.get_args(choices)


def test_the_command_line_offers_the_formats() -> None:
    assert offered(audit) == AUDIT
    assert offered(events_schema) == EVENT_SCHEMAS
    assert offered(events_estimate) == ESTIMATE
    assert offered(events_compare) == UPGRADE
    assert offered(export_policy) == POLICIES
    assert offered(doctor) == DOCTOR
    assert {*offered(DisplayOptions)} == {*PREVIEW, *COMPARISON}
    assert {*offered(rules)} - {"auto", "text"} | {*offered(explain)} | {"table", "overview"} == {*RULES}
    assert {*PREVIEW} > EVENTS_ONLY
    assert {*FINDINGS} > NEEDS_DATA
