"""Previews: the exchange with each component of an InferenceService, predicted up to its events."""
