"""Find the positions of secrets in a text."""
