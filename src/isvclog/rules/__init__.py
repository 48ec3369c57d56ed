"""Rules about loggers that the API accepts and that still go wrong: one file per rule, a LintContext in, issues out."""
