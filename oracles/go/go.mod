module isvclog/oracles/go

go 1.25.5

require (
	github.com/spf13/pflag v1.0.10
	golang.org/x/net v0.55.0
	k8s.io/apimachinery v0.34.5
)

require (
	github.com/fxamacker/cbor/v2 v2.9.0 // indirect
	github.com/gogo/protobuf v1.3.2 // indirect
	github.com/x448/float16 v0.8.4 // indirect
	golang.org/x/text v0.37.0 // indirect
	gopkg.in/inf.v0 v0.9.1 // indirect
	sigs.k8s.io/json v0.0.0-20241014173422-cfa47c3a1cc8 // indirect
)
