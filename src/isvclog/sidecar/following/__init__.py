"""Keeping up with a service while its sidecar runs: changes are noticed, predicted, and applied or refused."""
