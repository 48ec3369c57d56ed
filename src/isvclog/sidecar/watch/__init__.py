"""Looks at clients and the sink now and then: what takes too long is closed or reported."""
