"""`isvclog events`: commands for consumers of the events."""
