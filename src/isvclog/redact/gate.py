"""The gate: what is printed about a manifest or a cluster passes a redaction, whatever the command and the format.

A redaction belongs to one object or one file. It knows the secrets in there and masks each occurrence in any text, in
whichever form; what is left is masked where it looks secret on its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from isvclog.findings import Edit, Finding, Fix, shorten_names
from isvclog.keypath import KeyPath
from isvclog.redact.masks import REDACTED

if TYPE_CHECKING:
    from isvclog.redact.masker import Masker
    from isvclog.redact.places.place import Place

_LIVE = "<cluster>:"
_SENTENCES = frozenset("message because effect remedy problem reason notes note".split())


class Redaction(Protocol):
    """The choice of what people and programs see. Each method returns its argument in the form to show."""

    @property
    def hides(self) -> bool:
        """True if secrets are hidden at all."""

    @property
    def has_hidden(self) -> bool:
        """True if something was hidden so far."""

    @property
    def knows_secrets(self) -> bool:
        """True if the object contains secrets."""

    def hide(self) -> str:
        """Return the placeholder for something that is hidden."""

    def is_part(self, text: str) -> bool:
        """Check whether the text is a part of a known secret, as a separator cuts it out."""

    def value(self, name: str, value: str, *, header: bool = False) -> str:
        """Redact the value of a key, of a field `url`, or with `header` of a request header."""

    def text(self, text: str) -> str:
        """Redact a text from a manifest, a cluster or a program."""

    def sentence(self, text: str) -> str:
        """Redact a sentence of our own, which may quote such a text; then cut the names in it that are long."""

    def data(self, value: Any, name: str = "") -> Any:
        """Redact plain data; `name` is the key whose value it is."""

    def path(self, path: KeyPath) -> KeyPath:
        """Redact each step of a key path, before a JSON pointer disguises the slashes of a URL in it."""

    def finding(self, finding: Finding) -> Finding:
        """Redact a finding."""

    def places(self, line: str) -> "list[Place]":
        """Find what to hide in a line of the file."""


class NoRedaction:
    """A redaction that shows everything unchanged."""

    hides = has_hidden = knows_secrets = False

    def hide(self) -> str:
        """Return the placeholder; nothing asks for it."""
        return REDACTED

    def is_part(self, text: str) -> bool:
        """Return False."""
        return False

    def value(self, name: str, value: str, *, header: bool = False) -> str:
        """Return the value."""
        return value

    def text(self, text: str) -> str:
        """Return the text."""
        return text

    def sentence(self, text: str) -> str:
        """Return the sentence with its names cut."""
        return shorten_names(text)

    def data(self, value: Any, name: str = "") -> Any:
        """Return the data."""
        return value

    def path(self, path: KeyPath) -> KeyPath:
        """Return the path."""
        return path

    def finding(self, finding: Finding) -> Finding:
        """Return the finding with the names in its sentences cut."""
        fix = finding.fix and finding.fix._replace(title=shorten_names(finding.fix.title))
        message, remedy = shorten_names(finding.message), shorten_names(finding.remedy)
        return finding._replace(message=message, remedy=remedy, fix=fix)

    def places(self, line: str) -> "list[Place]":
        """Return no places."""
        return []


class SecretRedaction:
    """A redaction that masks the secrets of some objects and texts, and what looks like a secret.

    `data` are the objects, `texts` of files what may contain others: comments, what cannot be parsed.
    Both are read when something is redacted for the first time.
    """

    hides = True

    def __init__(self, data: Iterable[Any] = (), texts: Iterable[str] = ()) -> None:
        self.has_hidden = False
        self._data, self._texts = data, texts
        self._known: Masker | None = None

    @property
    def _masker(self) -> "Masker":
        if self._known is None:
            # Most runs print nothing about most files, so this is imported and the objects are read when it is needed.
            from isvclog.redact.masker import Masker

            self._known = Masker(self._data, self._texts)
        return self._known

    @property
    def knows_secrets(self) -> bool:
        """True if the object contains secrets."""
        return bool(self._masker.literals.texts)

    def hide(self) -> str:
        """Return the placeholder."""
        self.has_hidden = True
        return REDACTED

    def is_part(self, text: str) -> bool:
        """Check whether the text is a part of a known secret, as a separator cuts it out."""
        return self._masker.literals.contain(text)

    def text(self, text: str) -> str:
        """Mask the known secrets in a text, and what looks like one."""
        return self._masked(text, self._masker.in_text(text))

    def sentence(self, text: str) -> str:
        """Mask secrets in a sentence; words outside of what it quotes name none: `is a secret: it ...`."""
        return shorten_names(self._masked(text, self._masker.in_sentence(text)))

    def value(self, name: str, value: str, *, header: bool = False) -> str:
        """Mask the value of a key, or with `header` of a request header, as a whole if its name is that of a secret."""
        return self._masked(value, self._masker.in_value(name, value, header))

    def data(self, value: Any, name: str = "") -> Any:
        """Mask secrets in plain data, in its keys and values."""
        if isinstance(value, str):
            return self.sentence(value) if name in _SENTENCES else self.value(name, value)
        if isinstance(value, Mapping):
            named = value.get("name")
            return {
                self.text(key) if isinstance(key, str) else key: self.data(
                    member, named if key == "value" and isinstance(named, str) else str(key)
                )
                for key, member in value.items()
            }
        return [self.data(item, name) for item in value] if isinstance(value, list) else value

    def path(self, path: KeyPath) -> KeyPath:
        """Mask secrets in each step of a key path."""
        return tuple(self.text(key) if isinstance(key, str) else key for key in path)

    def finding(self, finding: Finding) -> Finding:
        """Mask secrets in all texts of a finding."""
        file = finding.file
        return finding._replace(
            file=self.text(file) if file.startswith(_LIVE) else file,
            message=self.sentence(finding.message),
            remedy=self.sentence(finding.remedy),
            path=self.path(finding.path),
            object=self.text(finding.object),
            fix=finding.fix and self._fix(finding.fix),
            suppression=finding.suppression
            and finding.suppression._replace(reason=self.text(finding.suppression.reason)),
        )

    def places(self, line: str) -> "list[Place]":
        """Find the known secrets in a text, and what looks like one."""
        return self._masker.in_text(line)

    def _fix(self, fix: Fix) -> Fix:
        """Mask the title and the texts of a fix. It is for printing only: the changes are left out."""
        edits = tuple(self._edit(edit) for edit in fix.edits)
        return fix._replace(title=self.sentence(fix.title), edits=edits, changes=())

    def _edit(self, edit: Edit) -> Edit:
        text = self.text(edit.text)
        return edit._replace(text=text, masked=text != edit.text)

    def _masked(self, text: str, places: "Sequence[Place]") -> str:
        if not places:
            return text
        from isvclog.redact.places.place import without_places

        self.has_hidden = True
        return without_places(text, places)


def redaction_for(reveal: bool, data: Iterable[Any] = (), texts: Iterable[str] = ()) -> Redaction:
    """Choose the redaction of some objects and texts; with `reveal`, everything is shown."""
    return NoRedaction() if reveal else SecretRedaction(data, texts)


def mask_annotations(annotations: Mapping[str, str], gate: Redaction) -> dict[str, str]:
    """Mask annotations as an agent has them: `key=value` may be a fragment of a secret that was split at a comma."""
    masked = {}
    for key, value in annotations.items():
        if gate.is_part(f"{key}={value}"):
            masked[gate.hide()] = gate.hide() if value else value
        else:
            masked[gate.value("", key)] = gate.value(key, value)
    return masked


def contains_secret(name: str, value: Any) -> bool:
    """Check whether something in the value of a key is masked by the gate."""
    from isvclog.redact.masker import has_secret

    return has_secret(name, value)
