"""The API: what an InferenceService and a runtime may contain, by release."""
