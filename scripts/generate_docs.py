"""Write `docs/rules.md` from the docstrings of the rules.

`--check` writes nothing and fails if the page differs.
"""

import sys
from pathlib import Path

from isvclog.report.rules.markdown import rules_page
from isvclog.rules.catalogue import about, groups

PAGE = Path(__file__).resolve().parent.parent / "docs" / "rules.md"


def main() -> int:
    described = groups()
    text = rules_page(described, {group: about(group) for group in described})
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{PAGE.relative_to(PAGE.parent.parent)} is not current: run make generated", file=sys.stderr)
        return 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
