"""`isvclog events`: what consumers of the events need."""
