"""An argument of the agent that KServe never passes.

Policy engines such as Kyverno can add arguments to the container `agent`, for what the API has no field: `--workers`,
for example. isvclog then cannot tell what the agent does from the service alone. A flag that the agent does not know
keeps it from starting.

Instead: Keep such policies few, and see with each upgrade of KServe that the agent still knows the flags.

    # before
    containers:
      - name: agent
        args: [--log-url, "http://sink.research.svc.cluster.local", --workers, "20"]

    # after
    containers:
      - name: agent
        args: [--log-url, "http://sink.research.svc.cluster.local"]
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

foreign_argument = documented("foreign-argument", Severity.INFO, __name__)
