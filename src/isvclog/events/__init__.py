"""What consumers of the events need: their shape, their amount, and what an upgrade of KServe changes in them."""
