"""A sink for CloudEvents: it checks them against the specification, pairs, compares, records and forwards them."""
