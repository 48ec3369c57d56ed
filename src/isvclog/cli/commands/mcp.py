"""`isvclog mcp`: serves coding agents with findings, previews, explanations and fixes."""

import sys

from isvclog.errors import UsageError


def mcp() -> int:
    """MCP server for coding agents: findings, previews, and fixes as diffs.

    Speaks the Model Context Protocol on standard input and output, so an agent starts it; docs/agents.md says what to
    write into the settings of each. Files are read below the folder in which it is started; none is written, and no
    secret is shown.
    """
    from isvclog.agents.server import AgentServer

    if sys.stdin.isatty():
        raise UsageError("an agent starts this command, and talks to it on standard input; see isvclog mcp --help.")
    AgentServer(sys.stdin.buffer, sys.stdout.buffer).serve()
    return 0
