"""`audit`, once and with `--watch`."""
