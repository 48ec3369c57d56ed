"""The agent's command line: its flags with their types and defaults. Source: cmd/agent/main.go."""

from isvclog.kserve.golang.flag import Flag, by_name

DEFAULT_MARSHALLER_URL = "http://localhost:9083/marshal"

FLAGS = by_name(
    (
        Flag("port", "string", "9081"),
        Flag("component-port", "int", 8080),
        Flag("enable-puller", "bool", False),
        Flag("config-dir", "string", "/mnt/configs"),
        Flag("model-dir", "string", "/mnt/models"),
        Flag("log-url", "string", ""),
        Flag("workers", "int", 5),
        Flag("source-uri", "string", ""),
        Flag("log-mode", "string", "all"),
        Flag("log-store-path", "string", ""),
        Flag("log-store-format", "string", "json"),
        Flag("log-marshaller-url", "string", DEFAULT_MARSHALLER_URL),
        Flag("log-marshaller-port", "string", "9083"),
        Flag("log-batch-size", "int", 1),
        Flag("log-batch-interval", "duration", 0),
        Flag("inference-service", "string", ""),
        Flag("namespace", "string", ""),
        Flag("endpoint", "string", ""),
        Flag("component", "string", ""),
        Flag("metadata-headers", "stringSlice", None),
        Flag("metadata-annotations", "stringSlice", None),
        Flag("enable-batcher", "bool", False),
        Flag("max-batchsize", "string", "32"),
        Flag("max-latency", "string", "5000"),
        Flag("probe-period", "duration", -1),
        Flag("logger-ca-cert-file", "string", "service-ca.crt"),
        Flag("logger-tls-skip-verify", "bool", False),
    )
)
