"""The controller: the pod of a component, with annotations merged from all their sources."""
