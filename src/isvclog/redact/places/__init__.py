"""Where the secrets of a text are."""
