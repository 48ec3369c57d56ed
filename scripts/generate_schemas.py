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
from scripts import ROOT
from scripts.generated import save_generated

FOLDER = ROOT / "schemas"
PREFIX = "inferenceservice-"
CONFIG = "config.schema.json"


def generated() -> dict[Path, str | None]:
    """Return the text of each file, and None for one that belongs to no release."""
    texts: dict[Path, str | None] = dict.fromkeys(FOLDER.glob(f"{PREFIX}*.json"))
    for release in (*ALL_RELEASES, NEXT):
        schema = json.dumps(service_schema(release), indent=2, ensure_ascii=False)
        texts[FOLDER / f"{PREFIX}{release.name}.json"] = f"{schema}\n"
    texts[FOLDER / CONFIG] = Path(config.__file__).with_name(CONFIG).read_text(encoding="utf-8")
    return texts


if __name__ == "__main__":
    sys.exit(save_generated(generated()))
