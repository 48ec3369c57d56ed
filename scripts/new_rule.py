"""Write a new rule of lint with its test, which passes at once and says what to change.

    python -m scripts.new_rule NAME [GROUP]

The rule reports a listed annotation that is called like it, and its fix removes the entry. NAME is the defect in kebab
case, and GROUP a folder of `src/isvclog/rules/`, `annotations` by default. `make new-rule NAME=...` also writes the
generated pages again.
"""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

from isvclog.rules.registry import GROUPS, all_rules
from scripts import ROOT

RULES = ROOT / "src" / "isvclog" / "rules"
TESTS = ROOT / "tests" / "rules"
UNSEEN = ROOT / "src" / "isvclog" / "policy" / "unseen.py"
REASON = re.compile(r'(Unseen\.UNWRITTEN: ")([^"]*)')
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")

MODULE = '''\
"""An annotation `example.com/@NAME@` that `metadataAnnotations` lists.

Write here what KServe does with it, and what happens in the cluster then.

Instead: Write here what to do.

    # before
    metadata:
      annotations:
        example.com/@NAME@: a
        example.com/team: fraud
    spec:
      predictor:
        logger:
          mode: all
          metadataAnnotations: [example.com/@NAME@, example.com/team]

    # after
    metadata:
      annotations:
        example.com/@NAME@: a
        example.com/team: fraud
    spec:
      predictor:
        logger:
          mode: all
          metadataAnnotations: [example.com/team]
"""

from collections.abc import Iterator

from isvclog.changes import Remove
from isvclog.findings import Fix, Severity, code
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule


@rule("@NAME@", Severity.WARNING, since="metadataAnnotations", fixes="safe", applies_to="annotations")
def @FUNCTION@(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        for path, key in logger.annotations():
            if key == "example.com/@NAME@":
                title = f"Remove {code(key)} from the list."
                yield Issue(path, f"{code(key)} does what this rule is about.", title, Fix(title, (Remove(path),)))
'''
MANIFEST = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
  annotations:
    example.com/@NAME@: a
    example.com/team: fraud
spec:
  predictor:
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadataAnnotations:
        - example.com/team
@LISTED@    model:
      modelFormat:
        name: sklearn
"""
STEPS = """\
The rule @NAME@ works. Now make it yours:
  {module}
    the docstring, which is the documentation; severity, releases and subject in @rule; the check
  {tests}
    flagged.yaml and clean.yaml, then UPDATE_EXPECTED=1 make test ARGS='tests/rules -k @NAME@'
  {unseen}
    why no admission policy has it, if there is a better reason; or a check in src/isvclog/policy/checks/
  CHANGELOG.md
    a line under Unreleased; then run make generated, make lint and make test"""


def main() -> int:
    name, group, *_ = (*sys.argv[1:], "", "")
    group = group or "annotations"
    if problem := mistake(name, group):
        print(f"{problem}\nUsage: make new-rule NAME=the-defect [GROUP={'|'.join(GROUPS)}]", file=sys.stderr)
        return 2
    write(name, group)
    return 0


def mistake(name: str, group: str) -> str:
    """Say what is wrong with the arguments; empty if nothing is."""
    if not NAME.fullmatch(name):
        return f"{name!r} is not the name of a rule: write two or more lower-case words, such as duplicate-header."
    if name in all_rules():
        return f"There is a rule {name} already."
    if group not in GROUPS:
        return f"There is no group {group}."
    return ""


def write(name: str, group: str) -> None:
    """Write the module, list it in its group, write its test, and print what to change."""
    module = RULES / group / f"{name.replace('-', '_')}.py"
    tests = TESTS / name
    save(module, filled(MODULE, name))
    save(
        UNSEEN, REASON.sub(lambda found: f"{found[1]}{' '.join([*found[2].split(), name])}", UNSEEN.read_text("utf-8"))
    )
    register(RULES / group / "__init__.py", group, module.stem)
    tests.mkdir(parents=True)
    for file, listed in (("flagged.yaml", f"        - example.com/{name}\n"), ("clean.yaml", "")):
        save(tests / file, filled(MANIFEST.replace("@LISTED@", listed), name))
    save(tests / "expected.txt", findings(tests, name))
    paths = (module, tests, UNSEEN)
    module_name, tests_name, unseen = (path.relative_to(ROOT).as_posix() for path in paths)
    print(filled(STEPS, name).format(module=module_name, tests=f"{tests_name}/", unseen=unseen))


def filled(template: str, name: str) -> str:
    return template.replace("@NAME@", name).replace("@FUNCTION@", name.replace("-", "_"))


def save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def register(package: Path, group: str, function: str) -> None:
    """Import a rule in the package of its group, in alphabetical order, and append it to the tuple `RULES`."""
    text = package.read_text(encoding="utf-8")
    lines = text.splitlines()
    tree = ast.parse(text)
    (rules,) = (node for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "RULES")
    if not isinstance(rules.value, ast.Tuple):
        raise TypeError(f"{package}: RULES is not a tuple")
    names = [*map(ast.unparse, rules.value.elts), function]
    lines[rules.lineno - 1 : rules.end_lineno] = ["RULES = (", *(f"    {name}," for name in names), ")"]
    added = f"from isvclog.rules.{group}.{function} import {function}"
    at = [node.lineno - 1 for node in tree.body if isinstance(node, ast.ImportFrom)]
    later = (line for line in at if lines[line] > added)
    lines.insert(next(later, at[-1] + 1), added)
    save(package, "\n".join(lines) + "\n")


def findings(folder: Path, name: str) -> str:
    """Return what lint prints about `flagged.yaml`, in a new process, which knows the rule."""
    source = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH"))))
    kept = {key: text for key, text in os.environ.items() if key not in ("COLUMNS", "FORCE_COLOR", "GITHUB_ACTIONS")}
    ended = subprocess.run(
        [sys.executable, "-m", "isvclog", "lint", "flagged.yaml", "--select", name, "--no-config", "-o", "text"],
        cwd=folder,
        env=kept | {"PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout + ended.stderr


if __name__ == "__main__":
    sys.exit(main())
