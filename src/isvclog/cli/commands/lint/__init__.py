"""`lint` of files and of a cluster."""
