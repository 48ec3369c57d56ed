"""`add-annotation` and `remove-annotation`."""
