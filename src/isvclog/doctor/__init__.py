"""A check of the surroundings: what is installed, which cluster is reached, and what may be read there."""
