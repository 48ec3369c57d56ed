"""An argument of the agent that KServe never passes.

Policy engines such as Kyverno can add arguments to the container `agent`, for settings that have no field in the API,
for example `--workers`. isvclog then cannot predict from the service alone what the agent does. If the agent does not
know a flag, it does not start.

Instead: Use few such policies. At each upgrade of KServe, check that the agent still knows the flags.

    # before
    containers:
      - name: agent
        args: [--log-url, "http://sink.research.svc.cluster.local", --workers, "20"]

    # after
    containers:
      - name: agent
        args: [--log-url, "http://sink.research.svc.cluster.local"]
"""
