"""The parts of an exported policy, the same for all engines: a rule as an expression, and the variables it needs."""

import re
from collections.abc import Iterable, Mapping

from isvclog.kserve.apis.releases import Release
from isvclog.policy.cel import text
from isvclog.records import NamedTuple
from isvclog.rules.policy import Policy

_VARIABLE = re.compile(r"\bvariables\.(\w+)")
_PLACE = "{}"


class PolicyTarget(NamedTuple):
    """The basis of the expressions: a KServe release, and the requirements of the project."""

    release: Release
    policy: Policy = Policy()


class ExportedRule(NamedTuple):
    """A rule of lint as a CEL expression.

    `found` is a list of texts, one for each place that is wrong, ready to be shown; it is empty for a service that is
    right. `message` has `{}` where the first of these is named, and no value of the service.
    """

    rule: str
    found: str
    message: str

    @property
    def variable(self) -> str:
        """The name of the variable with what was found."""
        first, *rest = self.rule.split("-")
        return first + "".join(part.capitalize() for part in rest)

    @property
    def validation(self) -> dict[str, str]:
        """The validation as Kubernetes has it: an expression that is true for a service that is right."""
        return {
            "expression": f"size(variables.{self.variable}) == 0",
            "message": f"{self.message.replace(_PLACE, 'an entry')} [{self.rule}]",
            "messageExpression": self._message_expression(),
        }

    def _message_expression(self) -> str:
        before, place, after = self.message.partition(_PLACE)
        after += f" [{self.rule}]"
        if not place:
            return text(before + after)
        name = f"variables.{self.variable}[0]"
        return " + ".join([*([text(before)] if before else []), name, text(after)])


def needed_variables(wanted: Mapping[str, str], shared: Mapping[str, str]) -> dict[str, str]:
    """Collect the wanted variables and all that they use, directly or through others, behind those that they use."""
    needed: dict[str, str] = {}

    def add(name: str, expression: str) -> None:
        for used in dict.fromkeys(_VARIABLE.findall(expression)):
            if used not in needed and used in shared:
                add(used, shared[used])
        needed[name] = expression

    for name, expression in wanted.items():
        add(name, expression)
    return needed


def rule_variables(rules: Iterable[ExportedRule], shared: Mapping[str, str]) -> dict[str, str]:
    """Collect the variables that rules need."""
    return needed_variables({rule.variable: rule.found for rule in rules}, shared)
