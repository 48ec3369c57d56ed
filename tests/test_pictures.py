"""The pictures of the documentation show what their commands print now, and load nothing from elsewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.svg"))

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pictures are taken in a terminal of Linux")


def test_pictures_show_what_is_printed_now() -> None:
    command = [sys.executable, "-m", "scripts.generate_pictures", "--check"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_a_picture_is_one_file_and_is_used_with_words_for_it(picture: Path) -> None:
    addresses = set(re.findall(r"(?:href|src|url)\W+(\w+://[^\"')]*)", picture.read_text(encoding="utf-8")))
    assert addresses == set()
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    used = re.compile(rf"!\[[^]]+\]\([^)]*pictures/{picture.name}\)")
    assert any(used.search(page.read_text(encoding="utf-8")) for page in pages)
