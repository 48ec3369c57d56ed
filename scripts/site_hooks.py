"""Hooks of MkDocs, see `mkdocs.yml`: pages link to files of the repository, as they do on GitHub.

CONTRIBUTING.md and the schemas of documents become part of the site. Links to other files lead to the repository; as
long as its address is not known, their text is no link.
"""

import os
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

from isvclog import home

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PUBLISHED = {
    ROOT / "CONTRIBUTING.md": "contributing.md",
    **{path: f"schemas/{path.name}" for path in (ROOT / "schemas").glob("*.schema.json")},
}
"""Files outside `docs/`, and where they are in the site."""

CODE_OR_LINK = re.compile(r"^```.*?^```$|`+[^`\n]+`+|\[((?:[^][]|\[[^]]*\])*)\]\(([^)\s]+)\)", re.M | re.S)


def on_config(config: Any) -> Any:
    config.site_url = home.published(f"{home.SITE}/") or ""
    if repository := home.published(home.REPOSITORY):
        # Not as `repo_url`: then pages would ask an API for the number of stars.
        config.copyright += f' · <a href="{repository}">{repository}</a>'
    return config


def on_files(files: Files, config: Any) -> Files:
    for path, name in PUBLISHED.items():
        files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Rewrite links that are another file in the site, and bars in code, which GitHub wants escaped in tables."""
    source = Path(page.file.abs_src_path)
    here = os.path.dirname(page.file.src_uri)

    def rewritten(match: re.Match[str]) -> str:
        text, target = match.groups()
        if target is None:
            return match[0] if match[0].startswith("```") else match[0].replace("\\|", "|")
        if re.match(r"[a-z][a-z0-9+.-]*:|#", target):
            return match[0]
        path, _, anchor = target.partition("#")
        file = (source.parent / path).resolve()
        if name := PUBLISHED.get(file) or (file.relative_to(DOCS).as_posix() if file.is_relative_to(DOCS) else None):
            address: str | None = os.path.relpath(name, here or ".")
        else:
            address = home.source_address(file.relative_to(ROOT).as_posix())
        return f"[{text}]({address}{'#' * bool(anchor)}{anchor})" if address else text

    return CODE_OR_LINK.sub(rewritten, markdown)
