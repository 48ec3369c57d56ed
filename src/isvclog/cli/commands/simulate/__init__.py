"""`simulate`, once or following its service with `--watch`."""
