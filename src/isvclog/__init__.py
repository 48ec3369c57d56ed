"""Predicts and checks what KServe's logger will really do with an InferenceService."""

__version__ = "0.1.0"
