"""Expectations of events, from manifests and from documents of fields and patterns."""
