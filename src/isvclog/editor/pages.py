"""Files that an editor can open: the documentation of rules, and previews. They are removed when the server ends."""

import os
import re
import shutil
import tempfile
from pathlib import Path

from isvclog import home
from isvclog.redact.gate import redaction_for
from isvclog.report.rules.markdown import rule_section
from isvclog.rules.catalogue import describe_rule

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 80
_MOST_PREVIEWS = 50


class Pages:
    """A folder of the system's temporary files that only this user can read.

    `documentation` is the address of a page with a section for each rule. It replaces that of the project's site, which
    replaces the files about rules.
    """

    def __init__(self) -> None:
        self.documentation = ""
        self._folder: str | None = None
        self._rules: dict[str, str] = {}
        self._previews: dict[str, None] = {}

    def rule(self, name: str) -> str | None:
        """Return the address of a rule's documentation, or None if there is none."""
        if self.documentation:
            return f"{self.documentation}#{name}"
        if name not in self._rules:
            description = describe_rule(name)
            if description is None:
                return None
            self._rules[name] = home.rule_address(name) or self._write(f"{name}.md", rule_section(description))
        return self._rules[name]

    def preview(self, label: str, text: str) -> str:
        """Write a preview, whose secrets are masked, and return its address. The oldest of many are removed."""
        name = _UNSAFE.sub("-", redaction_for(False).text(label))[:_LONGEST_NAME].strip("-.") or "preview"
        file = f"{name}.preview.txt"
        self._previews.pop(file, None)
        while len(self._previews) >= _MOST_PREVIEWS and self._folder:
            oldest = next(iter(self._previews))
            del self._previews[oldest]
            Path(self._folder, oldest).unlink(missing_ok=True)
        self._previews[file] = None
        return self._write(file, text)

    def close(self) -> None:
        """Remove the folder."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
            self._rules.clear()
            self._previews.clear()

    def _write(self, file: str, text: str) -> str:
        if self._folder is None:
            self._folder = tempfile.mkdtemp(prefix="isvclog-")
        path = Path(self._folder, file)
        path.write_text(text, encoding="utf-8", errors="replace")
        os.chmod(path, 0o600)
        return path.as_uri()
