"""The fix that removes a name from a list of the logger."""

from isvclog.changes import Remove
from isvclog.findings import Fix, code
from isvclog.keypath import KeyPath
from isvclog.rules.context import LoggerContext


def removal_fix(logger: LoggerContext, path: KeyPath, name: str) -> Fix | None:
    """Build the unsafe fix that removes an entry; None if `path` is no entry of that name, or the only one in its list.

    The list keeps at least one entry.
    """
    listed = logger.context.value(path[:-1])
    if not isinstance(listed, list) or len(listed) < 2 or logger.context.value(path) != name:
        return None
    return Fix(f"Remove {code(name)} from the list.", (Remove(path),), safe=False)
