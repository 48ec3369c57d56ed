"""The table of commands; a command is imported only when it runs.

To import every command would take longer than to answer `isvclog --help`. So the table below has the text of the
overview, and the module of a command is imported when its name is looked up.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from inspect import Parameter, signature
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from isvclog import __version__
from isvclog.records import NamedTuple


class Command(NamedTuple):
    """A command: its module below `isvclog.cli.commands`, and its line in the overview."""

    module: str
    summary: str


COMMANDS = {
    "preview": Command(
        "preview", "Show the events KServe's logger will send for an InferenceService, or why it will send none."
    ),
    "validate": Command("validate", "Check logger specs against the API of a KServe release; lint checks more."),
    "lint": Command("lint.command", "Find every way a logger goes wrong, before it is deployed."),
    "server": Command("server", "Language server: findings, fixes and previews in your editor."),
    "mcp": Command("mcp", "MCP server for coding agents: findings, previews, and fixes as diffs."),
    "add-annotation": Command("edit.add", "Add annotations to every event, and change nothing else."),
    "remove-annotation": Command("edit.remove", "Remove annotations from every event, and change nothing else."),
    "audit": Command(
        "audit.command", "Compare the loggers that services declare with the logging agents in their pods."
    ),
    "export-policy": Command("export_policy", "Write rules of lint as admission policies for clusters."),
    "simulate": Command("simulate.command", "Run KServe's logger on this machine, between a model and a sink."),
    "sink": Command(
        "sink", "Receive CloudEvents, show them, and say precisely what is wrong with those that are invalid."
    ),
    "replay": Command("replay", "Send recorded events again, as KServe's agent would."),
    "events": Command(
        "events", "Describe the events for their consumers: schema, amount, and what an upgrade of KServe changes."
    ),
    "rules": Command("rules", "List the rules of lint."),
    "explain": Command("explain", "Explain a rule or a symptom: why it happens, and what to do instead."),
    "schema": Command("schema", "Print the JSON Schema of a KServe release, for editors and other tools."),
    "doctor": Command(
        "doctor", "Show what an issue needs: what is installed, which cluster is reached, and what may be read there."
    ),
}

GROUPED: Mapping[str, Mapping[str, Command]] = {
    "events": {
        "schema": Command("events.schema", "Print the schema of the events that loggers send, for their consumers."),
        "estimate": Command(
            "events.estimate",
            "Estimate how many events there will be, how large they are, and whether the agent keeps up.",
        ),
        "compare": Command(
            "events.compare", "Show what an upgrade of KServe changes in the arguments, events and records of services."
        ),
    },
}
"""The commands of commands that are groups."""


class _Command(TyperCommand):
    """A command whose help has headings and examples."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments and options."""
        from isvclog.cli.help import write_options

        write_options(self, ctx, formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the examples."""
        from isvclog.cli.help import write_examples

        write_examples(str(self.name), formatter)


class _Commands(TyperGroup):
    """A group with the commands of a table; each is the function of its name, behind that of its group."""

    table: Mapping[str, Command] = COMMANDS

    # `ctx` is an instance of a class that typer keeps to itself, hence `Any`.

    def list_commands(self, ctx: Any) -> list[str]:
        """List the names of the commands in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import and build the command with this name, or return None if there is none."""
        if cmd_name not in self.table:
            return None
        if cmd_name in GROUPED and self.table is COMMANDS:
            return _build_group(cmd_name)
        module = import_module(f"isvclog.cli.commands.{self.table[cmd_name].module}")
        full_name = self.full_name(cmd_name)
        function = getattr(module, full_name.replace("-", "_").replace(" ", "_"))
        app = _typer()
        app.command(full_name, cls=_Command)(without_groups(function))
        return get_command(app)

    def full_name(self, cmd_name: str) -> str:
        """Return the name of a command behind that of its group."""
        return cmd_name

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Resolve the command in `args`. Raises an error that suggests a similar name if there is no such command."""
        self.commands = dict.fromkeys(
            self.table, self
        )  # typer suggests a name out of this when there is no such command
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the overview of the commands from the table, without importing them."""
        from isvclog.cli.help import write_commands

        write_commands({name: command.summary for name, command in self.table.items()}, formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the examples."""
        from isvclog.cli.help import write_examples

        write_examples("isvclog", formatter)


class _Subcommands(_Commands):
    """A group that is a command itself."""

    def full_name(self, cmd_name: str) -> str:
        """Return the name of a command behind that of its group."""
        return f"{self.name} {cmd_name}"

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the commands and the options."""
        from isvclog.cli.help import write_list, write_options

        write_list("Commands", {name: command.summary for name, command in self.table.items()}, formatter)
        write_options(self, ctx, formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the examples."""
        from isvclog.cli.help import write_examples

        write_examples(str(self.name), formatter)


def _build_group(name: str) -> Any:
    """Build a group of commands. Without a command it prints its help, and fails."""

    def show_help(ctx: typer.Context) -> None:
        if ctx.invoked_subcommand is None:
            typer.echo(ctx.get_help(), err=True)
            raise typer.Exit(2)

    app = _typer(cls=_Subcommands, name=name, help=COMMANDS[name].summary)
    app.callback(invoke_without_command=True)(show_help)
    group: Any = get_command(app)
    group.table = GROUPED[name]
    return group


def _typer(**settings: Any) -> typer.Typer:
    """Create a Typer that prints plain text.

    Its rich help and tracebacks take longer to import than everything else at start-up.
    """
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
    """Build the whole command line as a click group.

    Call `make_context(name, args)`, then `invoke(context)`, which returns the exit code. `completion` adds the options
    that install shell completion. kubectl has its own completion for plugins, which these options would replace.
    """
    app = _typer(cls=_Commands, add_completion=completion, context_settings={"help_option_names": ["-h", "--help"]})
    app.callback(invoke_without_command=True)(_isvclog)
    return get_command(app)


def without_groups(command: Callable[..., int]) -> Callable[..., int]:
    """Wrap the command in a function that has, in place of each group, a parameter for each option of the group."""

    def flat(**values: Any) -> int:
        code: int = _call(command, values)
        return code

    flat.__signature__ = signature(command).replace(parameters=list(_options(command)))  # type: ignore[attr-defined]
    flat.__doc__ = command.__doc__
    return flat


def _options(function: Callable[..., Any]) -> Iterator[Parameter]:
    for parameter in signature(function).parameters.values():
        if _is_group(parameter.annotation):
            yield from _options(parameter.annotation)
        else:
            yield parameter.replace(kind=Parameter.KEYWORD_ONLY)


def _call(function: Callable[..., Any], values: Mapping[str, Any]) -> Any:
    parameters = signature(function).parameters.items()
    return function(
        **{
            name: _call(each.annotation, values) if _is_group(each.annotation) else values[name]
            for name, each in parameters
        }
    )


def _is_group(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, tuple)
