"""The limits that keep the code easy to read: names, folders, complexity, docstrings and the length of the README.

A limit may be lowered, but not raised without a reason in the commit.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest
from radon.complexity import cc_visit_ast

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "isvclog"

SHARED_NAMES = {"write", "predict"}
"""Names that several modules may use: a report format is a module with a function `write`, and `isvclog.api` names its
functions for people who do not know the code."""
OWN_NAMESPACE = PurePosixPath("kserve/golang")
"""A folder that may use any names: they are those of Go."""
MOST_TWINS = 35
"""How many names a class and a function may share that differ only in their spelling, such as `Rule` and `rule`."""

MOST_MODULES = 20
"""Modules in one folder, `__init__.py` not counted."""
LARGE_FOLDERS = {PurePosixPath("kserve/golang"), PurePosixPath("cluster")}
"""Folders that may have more modules, as those of groups of rules may: a module for each rule."""

MOST_COMPLEX = 15
"""The cyclomatic complexity of a function."""
COMPLEX = 10
MOST_COMPLEX_FUNCTIONS = 52
"""How many functions may have a complexity above `COMPLEX`."""

LEAST_VERBS = 0.60
"""The share of docstrings of functions that begin with a verb."""
MOST_RETURNS = 1 / 3
"""The share of those that begin with `Return`."""
RIDDLES = {"How", "What", "When", "Where", "Whether", "Which", "Who", "Why"}
"""Words that no docstring of a function or class begins with."""
MOST_UNDOCUMENTED = 0.05
"""The share of public names without a docstring."""

MOST_README_LINES = 200

VERBS = frozenset(
    """
    Accept Adapt Add Adjust Align Allow Answer Append Apply Arrange Ask Assemble Assert Assign Attach Audit
    Begin Bind Break Build Cache Calculate Call Cancel Capture Change Check Choose Classify Clean Clear Close Collapse
    Collect Combine Compare Compile Complete Compose Compress Compute Confirm Connect Consume Convert Copy Correct
    Count Create Cut Debug Decide Declare Decode Decompress Deduplicate Define Delay Delete Deliver Deny Derive
    Describe Detach Detect Determine Diagnose Diff Disable Discard Discover Dispatch Display Divide Download Drop
    Dump Edit Emit Empty Enable Encode End Ensure Enter Enumerate Escape Estimate Evaluate Examine Exclude Execute
    Exit Expand Explain Export Expose Extend Extract Fail Fetch Fill Filter Find Finish Fix Flatten Flush Fold Follow
    Forget Format Forward Gather Generate Get Give Group Guess Handle Hash Hide Highlight Identify Ignore Import
    Include Indent Index Infer Inform Initialize Inject Insert Inspect Install Interpret Invoke Iterate Join Keep
    Learn Leave Limit Link Lint List Listen Load Locate Lock Log Look Lower Make Map Mark Mask Match Measure Merge
    Mirror Modify Move Name Normalize Note Notify Observe Obtain Offer Omit Open Order Overwrite Pad Pair Parse Pass
    Patch Pause Percent-decode Percent-encode Perform Pick Place Plan Poll Populate Predict Prefer Prefix Prepare
    Preserve Preview Print Process Produce Project Propagate Propose Prove Provide Prune Push Put Query Quote Raise
    Rank Read Rebuild Recognize Record Recover Redact Redirect Reduce Refresh Refuse Register Reject Release Reload
    Remember Remove Rename Render Reorder Repair Repeat Replace Report Represent Request Require Reset Resolve
    Respond Restore Resume Retain Retry Return Reveal Reverse Review Rewrite Round Run Sanitize Save Scan Schedule
    Search Select Send Separate Serialize Serve Set Settle Share Shorten Show Shrink Simulate Skip Sort Split Start
    State Stop Store Stream Strip Submit Subtract Suggest Sum Summarize Suppress Swap Sync Tag Take Tell Terminate
    Test Tokenize Track Transform Translate Traverse Treat Trim Truncate Try Turn Undo Unescape Uninstall Unite
    Unpack Unquote Unshare Unwrap Update Upgrade Upload Use Validate Verify View Visit Wait Walk Warn Watch Weigh
    Wrap Write Yield
    """.split()
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Module(NamedTuple):
    """A parsed module; `path` is relative to the package."""

    path: PurePosixPath
    tree: ast.Module

    def place(self, node: Function | ast.ClassDef) -> str:
        """Return the place of a definition, as tools show it."""
        return f"{self.path}:{node.lineno}: {node.name}"


@cache
def modules() -> list[Module]:
    """Parse all modules of the package."""
    return [
        Module(PurePosixPath(path.relative_to(SOURCE).as_posix()), ast.parse(path.read_bytes()))
        for path in sorted(SOURCE.rglob("*.py"))
    ]


def definitions(body: list[ast.stmt]) -> Iterator[Function | ast.ClassDef]:
    """Yield the functions and classes of a body, also those behind a condition."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef):
            yield node
        elif isinstance(node, ast.If | ast.Try):
            yield from definitions([child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)])


def functions(module: Module) -> Iterator[Function]:
    """Yield all functions of a module: methods and functions inside of others, too."""
    return (node for node in ast.walk(module.tree) if isinstance(node, Function))


def decorators(node: Function) -> set[str]:
    """Return the names of the decorators, without what they are called with."""
    names = [decorator.func if isinstance(decorator, ast.Call) else decorator for decorator in node.decorator_list]
    return {ast.unparse(name).rpartition(".")[2] for name in names}


def is_property(node: Function) -> bool:
    return not decorators(node).isdisjoint(("cached_property", "property", "setter"))


def first_word(node: Function | ast.ClassDef) -> str:
    """Return the first word of the docstring, or an empty text."""
    words = (ast.get_docstring(node) or "").split(maxsplit=1)
    return words[0].rstrip(".,:;") if words else ""


def allow(most: float, offenders: list[str], what: str) -> None:
    """Fail with a list of the offenders if there are more than allowed."""
    if len(offenders) > most:
        pytest.fail("\n  ".join([f"{len(offenders)} {what}:", *sorted(offenders)]), pytrace=False)


def named() -> Iterator[tuple[Module, Function | ast.ClassDef, str]]:
    """Yield the public functions and classes whose names are to be unique: module, definition and kind."""
    for module in modules():
        for node in definitions(module.tree.body):
            if not (module.path.is_relative_to(OWN_NAMESPACE) or node.name.startswith("_")):
                yield module, node, "class" if isinstance(node, ast.ClassDef) else "function"


def public_names(module: Module) -> Iterator[tuple[Function | ast.ClassDef, bool]]:
    """Yield public functions, classes and methods, and whether each has a docstring.

    The check of a rule is documented by its module, which is what `isvclog explain` shows.
    """
    for node in definitions(module.tree.body):
        if node.name.startswith("_"):
            continue
        is_rule = isinstance(node, Function) and "rule" in decorators(node) and ast.get_docstring(module.tree)
        yield node, bool(is_rule or ast.get_docstring(node))
        if isinstance(node, ast.ClassDef):
            for method in definitions(node.body):
                if not method.name.startswith("_"):
                    yield method, bool(ast.get_docstring(method))


def test_public_names_are_unique() -> None:
    places: dict[str, dict[PurePosixPath, str]] = {}
    for module, node, kind in named():
        places.setdefault(node.name, {})[module.path] = f"{kind} in {module.path}:{node.lineno}"
    shared = [
        f"{name}: {', '.join(found.values())}"
        for name, found in places.items()
        if len(found) > 1 and name not in SHARED_NAMES
    ]
    allow(0, shared, "public names are defined more than once")


def test_few_functions_are_called_like_a_class() -> None:
    twins: dict[str, dict[str, str]] = {}
    for module, node, kind in named():
        spelling = node.name.replace("_", "").lower()
        twins.setdefault(spelling, {})[kind] = f"{kind} {node.name} in {module.path}:{node.lineno}"
    both = [", ".join(sorted(found.values())) for found in twins.values() if len(found) > 1]
    allow(MOST_TWINS, both, f"functions are called like a class; {MOST_TWINS} may")


def test_folders_are_small() -> None:
    counts: dict[PurePosixPath, int] = {}
    for module in modules():
        if module.path.name != "__init__.py":
            counts[module.path.parent] = counts.get(module.path.parent, 0) + 1
    large = [
        f"{folder}: {count} modules"
        for folder, count in counts.items()
        if count > MOST_MODULES and folder not in LARGE_FOLDERS and folder.parent != PurePosixPath("rules")
    ]
    allow(0, large, f"folders have more than {MOST_MODULES} modules")


@pytest.mark.parametrize(("limit", "most"), [(MOST_COMPLEX, 0), (COMPLEX, MOST_COMPLEX_FUNCTIONS)])
def test_functions_are_simple(limit: int, most: int) -> None:
    complexities = {
        module.place(node): cc_visit_ast(node)[0].complexity for module in modules() for node in functions(module)
    }
    above = [f"{place}: {complexity}" for place, complexity in complexities.items() if complexity > limit]
    allow(most, above, f"functions have a complexity above {limit}; {most} may")


def test_docstrings_of_functions_begin_with_a_verb() -> None:
    documented = {
        module.place(node): word
        for module in modules()
        for node in functions(module)
        if not is_property(node) and (word := first_word(node))
    }
    others = [f"{place}: {word}" for place, word in documented.items() if word not in VERBS]
    most = (1 - LEAST_VERBS) * len(documented)
    allow(
        most, others, f"of {len(documented)} docstrings of functions begin with no verb out of `VERBS`; {most:.0f} may"
    )


def test_few_docstrings_begin_with_return() -> None:
    words = [
        (first_word(node), module.place(node))
        for module in modules()
        for node in functions(module)
        if not is_property(node) and first_word(node) in VERBS
    ]
    returns = [place for word, place in words if word == "Return"]
    most = MOST_RETURNS * len(words)
    allow(most, returns, f"of {len(words)} docstrings that begin with a verb begin with Return; {most:.0f} may")


def test_no_docstring_begins_as_a_riddle() -> None:
    riddles = [
        f"{module.place(node)}: {word}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, Function | ast.ClassDef) and (word := first_word(node)) in RIDDLES
    ]
    allow(0, riddles, f"docstrings begin with one of {', '.join(sorted(RIDDLES))}")


def test_public_names_are_documented() -> None:
    documented = {
        module.place(node): has_docstring for module in modules() for node, has_docstring in public_names(module)
    }
    without = [place for place, has_docstring in documented.items() if not has_docstring]
    most = MOST_UNDOCUMENTED * len(documented)
    allow(most, without, f"of {len(documented)} public names have no docstring; {most:.0f} may")


def test_the_readme_is_short() -> None:
    count = len((ROOT / "README.md").read_text(encoding="utf-8").splitlines())
    assert count <= MOST_README_LINES, f"README.md has {count} lines, more than {MOST_README_LINES}"
