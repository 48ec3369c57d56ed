module isvclog/oracles/secrets

go 1.24
