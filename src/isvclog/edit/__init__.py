"""Edits of the annotations that loggers add to their events: plan, apply, review.

* `plan_addition` and `plan_removal` read one service and return its `EditPlan`: changes of data, edits of the text and
  notes. Nothing else is touched. What an alias or a merge key shares with other places is written out first, or the
  plan is refused with an EditError.
* `apply_plans` makes the new bytes of a file from the plans of its services, and verifies that nothing else changed.
  Callers write the bytes.
* `review.review_file` plans and applies the edits of a file, lints the services before and after, and says which errors
  block the edit. `live.ServiceEditor` does the same for a service of a cluster, and sends its changes as a JSON patch.
"""

from isvclog.edit.apply import apply_plans
from isvclog.edit.plan import EditAction, EditPlan, PlanNote
from isvclog.edit.planner import plan_addition, plan_removal
from isvclog.edit.service import ALL

__all__ = ["ALL", "EditAction", "EditPlan", "PlanNote", "apply_plans", "plan_addition", "plan_removal"]
