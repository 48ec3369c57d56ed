"""Write `docs/rules.md` from the docstrings of the rules, and `docs/exported-rules.md` from those that are exported.

`--check` writes nothing and fails if a page differs.
"""

import sys
from pathlib import Path

from isvclog.report.policies.page import exported_rules_page
from isvclog.report.rules.markdown import rules_page
from isvclog.rules.catalogue import about, groups

DOCS = Path(__file__).resolve().parent.parent / "docs"


def main() -> int:
    described = groups()
    pages = {
        "rules.md": rules_page(described, {group: about(group) for group in described}),
        "exported-rules.md": exported_rules_page(),
    }
    return max([_write(DOCS / name, text) for name, text in pages.items()])


def _write(page: Path, text: str) -> int:
    if page.exists() and page.read_text(encoding="utf-8") == text:
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{page.relative_to(page.parent.parent)} is not current: run make generated", file=sys.stderr)
        return 1
    page.parent.mkdir(exist_ok=True)
    page.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
