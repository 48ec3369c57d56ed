"""`isvclog simulate`: an agent as it would start, between a model and a sink, and its end."""
