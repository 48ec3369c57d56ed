"""Words for a change: what becomes of a name, and values that are shortened where they do not differ."""

from isvclog.report.comparison.shown import ChangeKind, ShownChange, ShownFact

MOST_CHARACTERS = 120
"""The characters of a value that are shown."""
_BEFORE = 20
"""The characters that are shown before the first one that differs."""


def change_sentence(change: ShownChange) -> str:
    """Say how a value changes in the event."""
    new = change.new
    message = new.message if new and (new.value is not None or not new.arrives) else ""
    text = masked_sentence(change) if change.is_masked else _value_sentence(change)
    return "; ".join(filter(None, (text or ("" if message else "it did not arrive"), message)))


def _value_sentence(change: ShownChange) -> str:
    """Say which value appears, ends or changes; empty for a name that does not arrive in any state."""
    old, new = change.old, change.new
    if change.change is ChangeKind.REMOVED:
        return f"it was {quoted(old)}" if old and old.value is not None else "a client could send it"
    if change.change is ChangeKind.ADDED:
        return short_value(new.words) if new else ""
    if change.change is ChangeKind.CHANGED and old and new:
        return " becomes ".join(changed_values(old, new))
    return ""


def masked_sentence(change: ShownChange) -> str:
    """Say that a value changes which is hidden in both states."""
    return f"{change.new.words if change.new else ''} hides the difference"


def status_word(change: ShownChange) -> str:
    """Return the word for what happens to a name: a status of preview where it is listed and does not arrive."""
    lost = change.new is not None and change.change in (ChangeKind.REMOVED, ChangeKind.LISTED)
    return change.new.status if lost and change.new and change.new.status else change.change.value


def short_value(value: str) -> str:
    """Shorten a value at its end."""
    return value if len(value) <= MOST_CHARACTERS else f"{value[:MOST_CHARACTERS]}…"


def quoted(fact: ShownFact | None) -> str:
    """Quote the value of a fact; what is said instead of a value has no quotes."""
    if fact is None or fact.value is None:
        return fact.words if fact else ""
    return f"'{short_value(fact.value)}'"


def changed_values(old: ShownFact, new: ShownFact) -> tuple[str, str]:
    """Quote two different values; of long ones, the part around the first difference is shown."""
    if old.value is None or new.value is None:
        return quoted(old), quoted(new)
    start = _start(old.value, new.value)
    return f"'{shown_part(old.value, start)}'", f"'{shown_part(new.value, start)}'"


def shown_part(value: str, start: int) -> str:
    """Cut a value to what is shown of it from an index on."""
    end = start + MOST_CHARACTERS
    return f"{'…' if start else ''}{value[start:end]}{'…' if end < len(value) else ''}"


def _start(old: str, new: str) -> int:
    """Return the index from which both are shown: 0 unless the difference would be cut off."""
    pairs = enumerate(zip(old, new, strict=False))
    first = next((at for at, (one, two) in pairs if one != two), min(len(old), len(new)))
    return 0 if first < MOST_CHARACTERS - _BEFORE else first - _BEFORE
