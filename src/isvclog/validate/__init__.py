"""Validation of an InferenceService's logger by the schema of a KServe release, with issues in the user's words.

Everything reported here is certain without knowing the installation. Mistakes that the API accepts and that have an
effect later are for the rules of `lint`. Nothing is imported here, because a preview needs little of it.
"""
