module isvclog/oracles/agent

go 1.25.8

require (
	github.com/kserve/kserve v0.20.0
	go.uber.org/zap v1.27.1
	knative.dev/pkg v0.0.0-20260120122510-4a022ed9999a
)

require (
	github.com/go-logr/logr v1.4.3 // indirect
	github.com/gofrs/uuid/v5 v5.3.0 // indirect
	go.uber.org/multierr v1.11.0 // indirect
	golang.org/x/net v0.52.0 // indirect
	golang.org/x/text v0.35.0 // indirect
	k8s.io/apimachinery v0.35.3 // indirect
	k8s.io/klog/v2 v2.130.1 // indirect
	k8s.io/utils v0.0.0-20260108192941-914a6e750570 // indirect
)
