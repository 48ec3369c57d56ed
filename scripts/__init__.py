"""What maintainers run, each as `python -m scripts.NAME` in the root of the repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
