"""Rules that do not exist, described: what the forms of the documentation are tested with."""

from isvclog.findings import Severity
from isvclog.rules.catalogue import Description, Range

LOST = Description(
    name="lost-annotation",
    severity=Severity.ERROR,
    group="annotations",
    releases=Range("0.15.1", "0.17.1", "0.15.1 to 0.17.1"),
    fix="unsafe",
    security=None,
    summary="An annotation `a|b` that is <b>lost</b> on its way, with a summary that goes on for more than one line.",
    why=(
        "Names like *.example.com, my_name_ and [these](b) are prose & no Markdown; `<this>` and `a*b*c` is code.",
        "It happens in:",
        "- the webhook, which is long enough that the item of the list has to be wrapped on a terminal of 80 columns",
        "- the agent",
        "And then it is gone.",
    ),
    instead="Write `$(NAME)` without the brackets.",
    before="logger:\n  mode: all\n  metadataAnnotations: [a]  # a line that is not wrapped, however long it gets: "
    + "x" * 40
    + "\n",
    after="logger:\n  mode: all\n",
    options="--kserve-version 0.16",
)
LEAK = Description(
    name="a-name-that-is-among-the-longest",
    severity=Severity.WARNING,
    group="annotations",
    releases=Range("", "", "all"),
    fix="",
    security=7.5,
    summary="A leak.",
    why=("It leaks.",),
    instead="Do not leak.",
    before="logger: ```\n",
    after="logger: null\n",
)
OLD = Description(
    name="old",
    severity=Severity.INFO,
    group="releases",
    releases=Range("", "0.14.1", "before 0.15.0"),
    fix="safe",
    security=None,
    summary="Something old.",
    why=("It was so.",),
    instead="Upgrade.",
    before="kind: A\n",
    after="kind: B\n",
)
UNDOCUMENTED = OLD._replace(name="undocumented", why=(), instead="", before="", after="")
"""As Python without docstrings has it."""

GROUPS = {"annotations": (LOST, LEAK), "releases": (OLD, UNDOCUMENTED)}
EVERY = [rule for rules in GROUPS.values() for rule in rules]
