"""A simulator of KServe's logger: pure functions on plain data that need only the standard library.

The folders are the stages of KServe's own path, and each reads only what earlier stages made. One annotation passes
them in this order:

- `apis`: the manifest, as admission accepts it, and the facts of the installation (ConfigMap, runtimes, release)
- `controller`: the annotations, labels and containers of a component's pod
- `webhook`: the arguments and the environment of the agent that the webhook injects, expanded by the kubelet
- `agent`: the settings in memory after start-up, and what the proxy sees of one request and its response
- `logger`: CloudEvents, or records in blob storage

`prediction` runs all stages up to the running agent, `exchange_result` sends one exchange through it. `golang` is the
Go that all of this is built on. The facts were measured on KServe at commit aaac4e294 (after v0.20.0).
"""
