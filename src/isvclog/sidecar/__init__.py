"""The agent for real traffic: it proxies requests to a model and sends their events, as KServe's agent does."""
