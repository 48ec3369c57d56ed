"""Options that commands share, and what the choices on the command line mean."""
