"""The search for the project file."""

import os

NAME = ".isvclog.yaml"


def find_config(start: str) -> str | None:
    """Find the `.isvclog.yaml` for work in a folder: the nearest one in it or above it; None if there is none.

    The search ends at the root of the repository, the folder that contains `.git`, so that a project means the same in
    every checkout. Outside of a repository, it ends at the home folder or at the root of the file system. Files are
    never combined. A folder with this name is skipped. A broken link is found, because it is a mistake that
    `load_config` reports.
    """
    try:
        folder = os.path.abspath(start)
    except FileNotFoundError:  # the working directory was removed
        return None
    home = os.path.abspath(os.path.expanduser("~"))
    found = None
    while True:
        path = os.path.join(folder, NAME)
        if os.path.lexists(path) and not os.path.isdir(path):
            found = path
        parent = os.path.dirname(folder)
        if found or os.path.lexists(os.path.join(folder, ".git")) or folder in (home, parent):
            return found
        folder = parent
