"""A simulator of KServe's logger: pure functions on plain data that need only the standard library.

One annotation passes these stages, in this order:

manifest -> annotations of the pod (controller) -> arguments of the agent (webhook) -> expanded arguments (kubelet)
-> settings in memory (agent) -> one request and its response (exchange)
-> CloudEvents (events), or records in object storage (blob storage).

Admission reads the manifest, and the facts of the installation (ConfigMap, runtimes, release) add to it before the
first stage. Layers, runtimes and containers belong to the controller, the agent's configuration and environment to the
webhook. The statuses and the diagnosis say what happened to each name, and why.

`prediction` runs all stages up to the running agent. The facts were measured on KServe at commit aaac4e294 (after
v0.20.0).
"""
