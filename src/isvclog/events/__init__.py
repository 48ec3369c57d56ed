"""Facts for consumers of the events: their shape, their amount, and the changes of an upgrade of KServe."""
