"""Checks of InferenceServices: validation and rules on one object, on files, and what is done about findings."""
