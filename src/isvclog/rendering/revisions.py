"""Revisions of a git repository: `REV:PATH` names files as they are in one, which are copied to a temporary folder.

The user's own `git` reads them. Commands that read objects run no hooks and no filters, and nothing is fetched.
"""

import errno
import os
import posixpath
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO

from isvclog.errors import IsvclogError, UsageError
from isvclog.manifest.gitignore import FILE, REPOSITORY
from isvclog.manifest.kustomize.nearby import NAMES
from isvclog.records import NamedTuple
from isvclog.rendering.folders import is_below
from isvclog.rendering.processes import find_program, program_output, run_program

MOST_BYTES = 1024 * 1024 * 1024
"""The limit for all files of a revision that are read."""

_MANIFESTS = (".yaml", ".yml", ".json")
_LINK, _MODULE = "120000", "160000"
_MOST_NAME = 1000
_LONGEST_LINK = 4096  # in bytes: no system makes one with a longer target
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BRACES = re.compile(r"\{[^{}]*\}")
_OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}
"""Otherwise git fetches what a partial clone lacks, and runs programs that the repository names to do so. Old versions
of git know only the second variable."""
_ENVIRONMENT = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", **_OFFLINE}
_BLOCK = 1024 * 1024
DEEPEST = 200
"""The limit for folders in folders: the standard library removes a temporary folder by recursion."""


class RevisionPlace(NamedTuple):
    """A file or folder at a revision, as a user names it: `main:deploy`, `HEAD^1:` or `v1.2:./deploy`."""

    revision: str
    path: str

    @property
    def name(self) -> str:
        """The place as it was written."""
        return f"{self.revision}:{self.path}"


class Checkout(NamedTuple):
    """The files of a revision, copied to the folder `root`.

    `path` is the path in the repository that was asked for, empty for all of it; `place` the same below `root`, which
    may not exist. `modules` are the submodules below the path, which have no files here.
    """

    revision: str
    root: str
    path: str
    modules: Sequence[str]

    @property
    def place(self) -> str:
        """The file or folder that was asked for."""
        return self.inside(self.path)

    def inside(self, path: str) -> str:
        """Return where the copy of a path in the repository is."""
        return os.path.join(self.root, *filter(None, path.split("/")))

    def renamed(self, text: str) -> str:
        """Replace the names of copies in a text by `REV:PATH`."""
        return text.replace(os.path.join(self.root, ""), f"{self.revision}:").replace(self.root, f"{self.revision}:")


class _Entry(NamedTuple):
    """A file of a tree. `size` is in bytes, 0 for a submodule."""

    mode: str
    id: str
    size: int
    path: str


def revision_place(text: str) -> RevisionPlace | None:
    """Read `REV:PATH`; None for the name of a file that exists, and without a colon.

    A colon in braces belongs to the revision, as in `HEAD@{10:00}`. Raise UsageError for what is no revision.
    """
    colon = _BRACES.sub(lambda found: "_" * len(found[0]), text).find(":")
    if colon < 0 or os.path.lexists(text):
        return None
    place = RevisionPlace(text[:colon], text[colon + 1 :])
    if not place.revision or place.revision.startswith("-") or len(text) > _MOST_NAME or _CONTROL.search(text):
        raise UsageError(f"{text[:_MOST_NAME]!a} names no revision of git; write REV:PATH, such as main:deploy.")
    return place


@contextmanager
def checked_out(place: RevisionPlace, *, whole: bool = False) -> Iterator[Checkout]:
    """Copy the files of a place to a temporary folder.

    These are the manifests below its path, and the kustomizations and .gitignore files of the revision or, with
    `whole`, all files of the revision. Raise UsageError for an unknown revision, and IsvclogError if git is missing,
    the current folder is in no repository, or the files are too large or too deep in folders.
    """
    git = _git()
    tree = _tree(git, place)
    path = repository_path(place.path, place.name)
    entries = list(_entries(git, tree))
    modules = [entry.path for entry in entries if entry.mode == _MODULE and _is_below(entry.path, path)]
    wanted = entries if whole else _wanted(entries, path)
    with tempfile.TemporaryDirectory(prefix="isvclog-") as folder:
        root = os.path.realpath(folder)
        os.mkdir(os.path.join(root, REPOSITORY))  # so that .gitignore counts, and nothing above is looked at
        _copy(git, wanted, root, place.name)
        yield Checkout(place.revision, root, path, modules)


def repository_path(path: str, name: str = "") -> str:
    """Return the path of a file or folder in its repository; of `./x` and `../x`, from the current folder, as git does.

    `name` is what the user wrote. Raise UsageError for a path outside of the repository.
    """
    if path.startswith(("./", "../")) or path in (".", ".."):
        prefix = run_program([*_git(), "rev-parse", "--show-prefix"], "git rev-parse", _ENVIRONMENT)
        path = posixpath.join(os.fsdecode(prefix).rstrip("\n"), path)
    path = posixpath.normpath(path.rstrip("/")) if path.strip("/") else ""
    if path.startswith(("/", "..")):
        raise UsageError(f"{name!a} is outside of the repository; a path after REV: begins at its root.")
    return "" if path == "." else path


def top_folder() -> str:
    """Return the folder with the files of the current repository. Raise IsvclogError if there is none."""
    shown = run_program([*_git(), "rev-parse", "--show-toplevel"], "git rev-parse", _ENVIRONMENT)
    return os.fsdecode(shown).rstrip("\n")


def _git() -> list[str]:
    return [find_program("git", "install it, or give files and folders to compare.")]


def _tree(git: Sequence[str], place: RevisionPlace) -> str:
    """Return the id of the tree of a revision."""
    try:
        run_program([*git, "rev-parse", "--git-dir"], "git rev-parse", _ENVIRONMENT)
    except IsvclogError as error:
        raise IsvclogError(f"{place.name} cannot be read, the current folder is in no repository: {error}") from None
    command = [*git, "rev-parse", "--verify", "--quiet", f"{place.revision}^{{tree}}"]
    try:
        return run_program(command, "git rev-parse", _ENVIRONMENT).decode("ascii").strip()
    except IsvclogError:
        raise UsageError(
            f"{place.revision!a} is not a revision of this repository; fetch it first, because a CI clone may lack it."
        ) from None


def _entries(git: Sequence[str], tree: str) -> Iterator[_Entry]:
    """Yield the files of a tree; names that no checkout has are left out."""
    listing = run_program([*git, "ls-tree", "-r", "-z", "-l", "--full-tree", tree], "git ls-tree", _ENVIRONMENT)
    for line in listing.split(b"\0"):
        facts, _, name = line.partition(b"\t")
        path = os.fsdecode(name)
        if path and _is_safe(path):
            mode, _, object_id, size = facts.decode("ascii").split()
            yield _Entry(mode, object_id, int(size) if size.isdigit() else 0, path)


def _is_safe(path: str) -> bool:
    """Check whether a path stays below the folder that it is copied to, on every system."""
    parts = path.split("/")
    unsafe = any(part in ("", ".", "..") or part.lower() == REPOSITORY for part in parts)
    return not unsafe and not (os.name == "nt" and re.search(r'[\\:*?"<>|]', path))


def _is_below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def _wanted(entries: Sequence[_Entry], path: str) -> list[_Entry]:
    """List what is read of a path, or of the whole tree if that has links, which may lead anywhere."""
    folder = "" if any(entry.mode == _LINK for entry in entries) else path
    everywhere = (*NAMES, FILE)
    return [
        entry
        for entry in entries
        if posixpath.basename(entry.path) in everywhere
        or (_is_below(entry.path, folder) and (entry.mode == _LINK or entry.path.lower().endswith(_MANIFESTS)))
    ]


def _copy(git: Sequence[str], entries: Sequence[_Entry], root: str, name: str) -> None:
    """Make all folders, then files, then links, so that nothing is written through a link."""
    _check_limits(entries, name)
    try:
        for folder in dict.fromkeys(os.path.dirname(entry.path) for entry in entries):
            os.makedirs(os.path.join(root, folder), exist_ok=True)
        files = [entry for entry in entries if entry.mode not in (_LINK, _MODULE)]
        _read_blobs(git, files, lambda entry, blob: _write(os.path.join(root, entry.path), blob))
    except OSError as error:
        raise IsvclogError(f"{name} cannot be copied to a temporary folder: {error.strerror}.") from None
    _copy_links(git, [entry for entry in entries if entry.mode == _LINK and entry.size < _LONGEST_LINK], root)


def _check_limits(entries: Sequence[_Entry], name: str) -> None:
    if sum(entry.size for entry in entries) > MOST_BYTES:
        raise IsvclogError(f"{name} has more than {MOST_BYTES >> 20} MiB to read; name a folder or a file of it.")
    if any(entry.path.count("/") > DEEPEST for entry in entries):
        raise IsvclogError(f"{name} has files more than {DEEPEST} folders deep; name a folder or a file of it.")


def _read_blobs(git: Sequence[str], entries: Sequence[_Entry], use: Callable[[_Entry, Iterable[bytes]], None]) -> None:
    """Call `use` with the content of each file, in pieces that are all to be read."""
    if not entries:
        return
    ids = "".join(f"{entry.id}\n" for entry in entries).encode("ascii")
    with program_output([*git, "cat-file", "--batch"], "git cat-file", ids, _ENVIRONMENT) as output:
        for entry in entries:
            header = output.readline().split()
            if len(header) != 3:
                raise IsvclogError(f"git cat-file does not have {entry.path!a}; fetch it, the clone may be partial.")
            use(entry, _pieces(output, int(header[2])))
            output.read(1)


def _pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (piece := file.read(min(size, _BLOCK))):
        size -= len(piece)
        yield piece


def _write(path: str, content: Iterable[bytes]) -> None:
    with open(path, "xb") as file:
        file.writelines(content)


def _link(path: str, content: Iterable[bytes]) -> None:
    target = os.fsdecode(b"".join(content))
    with suppress(OSError, ValueError):  # such as a name that a file has
        os.symlink(target, path)


def _copy_links(git: Sequence[str], links: Sequence[_Entry], root: str) -> None:
    """Make links, then remove those that lead out of the repository or in circles: one may do so by way of another."""
    _read_blobs(git, links, lambda entry, blob: _link(os.path.join(root, entry.path), blob))
    for link in (os.path.join(root, entry.path) for entry in links):
        if os.path.islink(link) and _leads_away(link, root):
            os.unlink(link)


def _leads_away(link: str, root: str) -> bool:
    """Check whether a link leads out of a folder, or through more links than the system follows."""
    try:
        os.stat(link)
    except OSError as error:
        if error.errno == errno.ELOOP:  # `realpath` would follow it by recursion
            return True
    return not is_below(os.path.realpath(link), root)
