"""Which commands there are, and how one is loaded only when it runs.

Importing every command to parse `isvclog --help` would cost more than answering it, so the table below holds what the
overview shows and a command's module is imported when its name is looked up.
"""

from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from isvclog import __version__
from isvclog.cli.groups import without_groups

COMMANDS = {
    "preview": "Show the events KServe's logger will send for an InferenceService, or why it will send none.",
    "validate": "Check logger specs against the API of a KServe release.",
    "lint": "Find every way a logger goes wrong, before it is deployed.",
    "add-annotation": "Put annotations on every event, and touch nothing else.",
    "remove-annotation": "Take annotations off every event, and touch nothing else.",
    "audit": "Compare what the loggers of a cluster declare with the agents that run.",
    "rules": "List the rules of lint.",
    "explain": "Explain rules: why it happens, what to do instead, and an example.",
    "schema": "Print the JSON Schema of a KServe release, for editors and other tools.",
}


class _Commands(TyperGroup):
    """The commands of `COMMANDS`, each in the function of its name in the module of its name."""

    # `ctx` is an instance of a class that typer keeps to itself, hence `Any`.

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        identifier = cmd_name.replace("-", "_")
        function = getattr(import_module(f"isvclog.cli.{identifier}"), identifier)
        app = _typer()
        app.command(cmd_name)(without_groups(function))
        return get_command(app)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        self.commands = dict.fromkeys(COMMANDS, self)  # typer suggests a name out of this when there is no such command
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _typer(**settings: Any) -> typer.Typer:
    """A Typer that prints plain text: its rich help and tracebacks cost more to import than all the rest of a start."""
    settings = {"add_completion": False, "rich_markup_mode": None, "pretty_exceptions_enable": False} | settings
    return typer.Typer(**settings)


def _isvclog(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Show and check what KServe's logger will really do with an InferenceService, before it is deployed."""
    if version:
        print(f"isvclog {__version__}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help(), err=True)
        raise typer.Exit(2)


def command_line(completion: bool = True) -> Any:
    """The whole command line as a click group: `make_context(name, args)`, then `invoke(context)` for the exit code.

    `completion` offers to install shell completion; kubectl has its own for plugins, which that would replace.
    """
    app = _typer(cls=_Commands, add_completion=completion, context_settings={"help_option_names": ["-h", "--help"]})
    app.callback(invoke_without_command=True)(_isvclog)
    return get_command(app)
