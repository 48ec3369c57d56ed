"""One file per output format: findings in, text out."""
