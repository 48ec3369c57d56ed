"""Write what editors and other validators need into `schemas/`.

That is `inferenceservice-<release>.json`, one for each release of KServe and one for `next`, and, for the project file,
`config.schema.json`.
`--check` writes nothing and fails if a file is missing, differs, or belongs to no release.
"""

import json
import sys
from pathlib import Path

from isvclog import config
from isvclog.kserve.apis.releases import ALL_RELEASES, NEXT
from isvclog.kserve.apis.schema import service_schema

FOLDER = Path(__file__).resolve().parent.parent / "schemas"
PREFIX = "inferenceservice-"
CONFIG = "config.schema.json"


def generated() -> dict[Path, str]:
    """The text of each file."""
    services = {
        FOLDER / f"{PREFIX}{release.name}.json": json.dumps(service_schema(release), indent=2, ensure_ascii=False)
        + "\n"
        for release in (*ALL_RELEASES, NEXT)
    }
    return {**services, FOLDER / CONFIG: Path(config.__file__).with_name(CONFIG).read_text(encoding="utf-8")}


def differing(texts: dict[Path, str]) -> list[Path]:
    """The files that are not as they should be."""
    paths = [*FOLDER.glob(f"{PREFIX}*.json"), *FOLDER.glob(CONFIG)]
    found = {path: path.read_text(encoding="utf-8") for path in paths}
    return sorted(path for path in found.keys() | texts.keys() if found.get(path) != texts.get(path))


def main() -> int:
    texts = generated()
    paths = differing(texts)
    if "--check" in sys.argv[1:]:
        for path in paths:
            print(f"{path.relative_to(FOLDER.parent)} is not current: run make generated", file=sys.stderr)
        return 1 if paths else 0
    for path in paths:
        if path in texts:
            path.write_text(texts[path], encoding="utf-8", newline="\n")
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
