"""Connections to sinks: TCP and TLS, their answers and their errors."""
