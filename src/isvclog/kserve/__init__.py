"""What KServe does with a logger, as pure functions on plain data (standard library only).

One annotation travels through these modules in this order:

`spec` (what the manifest says) -> `controller` (annotations of the pod) -> `webhook` (arguments of the agent)
-> `kubelet` (expanded arguments) -> `agent` (settings held in memory) -> `exchange` (one request and its response)
-> `events` (CloudEvents) or `blob` (records in object storage).

`admission` (what a manifest says, as `spec`) and `defaults` (what the installation adds) come before it, `layers`,
`runtimes` and `containers` are parts of the controller, `agentconfig` and `environment` of the webhook, `pairs`, `fate`
and `diagnosis` say what became of each name and why.

`prediction` walks the whole path. The facts were measured on KServe at commit aaac4e294 (after v0.20.0).
"""
