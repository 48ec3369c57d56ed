"""The fix that removes a name from a list of the logger."""

from isvclog.changes import Remove
from isvclog.findings import Fix, code
from isvclog.keypath import KeyPath
from isvclog.rules.context import LoggerContext


def removal(logger: LoggerContext, path: KeyPath, name: str) -> Fix | None:
    """Build the unsafe fix that removes an entry.

    The result is None if it is not an entry of its own, or the only one of its list.
    """
    listed = logger.context.value(path[:-1])
    if not isinstance(listed, list) or len(listed) < 2 or logger.context.value(path) != name:
        return None
    return Fix(f"Remove {code(name)} from the list.", (Remove(path),), safe=False)
