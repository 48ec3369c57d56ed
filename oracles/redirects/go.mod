module isvclog/oracles/redirects

go 1.25.5
